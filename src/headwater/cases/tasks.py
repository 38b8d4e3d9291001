"""Recurring work on cases."""

from contextlib import suppress

from headwater.cases import acts, queries
from headwater.cases.errors import TransitionRefused
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.registry import Payload, job


@job("cases.sweep_breaches", every_seconds=30)
def sweep_breaches(payload: Payload) -> None:
    """Writes down every promise that broke since the last turn."""
    now = utc_now()
    for case_id in queries.cases_with_broken_promises(now):
        acts.settle_clocks(case_id, actor=Actor.system(), at=now)


@job("cases.wake_snoozed", every_seconds=30)
def wake_snoozed(payload: Payload) -> None:
    """Brings snoozed cases back when their time has come."""
    for case_id in queries.cases_to_wake(utc_now()):
        # A colleague may have taken it back a moment ago, which is just as good.
        with suppress(TransitionRefused):
            acts.take_back(queries.case_for_system(case_id), actor=Actor.system())
