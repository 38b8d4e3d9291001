"""News of followed cases by mail, to agents who want it: one mail a case, never twice."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from headwater.accounts.models import Agent
from headwater.cases.handling.following import TELLING
from headwater.cases.handling.models import Follower
from headwater.cases.models import Case, CaseEvent, Message
from headwater.cases.queries import visible_cases
from headwater.kit.outbox import acts as outbox

# What happens together goes out together, and who is looking right now needs no mail.
WAIT: Final = timedelta(minutes=2)
_AT_ONCE: Final = 500
_LINES: Final = 20
_SAID: Final = {
    "message.received": "wrote",
    "reply.sent": "answered the user",
    "note.added": "wrote a note",
    "state.changed": "moved it to: {to}",
    "case.assigned": "changed its owner",
    "case.queued": "moved it to another queue: {reason}",
    "case.prioritised": "set the priority to {to}: {reason}",
    "clock.breached": "a promise was broken: {target}",
    "delivery.failed": "the reply could not be delivered",
}


def mail_news(now: datetime) -> int:
    """Mails what followers have neither seen nor been mailed, and returns how many mails.

    Safe to repeat: how far somebody was mailed is written with the mail.
    """
    sent = 0
    for row_id in _waiting(now).values_list("pk", flat=True)[:_AT_ONCE]:
        with transaction.atomic():
            row = Follower.objects.select_for_update().filter(pk=row_id).first()
            sent += row is not None and _mail(row, now)
    return sent


def _waiting(now: datetime) -> QuerySet[Follower]:
    rows = Follower.objects.filter(
        agent__is_active=True,
        case__events__kind__in=TELLING,
        case__events__at__lte=now - WAIT,
        case__events__pk__gt=F("mailed_event_id"),
    ).exclude(agent__news_mail=Agent.NewsMail.NONE)
    return rows.filter(case__events__pk__gt=F("seen_event_id")).order_by("pk").distinct()


def _mail(row: Follower, now: datetime) -> bool:
    agent, case = row.agent, row.case
    events = list(
        CaseEvent.objects.filter(
            case=case,
            kind__in=TELLING,
            pk__gt=max(row.seen_event_id, row.mailed_event_id),
        ).order_by("pk")
    )
    if not events:
        return False
    row.mailed_event_id = events[-1].pk
    row.save(update_fields=["mailed_event_id"])
    named = [event for event in events if is_named(event, agent)]
    told = [event for event in events if event.actor_id != agent.pk and event not in named]
    if not visible_cases(agent).filter(pk=case.pk).exists():
        return False
    if not named and (agent.news_mail != Agent.NewsMail.ALL or not told):
        return False
    subject = case.subject or case.pk
    outbox.post(
        kind="news",
        recipient=agent.email,
        subject=f"{named[0].actor_name} mentioned you: {subject}" if named else f"News: {subject}",
        payload={
            "about_case": case.pk,
            "agent": agent.pk,
            "body": _body(case, named, told),
        },
    )
    return True


def is_named(event: CaseEvent, agent: Agent) -> bool:
    """Whether the event says that somebody else named the agent."""
    if event.kind != "note.mentions" or event.actor_id == agent.pk:
        return False
    return any(one["id"] == agent.pk for one in event.data["agents"])


def _body(case: Case, named: list[CaseEvent], told: list[CaseEvent]) -> str:
    notes = _notes([*named, *told])
    lines = [f"{case.subject or case.pk}", f"{settings.HEADWATER_BASE_URL}/cases/{case.pk}/", ""]
    for event in named:
        lines += [f"{event.actor_name} mentioned you:", notes.get(event.data["message_id"], ""), ""]
    shown = {event.data["message_id"] for event in named}
    rest = [event for event in told if event.data.get("message_id") not in shown]
    for event in rest[:_LINES]:
        lines.append(f"{event.at:%Y-%m-%d %H:%M} UTC, {event.actor_name}: {_words(event)}")
        if event.kind == "note.added":
            lines.append(notes.get(event.data["message_id"], ""))
    if len(rest) > _LINES:
        lines.append(f"and {len(rest) - _LINES} more")
    lines += [
        "",
        "Answer this mail to add a note; with #assign me, #snooze 2d, #solve and others on top.",
    ]
    lines += ["Which mails of this kind you get: " + settings.HEADWATER_BASE_URL + "/followed/"]
    return "\n".join(lines)


def _words(event: CaseEvent) -> str:
    words = _SAID.get(event.kind, event.kind.replace(".", ": "))
    values = {name: event.data.get(name, "") for name in ("to", "reason", "target")}
    return words.format(**values).strip(": ")


def _notes(events: Iterable[CaseEvent]) -> dict[str, str]:
    wanted = {event.data.get("message_id") for event in events if event.kind.startswith("note.")}
    rows = Message.objects.filter(pk__in=wanted - {None})
    return {row.pk: row.body for row in rows}
