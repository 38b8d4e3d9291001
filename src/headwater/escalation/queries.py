"""Every read of escalations."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.cases.queries import ids_of, standing_for, visible_cases
from headwater.diagnosis.models import ProblemCase
from headwater.escalation import rules
from headwater.escalation.errors import EscalationRefused, TrackerSettings
from headwater.escalation.models import (
    Escalation,
    EscalationComment,
    TrackerDelivery,
    TrackerPause,
)
from headwater.escalation.trackers import Tracker, TrackerSetup, tracker_of
from headwater.escalation.trackers.setup import read_trackers

# With a hook that works, reading on our own only catches what a hook lost.
_WITH_HOOK = timedelta(hours=1)
_MOST = 200


def trackers() -> dict[str, TrackerSetup]:
    """The trackers of the file that the settings name. Raises TrackerSettings."""
    return read_trackers(str(settings.HEADWATER_TRACKERS))


def tracker_for_team(team: str) -> TrackerSetup | None:
    """The tracker that a team works in, if it has one that we know."""
    return next((each for each in trackers().values() if each.team == team), None)


def setup_named(name: str) -> TrackerSetup:
    """The tracker of that name. Raises TrackerSettings."""
    found = trackers().get(name)
    if found is None:
        raise TrackerSettings(f"There is no tracker {name!r} in the file of trackers any more.")
    return found


def connect(name: str) -> Tracker:
    """A tracker that can be called. Raises TrackerSettings."""
    return tracker_of(setup_named(name), loopback=bool(settings.HEADWATER_TRACKERS_LOOPBACK))


def escalation_for_system(escalation_id: str) -> Escalation:
    """One escalation, for jobs. Raises EscalationRefused."""
    found = Escalation.objects.select_related("case__person", "handoff").filter(pk=escalation_id)
    escalation = found.first()
    if escalation is None:
        raise EscalationRefused(
            f"There is no escalation {escalation_id}.",
            param="escalation",
            hint="`headwater escalations list` shows them.",
        )
    return escalation


def comment_for_system(comment_id: str) -> EscalationComment:
    """One comment with its escalation, for jobs."""
    return EscalationComment.objects.select_related("escalation").get(pk=comment_id)


def escalations_of(case: Case) -> list[Escalation]:
    """Those that this case waits for, with what was merged into it; newest first."""
    found = Escalation.objects.filter(links__case_id__in=ids_of(case)).distinct()
    return list(found.select_related("agent").order_by("-opened_at", "-pk"))


def escalation_of_case(case: Case, escalation_id: str) -> Escalation | None:
    """One of `escalations_of`."""
    return next((each for each in escalations_of(case) if each.pk == escalation_id), None)


def joinable(case: Case) -> list[Escalation]:
    """Live escalations of other cases that this one could wait for: same cause, or same account."""
    near = Q(case__account_id=case.account_id) if case.account_id else Q(pk__in=[])
    if case.likely_cause:
        near |= Q(case__likely_cause=case.likely_cause)
    known = [each.pk for each in escalations_of(case)]
    found = Escalation.objects.filter(near, state__in=rules.LIVE).exclude(pk__in=known)
    return list(found.select_related("case").order_by("-opened_at")[:10])


def comments_of(escalation: Escalation) -> list[EscalationComment]:
    """What was said, oldest first."""
    return list(escalation.comments.select_related("agent").order_by("at", "pk"))


def listed(*, state: str = "", team: str = "") -> list[Escalation]:
    """Escalations by what is promised first; only live ones unless a state is given."""
    found = Escalation.objects.select_related("case", "agent")
    found = found.filter(state=state) if state else found.filter(state__in=rules.LIVE)
    found = found.filter(team=team) if team else found
    return list(found.order_by("next_update_at", "opened_at")[:_MOST])


def visible_escalations(agent: Agent) -> list[Escalation]:
    """The live ones whose case the agent may see, by what is promised first."""
    found = Escalation.objects.filter(state__in=rules.LIVE, case__in=visible_cases(agent))
    return list(found.select_related("case", "agent").order_by("next_update_at", "pk")[:_MOST])


def waiting_cases(escalation: Escalation) -> list[Case]:
    """Every case that waits for the outcome, each once: linked ones, and those of their problem.

    Merged cases are told through the case that stands for them.
    """
    linked = list(escalation.links.order_by("joined_at", "pk").values_list("case_id", flat=True))
    problems = ProblemCase.objects.filter(case_id__in=linked, problem__state="open")
    shared = ProblemCase.objects.filter(
        problem_id__in=problems.values("problem_id"), case__state=Case.State.WAITING_ENGINEERING
    )
    others = list(shared.order_by("linked_at").values_list("case_id", flat=True))
    return _standing([*linked, *others])


def linked_cases(escalation: Escalation) -> list[Case]:
    """The cases of the escalation itself, each once."""
    return _standing(escalation.links.order_by("joined_at", "pk").values_list("case_id", flat=True))


def _standing(case_ids: Iterable[str]) -> list[Case]:
    found: dict[str, Case] = {}
    for case_id in case_ids:
        case = standing_for(case_id)
        found.setdefault(case.pk, case)
    return list(found.values())


def waits_for_another(case: Case, but: Escalation) -> bool:
    """Whether the case waits for a second escalation that is not over."""
    return any(each.state in rules.LIVE and each.pk != but.pk for each in escalations_of(case))


def escalation_of_issue(tracker: str, issue_id: str) -> Escalation | None:
    """The escalation behind an issue of a tracker."""
    return Escalation.objects.filter(tracker=tracker, issue_id=issue_id).first()


def to_poll(now: datetime) -> list[str]:
    """Ids of live escalations whose issue was not read for as long as their tracker allows."""
    due: list[str] = []
    for name, setup in trackers().items():
        usual = timedelta(seconds=setup.poll_seconds)
        wait = max(usual, _WITH_HOOK) if setup.hook_secret else usual
        found = Escalation.objects.filter(
            Q(read_at__isnull=True) | Q(read_at__lte=now - wait),
            tracker=name,
            state__in=rules.LIVE,
        ).exclude(issue_id="")
        due += found.order_by("read_at").values_list("pk", flat=True)[:_MOST]
    return due


def pause_left(tracker: str, now: datetime) -> float:
    """For how many seconds a tracker wants to be left alone yet; 0 where it does not."""
    row = TrackerPause.objects.filter(tracker=tracker, until__gt=now).first()
    return (row.until - now).total_seconds() if row else 0.0


def delivery_by_id(number: int) -> TrackerDelivery | None:
    """One stored post."""
    return TrackerDelivery.objects.filter(pk=number).first()
