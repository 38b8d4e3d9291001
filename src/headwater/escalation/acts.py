"""Every write of an escalation that a person or a job asks for. Calls to trackers are jobs."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.cases import escalated
from headwater.cases.models import Case
from headwater.diagnosis.acts import keep_handoff
from headwater.escalation import queries, rules
from headwater.escalation.errors import EscalationRefused
from headwater.escalation.models import Escalation, EscalationCase, EscalationComment
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue

# Enough attempts for a day that a tracker is down.
ATTEMPTS = 28
# The team's word, or its promise, is another one: the clock of the promise moves on.
UPDATED: Final = "escalation.updated"
# Something else of an escalation, which keeps no promise.
NOTED: Final = "escalation.noted"


def open_escalation(
    case: Case,
    *,
    team: str,
    severity: str,
    next_update_at: datetime,
    agent: Agent,
    actor: Actor,
    ask: str = "",
) -> Escalation:
    """Hands the case with its package to a team, which promises its next word by then.

    Where the team has a tracker, a job opens the issue. Raises EscalationRefused for an unknown
    team or severity, a time that has passed, or where this team has the case already,
    InvestigationRefused before the first diagnosis, TransitionRefused for a solved case.
    """
    _known(team, rules.TEAMS, "team")
    _known(severity, rules.SEVERITIES, "severity")
    now = utc_now()
    seconds = rules.checked_promise(next_update_at, now)
    setup = queries.tracker_for_team(team)
    with transaction.atomic():
        # Two who press at once: the second finds what the first one made.
        case = Case.objects.select_for_update().get(pk=case.pk)
        _must_be_free(case, team)
        escalation = Escalation.objects.create(
            case=case,
            team=team,
            severity=severity,
            ask=ask.strip()[:10_000],
            handoff=keep_handoff(case, agent=agent),
            agent=agent,
            opened_at=now,
            next_update_at=next_update_at,
            update_seconds=seconds,
            tracker=setup.name if setup else "",
        )
        EscalationCase.objects.create(escalation=escalation, case=case, joined_at=now)
        data = facts_of(escalation) | {"handoff_id": escalation.handoff_id}
        escalated.hand_over(case, data, actor=actor)
        if setup:
            ask_for_issue(escalation)
    return escalation


def join_escalation(escalation: Escalation, case: Case, *, actor: Actor) -> None:
    """One more case waits for the same outcome. Repeatable.

    Raises EscalationRefused for one that is over, TransitionRefused for a solved case.
    """
    with transaction.atomic():
        escalation = _lock(escalation)
        _must_be_live(escalation)
        if any(case.pk == each.pk for each in queries.linked_cases(escalation)):
            return
        EscalationCase.objects.create(escalation=escalation, case=case, joined_at=utc_now())
        escalated.hand_over(case, facts_of(escalation) | {"joined": True}, actor=actor)


def leave_escalation(escalation: Escalation, case: Case, *, actor: Actor) -> None:
    """Undoes joining: the case waits no longer. Raises EscalationRefused for its first case."""
    with transaction.atomic():
        escalation = _lock(escalation)
        if case.pk == escalation.case_id:
            raise EscalationRefused(
                "The escalation was made for this case.", hint="Take the escalation back instead."
            )
        removed, _ = EscalationCase.objects.filter(escalation=escalation, case=case).delete()
        if removed:
            data = facts_of(escalation) | {"left": True, "next_update_at": None}
            escalated.bring_back(case, data, letter="", actor=actor)


def promise_update(escalation: Escalation, next_update_at: datetime, *, actor: Actor) -> Escalation:
    """The team speaks again by another time. Raises EscalationRefused."""
    now = utc_now()
    seconds = rules.checked_promise(next_update_at, now)
    with transaction.atomic():
        escalation = _lock(escalation)
        _must_be_live(escalation)
        before = escalation.next_update_at
        escalation.next_update_at, escalation.update_seconds = next_update_at, seconds
        escalation.save()
        told = {"by": "promise", "from": before.isoformat() if before else None}
        tell_cases(escalation, UPDATED, told, actor=actor)
    return escalation


def send_comment(
    escalation: Escalation, body: str, *, agent: Agent, actor: Actor
) -> EscalationComment:
    """Our word to the team, without secrets and personal data; a job takes it to the tracker.

    Raises EscalationRefused for an empty one, or where there is no tracker.
    """
    text = rules.comment_text(body)
    if not text:
        raise EscalationRefused("The comment is empty.", param="body")
    with transaction.atomic():
        escalation = _lock(escalation)
        if not escalation.tracker:
            raise EscalationRefused(
                "This team has no tracker to write to.", hint="Tell the team yourself."
            )
        comment = EscalationComment.objects.create(
            escalation=escalation,
            direction=EscalationComment.Direction.OUT,
            body=text,
            author_name=agent.name,
            agent=agent,
            at=utc_now(),
        )
        told = {"by": "comment_sent", "comment_id": comment.pk}
        tell_cases(escalation, NOTED, told, actor=actor)
        if escalation.issue_id:
            ask_to_send(comment)
    return comment


def withdraw_escalation(escalation: Escalation, *, reason: str, actor: Actor) -> Escalation:
    """We need the team no more: its cases come back, and the issue is closed. Can be undone.

    Raises EscalationRefused for one that is over.
    """
    with transaction.atomic():
        escalation = _lock(escalation)
        _must_be_live(escalation)
        told = {"reason": " ".join(reason.split())[:300]}
        end(escalation, rules.WITHDRAWN, told, letters=False, actor=actor)
        _push(escalation)
    return escalation


def reopen_escalation(escalation: Escalation, *, actor: Actor) -> Escalation:
    """Undoes closing, whoever closed it: the team has it again, and the issue is open.

    Raises EscalationRefused for one that is live.
    """
    with transaction.atomic():
        escalation = _lock(escalation)
        if escalation.state in rules.LIVE:
            raise EscalationRefused("The team still has it.", hint="Reload the page.")
        _must_be_free(escalation.case, escalation.team)
        revive(escalation, rules.OPEN, actor=actor)
        for case in queries.linked_cases(escalation):
            escalated.wait_again(case, actor=actor)
        _push(escalation)
    return escalation


def finish_by_hand(escalation: Escalation, outcome: str, *, actor: Actor) -> Escalation:
    """What a team without a tracker told us: `fixed` or `declined`. Raises EscalationRefused."""
    _known(outcome, {rules.FIXED: "", rules.DECLINED: ""}, "outcome")
    with transaction.atomic():
        escalation = _lock(escalation)
        _must_be_live(escalation)
        if escalation.tracker and not escalation.problem:
            raise EscalationRefused(
                "The team's tracker says when it is done.",
                hint="Close the issue there, or take the escalation back.",
            )
        end(escalation, outcome, {"by_hand": True}, letters=True, actor=actor)
    return escalation


def retry_escalation(escalation: Escalation, *, actor: Actor) -> Escalation:
    """Tries again what the tracker refused, after somebody saw to it."""
    with transaction.atomic():
        escalation = _lock(escalation)
        if not escalation.tracker:
            raise EscalationRefused("This team has no tracker.")
        escalation.problem = ""
        escalation.save()
        if not escalation.issue_id:
            ask_for_issue(escalation)
        else:
            if escalation.pushing:
                _push(escalation)
            ask_for_reading(escalation.pk)
            for comment in escalation.comments.filter(remote_id=None, direction="out"):
                ask_to_send(comment)
        tell_cases(escalation, NOTED, {"by": "retry"}, actor=actor)
    return escalation


def end(
    escalation: Escalation, state: str, told: dict[str, Any], *, letters: bool, actor: Actor
) -> None:
    """The escalation is over and its cases come back; the caller holds it.

    A case that still waits for another team is told and stays.
    """
    # What we take back says nothing to the other cases of a problem.
    wanted = queries.waiting_cases if letters else queries.linked_cases
    cases = wanted(escalation)
    escalation.state, escalation.closed_at = state, utc_now()
    escalation.next_update_at = None
    escalation.save()
    data = facts_of(escalation) | told
    for case in cases:
        if queries.waits_for_another(case, escalation):
            escalated.record_escalation(case, "escalation.closed", data, actor=actor)
            continue
        text = rules.letter(case.person.name, state, escalation.team) if letters else ""
        escalated.bring_back(case, data, letter=text, actor=actor)


def revive(escalation: Escalation, state: str, *, actor: Actor) -> None:
    """The escalation goes on, with a promise as long as before; the caller holds it.

    The cases stay where they are: whoever has one decides whether it waits again. A draft of ours
    that says that the team is done goes, for it is no longer true.
    """
    for case in queries.linked_cases(escalation):
        text = rules.letter(case.person.name, escalation.state, escalation.team)
        escalated.drop_letter(case, text, actor=actor)
    escalation.state, escalation.closed_at = state, None
    escalation.next_update_at = utc_now() + timedelta(seconds=escalation.update_seconds)
    escalation.save()
    tell_cases(escalation, UPDATED, {"by": "reopened"}, actor=actor)


def tell_cases(escalation: Escalation, kind: str, told: dict[str, Any], *, actor: Actor) -> None:
    """A line in the log of every case of the escalation."""
    data = facts_of(escalation) | told
    for case in queries.linked_cases(escalation):
        escalated.record_escalation(case, kind, data, actor=actor)


def facts_of(escalation: Escalation) -> dict[str, Any]:
    """What each event says: `next_update_at` is ISO 8601, None where nothing is promised."""
    due = escalation.next_update_at
    return {
        "escalation_id": escalation.pk,
        "team": escalation.team,
        "severity": escalation.severity,
        "state": escalation.state,
        "issue": escalation.issue_key,
        "link": escalation.issue_url,
        "assignee": escalation.assignee,
        "next_update_at": due.isoformat() if due else None,
    }


def ask_for_issue(escalation: Escalation) -> None:
    """Has a job open the issue."""
    about = {"escalation_id": escalation.pk}
    enqueue(
        "escalation.create_issue", about, dedupe=f"esc-new:{escalation.pk}", max_attempts=ATTEMPTS
    )


def ask_for_reading(escalation_id: str) -> None:
    """Has a job read the issue and its comments."""
    about = {"escalation_id": escalation_id}
    enqueue("escalation.read_issue", about, dedupe=f"esc-read:{escalation_id}", max_attempts=8)


def ask_to_send(comment: EscalationComment) -> None:
    """Has a job take our comment to the tracker."""
    about = {"comment_id": comment.pk}
    enqueue("escalation.send_comment", about, dedupe=f"esc-say:{comment.pk}", max_attempts=ATTEMPTS)


def ask_to_push(escalation: Escalation) -> None:
    """Has a job bring our state to the issue; until then the issue's own does not count."""
    escalation.pushing = True
    escalation.save()
    about = {"escalation_id": escalation.pk}
    enqueue(
        "escalation.push_state", about, dedupe=f"esc-push:{escalation.pk}", max_attempts=ATTEMPTS
    )


def _push(escalation: Escalation) -> None:
    if escalation.issue_id:
        ask_to_push(escalation)
    elif escalation.tracker:
        # One that was begun may exist; one that never was is opened once it is wanted again.
        ask_for_issue(escalation)


def _lock(escalation: Escalation) -> Escalation:
    return Escalation.objects.select_for_update().get(pk=escalation.pk)


def _must_be_live(escalation: Escalation) -> None:
    if escalation.state not in rules.LIVE:
        raise EscalationRefused("The escalation is over.", hint="Reopen it first.")


def _must_be_free(case: Case, team: str) -> None:
    for each in queries.escalations_of(case):
        if each.team == team and each.state in rules.LIVE:
            raise EscalationRefused(
                f"{rules.TEAMS[team]} has this case already ({each.issue_key or each.pk}).",
                param="team",
                hint="Write a comment to the team, or take the other one back first.",
            )


def _known(value: str, known: dict[str, str], param: str) -> None:
    if value not in known:
        raise EscalationRefused(
            f"{value!r} is no {param}.", param=param, hint=f"Choose one of {', '.join(known)}."
        )
