"""What jobs and hooks write down of a tracker: what it said, and what we are about to say."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from headwater.cases import escalated
from headwater.cases.handling.snoozing import wake_for_escalation
from headwater.escalation import acts, queries, rules
from headwater.escalation.models import (
    Escalation,
    EscalationComment,
    TrackerDelivery,
    TrackerPause,
)
from headwater.escalation.trackers import Issue, Remark
from headwater.escalation.trackers.signing import Post
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue

log = logging.getLogger(__name__)

# Raw posts are kept for looking into what went wrong, no longer.
KEPT_FOR: Final = timedelta(days=30)
_PROBLEM: Final = 1_000
# A comment that is written while we read may show a time from before.
_OVERLAP: Final = timedelta(minutes=5)
_Row = Escalation | EscalationComment


def begin(row: _Row) -> bool:
    """Notes, before the call, that it goes out now. False where somebody else began it meanwhile.

    `row` is as it was read: what it says of an earlier attempt must still be true.
    """
    now = utc_now()
    found = type(row).objects.filter(pk=row.pk, begun_at=row.begun_at).update(begun_at=now)
    row.begun_at = now
    return bool(found)


def nothing_happened(row: _Row) -> None:
    """The call that was begun did nothing over there, so that the next may go out at once."""
    type(row).objects.filter(pk=row.pk, begun_at=row.begun_at).update(begun_at=None)


def keep_issue(escalation_id: str, issue: Issue) -> None:
    """The escalation has its issue now; what was said meanwhile follows."""
    with transaction.atomic():
        escalation = _hold(escalation_id)
        if escalation is None or escalation.issue_id:
            return
        escalation.issue_id, escalation.issue_key = issue.id, issue.key
        escalation.issue_url, escalation.assignee = rules.link(issue.url), issue.assignee[:200]
        escalation.remarks_until = escalation.opened_at
        escalation.seen_at, escalation.read_at = issue.updated_at, utc_now()
        escalation.problem = ""
        escalation.save()
        acts.tell_cases(escalation, acts.NOTED, {"by": "issue"}, actor=Actor.system())
        for comment in escalation.comments.filter(direction="out", remote_id=None):
            acts.ask_to_send(comment)
        if escalation.state == rules.WITHDRAWN:
            acts.ask_to_push(escalation)


def keep_reading(
    escalation_id: str, issue: Issue, remarks: list[Remark], *, read_at: datetime
) -> None:
    """What the tracker says now. Doing it twice changes nothing, nor does an older reading.

    `read_at` is when the reading began.
    """
    with transaction.atomic():
        escalation = _hold(escalation_id)
        if escalation is None:
            return
        escalation.problem = ""
        escalation.read_at = max(escalation.read_at or read_at, read_at)
        escalation.remarks_until = max(escalation.remarks_until or read_at, read_at)
        for remark in remarks:
            _take(escalation, remark)
        if escalation.seen_at is None or issue.updated_at >= escalation.seen_at:
            _follow(escalation, issue)
        escalation.save()


def ask_in_turn(escalation_id: str) -> None:
    """Has a job read the issue, and not another one until its turn comes again."""
    with transaction.atomic():
        Escalation.objects.filter(pk=escalation_id).update(read_at=utc_now())
        acts.ask_for_reading(escalation_id)


def remarks_since(escalation: Escalation) -> datetime:
    """From when on comments have to be looked at."""
    return (escalation.remarks_until or escalation.opened_at) - _OVERLAP


def _take(escalation: Escalation, remark: Remark) -> None:
    """A comment for support becomes a note in every case, once; the promise is renewed."""
    text = rules.for_support(remark.body) if remark.trusted else ""
    if not text or rules.is_ours(remark.body):
        return
    if escalation.comments.filter(remote_id=remark.id).exists():
        return
    author = f"{remark.author or 'Somebody'} ({rules.TEAMS[escalation.team]})"
    comment = EscalationComment.objects.create(
        escalation=escalation,
        direction=EscalationComment.Direction.IN,
        body=text,
        author_name=author[:200],
        at=remark.at,
        remote_id=remark.id,
    )
    actor = Actor.system()
    if escalation.state in rules.LIVE:
        escalation.next_update_at = utc_now() + timedelta(seconds=escalation.update_seconds)
    for case in queries.linked_cases(escalation):
        escalated.add_team_note(case, text, author=author, actor=actor)
    told = {"by": "comment", "comment_id": comment.pk}
    kind = acts.UPDATED if escalation.state in rules.LIVE else acts.NOTED
    acts.tell_cases(escalation, kind, told, actor=actor)
    _wake(escalation)


def _follow(escalation: Escalation, issue: Issue) -> None:
    """Takes over what the issue says, and tells the cases what changed."""
    actor, before = Actor.system(), escalation.state
    escalation.seen_at = issue.updated_at
    escalation.issue_key, escalation.issue_url = issue.key, rules.link(issue.url)
    changed = issue.assignee[:200] != escalation.assignee
    escalation.assignee = issue.assignee[:200]
    after = before if escalation.pushing else rules.state_after(before, issue.state)
    if after == before:
        if changed:
            acts.tell_cases(escalation, acts.NOTED, {"by": "assignee"}, actor=actor)
        return
    if after in rules.LIVE and before in rules.LIVE:
        escalation.state = after
        told = {"by": "state", "from": before}
        acts.tell_cases(escalation, acts.NOTED, told, actor=actor)
        _wake(escalation)
    elif after in rules.LIVE:
        acts.revive(escalation, after, actor=actor)
    elif before in rules.LIVE:
        acts.end(escalation, after, {"from": before}, letters=True, actor=actor)
    else:
        escalation.state = after  # closed already, now for another reason


def _wake(escalation: Escalation) -> None:
    """Cases that sleep until the escalation moves are back."""
    for case in queries.linked_cases(escalation):
        wake_for_escalation(case.pk, actor=Actor.system())


def keep_pushed(escalation_id: str, issue: Issue, state: str) -> None:
    """The tracker knows our state, which was `state`; from here on its own counts again."""
    with transaction.atomic():
        escalation = _hold(escalation_id)
        if escalation is None:
            return
        escalation.seen_at = issue.updated_at
        escalation.problem = ""
        # Changed again meanwhile: that change has a job of its own.
        escalation.pushing = escalation.state != state
        escalation.save()


def keep_said(comment_id: str, remote_id: str) -> None:
    """Our comment is in the tracker."""
    EscalationComment.objects.filter(pk=comment_id, remote_id=None).update(
        remote_id=remote_id, sent_at=utc_now(), problem=""
    )


def note_problem(escalation_id: str, error: str) -> None:
    """The tracker could not be served; the cases say so, because somebody has to tell the team."""
    with transaction.atomic():
        escalation = _hold(escalation_id)
        if escalation is None:
            return
        problem, known = _last_line(error), escalation.problem
        escalation.problem = problem
        escalation.save()
        # Reading goes on in turn, and says the same each time.
        if problem == known:
            return
        told = {"by": "problem", "problem": escalation.problem}
        acts.tell_cases(escalation, acts.NOTED, told, actor=Actor.system())


def note_unsent(comment_id: str, error: str) -> None:
    """Our comment did not arrive."""
    EscalationComment.objects.filter(pk=comment_id).update(problem=_last_line(error))
    note_problem(queries.comment_for_system(comment_id).escalation_id, error)


def pause(tracker: str, seconds: float) -> None:
    """No call goes to the tracker until then."""
    until = utc_now() + timedelta(seconds=seconds)
    TrackerPause.objects.update_or_create(tracker=tracker, defaults={"until": until})


def try_again(name: str, payload: dict[str, Any], seconds: float) -> None:
    """The same job once more, after so many seconds."""
    enqueue(
        name,
        {**payload, "tries": int(payload.get("tries", 0)) + 1},
        run_at=utc_now() + timedelta(seconds=seconds),
        max_attempts=acts.ATTEMPTS,
    )


def receive_delivery(tracker: str, post: Post, body: bytes) -> TrackerDelivery:
    """Keeps a post as it came, once for each id of a delivery."""
    delivery, _ = TrackerDelivery.objects.get_or_create(
        tracker=tracker,
        delivery_id=post.delivery_id,
        defaults={"event": post.event, "body": body, "received_at": utc_now()},
    )
    return delivery


def accept_delivery(delivery: TrackerDelivery) -> None:
    """Has a job read a stored post, unless that was done."""
    if delivery.handled_at is None:
        about = {"delivery": delivery.pk}
        enqueue("escalation.read_delivery", about, dedupe=f"esc-post:{delivery.pk}")


def close_delivery(delivery: TrackerDelivery, outcome: str) -> None:
    """What became of a post."""
    delivery.handled_at, delivery.outcome = utc_now(), outcome[:200]
    delivery.save()


def clear_deliveries(now: datetime) -> int:
    """Forgets old posts; how many."""
    removed, _ = TrackerDelivery.objects.filter(received_at__lt=now - KEPT_FOR).delete()
    return removed


def erase_deliveries(account_id: str) -> int:
    """Removes the raw posts that name an account; how many. The trackers keep what they have."""
    name = account_id.encode()
    rows = TrackerDelivery.objects.all().iterator(chunk_size=100)
    about = [row.pk for row in rows if name in bytes(row.body)]
    removed, _ = TrackerDelivery.objects.filter(pk__in=about).delete()
    return removed


def _hold(escalation_id: str) -> Escalation | None:
    return Escalation.objects.select_for_update().filter(pk=escalation_id).first()


def _last_line(error: str) -> str:
    lines = [line.strip() for line in error.strip().splitlines() if line.strip()]
    return lines[-1][:_PROBLEM] if lines else "It did not work."
