"""Calls to trackers, and what their posts ask for. Each job may run twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from django.conf import settings

from headwater.escalation import acts, queries, rules, tracking
from headwater.escalation.errors import (
    DeliveryRefused,
    TrackerBusy,
    TrackerNotReached,
    TrackerRefused,
    TrackerSettings,
)
from headwater.escalation.models import Escalation, EscalationComment
from headwater.escalation.trackers import Package
from headwater.escalation.trackers.signing import content_of, issue_named
from headwater.kit.clock import utc_now
from headwater.kit.jobs.errors import GiveUp
from headwater.kit.jobs.registry import Effects, Payload, job

# Waits that a tracker asked for do not count as attempts; this many do end them.
_MOST_WAITS: Final = 100
# The package is sent without its reach where counting takes longer than this.
_PATIENCE: Final = timedelta(minutes=3)
_PACKAGE_WAIT: Final = 5.0
_Made = TypeVar("_Made")


def _calling(
    name: str, payload: Payload, tracker: str, work: Callable[[], Effects | None]
) -> Effects | None:
    """Does `work` unless the tracker wants a pause; then, or when it asks for one, later."""
    if int(payload.get("tries", 0)) > _MOST_WAITS:
        raise GiveUp("The tracker kept asking for another pause.")
    left = queries.pause_left(tracker, utc_now())
    if left > 0:
        return _later(name, payload, left)
    try:
        return work()
    except TrackerBusy as busy:
        tracking.pause(tracker, busy.seconds)
        return _later(name, payload, busy.seconds)
    except (TrackerRefused, TrackerSettings) as error:
        raise GiveUp(error.message, hint=error.hint) from error


def _later(name: str, payload: Payload, seconds: float) -> Effects:
    return lambda: tracking.try_again(name, payload, seconds)


@dataclass(frozen=True, slots=True)
class _Wait:
    """It is not known yet whether an earlier attempt arrived."""

    seconds: float


def _call_once(
    row: Escalation | EscalationComment,
    *,
    settle: float,
    look: Callable[[], _Made | None],
    call: Callable[[], _Made],
) -> _Made | _Wait:
    """What `call` gave, or what an earlier one left over there.

    Of an earlier attempt nobody knows whether it arrived: it is looked for, and only after the
    time in which it must have shown up another may go out.
    """
    if row.begun_at is not None:
        found = look()
        if found is not None:
            return found
        wait = settle - (utc_now() - row.begun_at).total_seconds()
        if wait > 0:
            return _Wait(wait)
    if not tracking.begin(row):
        return _Wait(max(settle, 1.0))
    try:
        return call()
    except TrackerRefused:
        # It may be refused because it is there already.
        if (found := _seen(look)) is not None:
            return found
        tracking.nothing_happened(row)
        raise
    except (TrackerNotReached, TrackerBusy):
        tracking.nothing_happened(row)
        raise


def _seen(look: Callable[[], _Made | None]) -> _Made | None:
    try:
        return look()
    except TrackerRefused:
        return None


@job(
    "escalation.create_issue",
    atomic=False,
    on_dead=lambda payload, error: tracking.note_problem(payload["escalation_id"], error),
)
def create_issue(payload: Payload) -> Effects | None:
    """Opens the issue of an escalation, once."""
    escalation = queries.escalation_for_system(payload["escalation_id"])
    if escalation.issue_id or not escalation.tracker:
        return None
    if escalation.state not in rules.LIVE and escalation.begun_at is None:
        return None
    if _is_being_counted(escalation):
        return _later("escalation.create_issue", payload, _PACKAGE_WAIT)
    return _calling(
        "escalation.create_issue",
        payload,
        escalation.tracker,
        lambda: _created(escalation, payload),
    )


def _created(escalation: Escalation, payload: Payload) -> Effects | None:
    setup, tracker = queries.setup_named(escalation.tracker), queries.connect(escalation.tracker)
    package = package_of(escalation)
    if escalation.state not in rules.LIVE:
        issue = tracker.find(package)
        return (lambda: tracking.keep_issue(escalation.pk, issue)) if issue else None
    made = _call_once(
        escalation,
        settle=setup.settle_seconds,
        look=lambda: tracker.find(package),
        call=lambda: tracker.create(package),
    )
    if isinstance(made, _Wait):
        return _later("escalation.create_issue", payload, made.seconds)
    return lambda: tracking.keep_issue(escalation.pk, made)


def package_of(escalation: Escalation) -> Package:
    """What the team is given, without secrets and personal data."""
    case = escalation.case
    url = f"{settings.HEADWATER_BASE_URL}/cases/{case.pk}/"
    due = escalation.next_update_at or escalation.opened_at
    page = rules.issue_page(
        escalation.handoff.page,
        ask=escalation.ask,
        severity=escalation.severity,
        next_update_at=due,
        case_url=url,
    )
    return Package(
        ref=escalation.pk,
        title=rules.issue_title(case.subject, escalation.severity, case.pk),
        page=page,
        severity=escalation.severity,
        opened_at=escalation.opened_at,
        case_url=url,
    )


def _is_being_counted(escalation: Escalation) -> bool:
    reach = escalation.handoff.content.get("reach") or {}
    young = utc_now() - escalation.opened_at < _PATIENCE
    return bool(reach.get("pending")) and young and escalation.begun_at is None


@job(
    "escalation.send_comment",
    atomic=False,
    on_dead=lambda payload, error: tracking.note_unsent(payload["comment_id"], error),
)
def send_comment(payload: Payload) -> Effects | None:
    """Takes our comment to the tracker, once."""
    comment = queries.comment_for_system(payload["comment_id"])
    escalation = comment.escalation
    # Without an issue there is nothing to comment on yet; storing the issue asks again.
    if comment.remote_id or not escalation.issue_id:
        return None
    return _calling(
        "escalation.send_comment", payload, escalation.tracker, lambda: _said(comment, payload)
    )


def _said(comment: EscalationComment, payload: Payload) -> Effects | None:
    escalation = comment.escalation
    setup, tracker = queries.setup_named(escalation.tracker), queries.connect(escalation.tracker)
    issue_id, ref = escalation.issue_id, comment.pk
    said = _call_once(
        comment,
        # Comments are listed from where they are stored, without an index that lags behind.
        settle=min(setup.settle_seconds, 60),
        look=lambda: tracker.said(issue_id, ref, comment.at),
        call=lambda: tracker.say(issue_id, ref, comment.body),
    )
    if isinstance(said, _Wait):
        return _later("escalation.send_comment", payload, said.seconds)
    return lambda: tracking.keep_said(comment.pk, said)


@job(
    "escalation.push_state",
    atomic=False,
    on_dead=lambda payload, error: tracking.note_problem(payload["escalation_id"], error),
)
def push_state(payload: Payload) -> Effects | None:
    """Opens or closes the issue as we decided."""
    escalation = queries.escalation_for_system(payload["escalation_id"])
    if not escalation.pushing or not escalation.issue_id:
        return None
    state, issue_id = escalation.state, escalation.issue_id

    def work() -> Effects:
        tracker = queries.connect(escalation.tracker)
        issue = tracker.set_open(issue_id, is_open=state in rules.LIVE)
        return lambda: tracking.keep_pushed(escalation.pk, issue, state)

    return _calling("escalation.push_state", payload, escalation.tracker, work)


@job(
    "escalation.read_issue",
    atomic=False,
    on_dead=lambda payload, error: tracking.note_problem(payload["escalation_id"], error),
)
def read_issue(payload: Payload) -> Effects | None:
    """Reads the issue and its comments; whatever called for it, this is what counts."""
    escalation = queries.escalation_for_system(payload["escalation_id"])
    if not escalation.issue_id:
        return None

    def work() -> Effects:
        began = utc_now()
        tracker = queries.connect(escalation.tracker)
        remarks = tracker.remarks(escalation.issue_id, tracking.remarks_since(escalation))
        issue = tracker.read(escalation.issue_id)
        return lambda: tracking.keep_reading(escalation.pk, issue, remarks, read_at=began)

    try:
        return _calling("escalation.read_issue", payload, escalation.tracker, work)
    except GiveUp as refused:
        # It is read again in turn, so nothing has to be kept for somebody to try again.
        words = str(refused)
        return lambda: tracking.note_problem(escalation.pk, words)


@job("escalation.read_delivery")
def read_delivery(payload: Payload) -> None:
    """Looks which issue a stored post is about, and has that issue read.

    What the post says beyond that is not used: a post that comes late, twice or out of order can
    then do no harm.
    """
    delivery = queries.delivery_by_id(payload["delivery"])
    if delivery is None or delivery.handled_at is not None:
        return
    try:
        setup = queries.setup_named(delivery.tracker)
        issue_id = issue_named(setup, content_of(bytes(delivery.body)))
    except (DeliveryRefused, TrackerSettings) as error:
        tracking.close_delivery(delivery, error.message)
        return
    found = queries.escalation_of_issue(delivery.tracker, issue_id) if issue_id else None
    if found is not None:
        acts.ask_for_reading(found.pk)
    tracking.close_delivery(delivery, f"read {found.pk}" if found else "about no escalation")


@job("escalation.poll", every_seconds=60, first_after_seconds=30)
def poll(_payload: Payload) -> None:
    """Has issues read that no hook told us about for long."""
    try:
        due = queries.to_poll(utc_now())
    except TrackerSettings as error:
        raise GiveUp(error.message, hint=error.hint) from error
    for escalation_id in due:
        tracking.ask_in_turn(escalation_id)


@job("escalation.clear_deliveries", every_seconds=86_400, first_after_seconds=900)
def clear_deliveries(_payload: Payload) -> None:
    """Forgets old posts of trackers."""
    tracking.clear_deliveries(utc_now())
