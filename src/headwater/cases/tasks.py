"""Recurring work on cases."""

from contextlib import suppress

from headwater.cases import acts, queries
from headwater.cases.automation import acts as automation
from headwater.cases.errors import TransitionRefused
from headwater.cases.handling import bulk, telling
from headwater.cases.routing import acts as routing
from headwater.cases.sla import acts as sla
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.registry import Payload, job


@job("cases.sweep_breaches", every_seconds=30)
def sweep_breaches(payload: Payload) -> None:
    """Writes down every promise that broke since the last turn."""
    now = utc_now()
    for case_id in queries.cases_with_broken_promises(now):
        acts.settle_clocks(case_id, actor=Actor.system(), at=now)


@job("cases.warn_of_breaches", every_seconds=30)
def warn_of_breaches(payload: Payload) -> None:
    """Notes every promise that will break soon, once."""
    now = utc_now()
    for clock in queries.clocks_to_warn_of(now):
        sla.warn_of(clock, actor=Actor.system(), at=now)


@job("cases.answer_for_breach")
def answer_for_breach(payload: Payload) -> None:
    """Does what the policy wants done with a case whose promise was broken."""
    sla.answer_for_breach(
        payload["case_id"], payload["target"], payload["cycle"], actor=Actor.system()
    )


@job("cases.route")
def route(payload: Payload) -> None:
    """Places a case as the routing rules say."""
    routing.route_case(payload["case_id"], actor=Actor.system())


@job("cases.give_out", every_seconds=60)
def give_out(payload: Payload) -> None:
    """Gives waiting cases to whoever can take one by now."""
    routing.give_out(actor=Actor.system())


@job("cases.automate")
def automate(payload: Payload) -> None:
    """Runs the automations that wait for an event."""
    automation.hear(payload["event_id"])


@job("cases.automate_lasting", every_seconds=300)
def automate_lasting(payload: Payload) -> None:
    """Runs the automations that wait for a state to last."""
    automation.look_at_lasting()


@job("cases.wake_snoozed", every_seconds=30)
def wake_snoozed(payload: Payload) -> None:
    """Brings snoozed cases back when their time has come."""
    for case_id in queries.cases_to_wake(utc_now()):
        # A colleague may have taken it back a moment ago, which is just as good.
        with suppress(TransitionRefused):
            acts.take_back(queries.case_for_system(case_id), actor=Actor.system())


@job("cases.mail_news", every_seconds=60)
def mail_news(payload: Payload) -> None:
    """Mails agents what happened in cases that they follow."""
    telling.mail_news(utc_now())


@job("cases.bulk_piece")
def bulk_piece(payload: Payload) -> None:
    """Changes the next cases of a bulk act."""
    bulk.run_piece(payload["bulk_id"])


@job("cases.bulk_undo_piece")
def bulk_undo_piece(payload: Payload) -> None:
    """Restores the next cases of a bulk act."""
    bulk.undo_piece(payload["bulk_id"])
