"""Every write of the watch: counts by day, problems, and what happens to them."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from headwater.cases import acts as case_acts
from headwater.cases.handling.errors import FieldsMissing
from headwater.cases.links import record_problem
from headwater.cases.models import Case
from headwater.diagnosis.errors import ProblemRefused
from headwater.diagnosis.models import Problem, ProblemCase, ProblemEvent, ReachCount
from headwater.diagnosis.watch import queries
from headwater.diagnosis.watch.baseline import Verdict
from headwater.diagnosis.watch.onset import Onset
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


@dataclass(frozen=True, slots=True)
class Rise:
    """A count beyond its history: `measure` is 'affected' or 'fresh', `day` aware UTC."""

    playbook: str
    title: str
    sql: str
    day: datetime
    measure: str
    verdict: Verdict
    level: float
    onset: Onset | None


def keep_counts(day: datetime, counts: Mapping[str, tuple[int, int]], *, closed: bool) -> None:
    """Stores (affected, fresh) of a day by playbook. Counting again replaces; aware UTC."""
    now = utc_now()
    rows = [
        ReachCount(
            playbook=name, day=day, affected=affected, fresh=fresh, closed=closed, counted_at=now
        )
        for name, (affected, fresh) in sorted(counts.items())
    ]
    ReachCount.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["playbook", "day"],
        update_fields=["affected", "fresh", "closed", "counted_at"],
    )


def open_problem(rise: Rise, *, actor: Actor) -> Problem:
    """The open problem of this cause, made if there is none. Open cases of the cause are linked."""
    onset = rise.onset
    with transaction.atomic():
        problem, made = Problem.objects.get_or_create(
            playbook=rise.playbook,
            state=Problem.State.OPEN,
            defaults={
                "title": rise.title,
                "opened_at": utc_now(),
                "day": rise.day,
                "measure": rise.measure,
                "observed": rise.verdict.count,
                "expected": rise.verdict.expected,
                "tail": rise.verdict.tail,
                "level": rise.level,
                "sql": rise.sql,
                "onset_at": queries.aware(onset.at) if onset else None,
                "onset_accounts": onset.accounts if onset else 0,
            },
        )
        if made:
            data = {
                "measure": rise.measure,
                "observed": rise.verdict.count,
                "expected": round(rise.verdict.expected, 2),
                "tail": rise.verdict.tail,
            }
            note(problem, "problem.opened", data, actor=actor)
            _link_waiting(problem, actor=actor)
        elif rise.verdict.count > problem.observed:
            problem.observed = rise.verdict.count
            problem.save(update_fields=["observed"])
            note(problem, "reach.grew", {"observed": rise.verdict.count}, actor=actor)
    return problem


def open_problem_by_hand(playbook: str, title: str, sql: str, *, actor: Actor) -> Problem:
    """A problem that a person saw coming; the open one of this cause where there is one."""
    with transaction.atomic():
        problem, made = Problem.objects.get_or_create(
            playbook=playbook,
            state=Problem.State.OPEN,
            defaults={"title": title, "opened_at": utc_now(), "sql": sql},
        )
        if made:
            note(problem, "problem.opened", {"by_hand": True}, actor=actor)
            _link_waiting(problem, actor=actor)
    return problem


def link_case(problem: Problem, case: Case, *, actor: Actor) -> None:
    """Puts a case to the problem. One that belongs to another open problem stays there."""
    with transaction.atomic():
        known = ProblemCase.objects.select_related("problem").filter(case=case).first()
        if known is not None:
            if known.problem_id == problem.id or known.problem.state == Problem.State.OPEN:
                return
            known.delete()  # the case came back with another problem's cause
        ProblemCase.objects.create(problem=problem, case=case, linked_at=utc_now())
        note(problem, "case.linked", {"case_id": case.id}, actor=actor)
        record_problem(case, problem.id, incident=problem.is_incident, actor=actor)


def solve_problem(
    problem: Problem, *, resolution: str, solve_cases: bool, actor: Actor
) -> list[Case]:
    """Closes the problem; with `solve_cases` every linked case that is open is solved with it.

    A case that lacks a field which its queue requires stays open. Returns the cases that it
    solved. Raises ProblemRefused when it is solved already.
    """
    with transaction.atomic():
        problem = Problem.objects.select_for_update().get(pk=problem.pk)
        if problem.state == Problem.State.SOLVED:
            raise ProblemRefused("The problem is already solved.", hint="Reload the page.")
        problem.state = Problem.State.SOLVED
        problem.solved_at = utc_now()
        problem.resolution = resolution.strip()
        problem.save()
        solved = []
        if solve_cases:
            for case in queries.open_cases_of(problem):
                with suppress(FieldsMissing):
                    solved.append(case_acts.solve_case(case, cause=problem.playbook, actor=actor))
        data = {"resolution": problem.resolution, "cases_solved": len(solved)}
        note(problem, "problem.solved", data, actor=actor)
    return solved


def _link_waiting(problem: Problem, *, actor: Actor) -> None:
    for case in queries.unlinked_cases_of(problem.playbook):
        link_case(problem, case, actor=actor)


def note(problem: Problem, kind: str, data: dict[str, Any], *, actor: Actor) -> None:
    """One more line of the problem's log."""
    ProblemEvent.objects.create(
        problem=problem,
        at=utc_now(),
        kind=kind,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:200],
        entrance=actor.entrance,
        data=data,
    )
