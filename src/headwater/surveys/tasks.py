"""Recurring work on surveys."""

from datetime import timedelta

from django.conf import settings

from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue
from headwater.kit.jobs.registry import Payload, job
from headwater.surveys import acts, queries

# What was solved longer ago is past asking, for example when surveys were off.
_TOO_LATE = timedelta(days=7)
_AT_ONCE = 200


@job("surveys.look", every_seconds=60)
def look(payload: Payload) -> None:
    """Finds cases that have been solved for long enough."""
    if not settings.HEADWATER_SURVEYS:
        return
    until = utc_now() - timedelta(hours=settings.HEADWATER_SURVEY_DELAY_HOURS)
    for case_id in queries.undecided(until - _TOO_LATE, until, _AT_ONCE):
        enqueue("surveys.offer", {"case_id": case_id}, dedupe=f"survey:{case_id}")


@job("surveys.offer")
def offer(payload: Payload) -> None:
    """Asks about one case, or writes down why not."""
    acts.decide(payload["case_id"], actor=Actor.system())
