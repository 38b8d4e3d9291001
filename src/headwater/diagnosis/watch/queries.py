"""Reads of counts and problems. Every active agent may see them; a case shows by its own rule."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from headwater.cases.models import Case
from headwater.diagnosis.models import Problem, ProblemCase, ProblemEvent, ReachCount
from headwater.diagnosis.values import Finding

# A case counts as one of a cause when the evidence says so with at least this probability.
LIKELY_FROM = 0.5
# An account whose sign is much older than the incident has a cause of its own.
_EARLIER = timedelta(hours=1)

History = list[tuple[datetime, int]]


def aware(moment: datetime) -> datetime:
    """`moment` of the evidence (naive UTC) as the operational store keeps it."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def histories(playbook: str, *, before: datetime) -> tuple[History, History]:
    """(affected, fresh) by closed day before `before`, without the days of earlier problems."""
    spans = [
        (each.day or each.opened_at, each.solved_at)
        for each in Problem.objects.filter(playbook=playbook)
    ]
    affected, fresh = [], []
    rows = ReachCount.objects.filter(playbook=playbook, closed=True, day__lt=before)
    for row in rows.order_by("day"):
        if any(start <= row.day and (end is None or row.day <= end) for start, end in spans):
            continue
        affected.append((row.day, row.affected))
        fresh.append((row.day, row.fresh))
    return affected, fresh


def closed_days() -> set[datetime]:
    """The days that were counted for good."""
    return set(ReachCount.objects.filter(closed=True).values_list("day", flat=True).distinct())


def counts_of(playbook: str, *, days: int = 60) -> list[ReachCount]:
    """The latest daily counts of a playbook, oldest first."""
    latest = ReachCount.objects.filter(playbook=playbook).order_by("-day")[:days]
    return sorted(latest, key=lambda each: each.day)


def problems() -> QuerySet[Problem]:
    """Every problem with the number of its cases: open ones first, latest first."""
    return Problem.objects.annotate(cases=Count("links")).order_by("state", "-opened_at", "id")


def problem_by_id(problem_id: str) -> Problem | None:
    """One problem."""
    return Problem.objects.filter(pk=problem_id).first()


def open_problem_of(playbook: str) -> Problem | None:
    """The open problem of a cause, if there is one."""
    return Problem.objects.filter(playbook=playbook, state=Problem.State.OPEN).first()


def problem_of_case(case: Case) -> Problem | None:
    """The problem that a case belongs to."""
    link = ProblemCase.objects.select_related("problem").filter(case=case).first()
    return link.problem if link else None


def events_of(problem: Problem) -> QuerySet[ProblemEvent]:
    """The problem's log, oldest first."""
    return ProblemEvent.objects.filter(problem=problem).order_by("id")


def cases_of(problem: Problem) -> QuerySet[Case]:
    """Every linked case, latest first."""
    cases = Case.objects.filter(problem_link__problem=problem)
    return cases.select_related("person", "account", "assignee").order_by("-opened_at")


def open_cases_of(problem: Problem) -> list[Case]:
    """Linked cases that are not solved."""
    return list(cases_of(problem).exclude(state__in=Case.PAST))


def unlinked_cases_of(playbook: str) -> QuerySet[Case]:
    """Open cases of a cause that belong to no open problem."""
    open_cases = Case.objects.filter(_about(playbook)).exclude(state__in=Case.PAST)
    return open_cases.exclude(problem_link__problem__state=Problem.State.OPEN)


def wrote_in(playbook: str, accounts: Collection[str], *, since: datetime) -> set[str]:
    """Those of `accounts` that wrote to us about this cause since then."""
    cases = Case.objects.filter(_about(playbook), opened_at__gte=aware(since), proactive=False)
    found = set(cases.exclude(account=None).values_list("account_id", flat=True).distinct())
    return {str(each) for each in found} & set(accounts)


def contacts_by_cause(*, since: datetime) -> dict[str, int]:
    """How many accounts wrote in by cause since then."""
    counts: dict[str, set[str]] = {}
    rows = Case.objects.filter(opened_at__gte=aware(since), proactive=False).exclude(account=None)
    for cause, likely, sure, account in rows.values_list(
        "cause", "likely_cause", "likely_probability", "account_id"
    ):
        name = cause or (likely if (sure or 0) >= LIKELY_FROM else "")
        if name:
            counts.setdefault(name, set()).add(str(account))
    return {name: len(accounts) for name, accounts in counts.items()}


def problem_among(findings: Sequence[Finding]) -> tuple[Problem | None, bool]:
    """The open problem that explains these findings, and whether as an incident of the platform.

    An incident goes first: any finding counts whose sign began with it or later. Otherwise only
    the best finding, when it is likely.
    """
    if not findings:
        return None, False
    known = {
        each.playbook: each
        for each in Problem.objects.filter(
            playbook__in=[finding.playbook for finding in findings], state=Problem.State.OPEN
        )
    }
    for finding in findings:
        problem = known.get(finding.playbook)
        if problem is None or problem.onset_at is None:
            continue
        if began_with(problem, finding.first_seen):
            return problem, True
    best = findings[0]
    return (known.get(best.playbook) if best.probability >= LIKELY_FROM else None), False


def began_with(problem: Problem, first_seen: datetime | None) -> bool:
    """Whether a sign began with the problem's incident or later, and so may be its effect."""
    if problem.onset_at is None or first_seen is None:
        return False
    return aware(first_seen) >= problem.onset_at - _EARLIER


def incident_of(case: Case, signs: Mapping[str, datetime | None]) -> Problem | None:
    """The open incident that a case belongs to, where one of its causes began with it.

    `signs`: when each of the case's causes was first seen, by playbook.
    """
    link = getattr(case, "problem_link", None)
    problem = link.problem if link else None
    if problem is None or problem.state != Problem.State.OPEN:
        return None
    return problem if began_with(problem, signs.get(problem.playbook)) else None


def _about(playbook: str) -> Q:
    likely = Q(cause="", likely_cause=playbook, likely_probability__gte=LIKELY_FROM)
    return Q(cause=playbook) | likely
