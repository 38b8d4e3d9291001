"""The conversation as one stream: messages, and what happened between them in grey lines."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from headwater.cases.models import CaseEvent, Message, ReplyFile
from headwater.cases.warnings import warning_for
from headwater.channels.languages import language_of
from headwater.channels.models import RawMail
from headwater.desk import (
    aside_words,
    escalation_words,
    handling_words,
    library_words,
    promise_words,
)
from headwater.desk.chips import STATE_WORDS, TARGET_WORDS
from headwater.desk.delivery import Delivery, delivery_of
from headwater.desk.senders import Sender, sender_of
from headwater.kit.outbox.models import OutgoingMail

# The message itself tells these; a second line would be noise.
_TOLD_BY_MESSAGE = {
    "message.received",
    "reply.sent",
    "note.added",
    "reply.held",
    "file.attached",
    "file.removed",
    "delivery.sent",
    "delivery.failed",
    "secret.masked",
}
# A reply or the solving shows itself, and with it whose turn it became.
_SAID_ELSEWHERE = {
    "merge",
    "unmerge",
    "absorb",
    "release",
    "reply",
    "reply_undone",
    "user_message",
    "solve",
}
_NOISE = {"draft.saved", "clock.started", "case.opened", "sla.changed"}

_ICONS = {
    "state.changed": "circle-dot",
    "case.opened_by_us": "send",
    "case.assigned": "user",
    "case.solved": "circle-check",
    "identity.matched": "shield-check",
    "diagnosis.ready": "activity",
    "evidence.attached": "paperclip",
    "case.escalated": "wrench",
    **aside_words.ICONS,
    **escalation_words.ICONS,
    "note.mentions": "user",
    "case.linked": "link",
    "case.split": "link",
    "case.split_off": "link",
    "case.merged": "link",
    "case.absorbed": "link",
    "case.unmerged": "link",
    "case.released": "link",
    "participant.joined": "user-plus",
    "reply.undone": "corner-up-left",
    "secret.revealed": "shield-alert",
    "survey.offered": "activity",
    "survey.answered": "activity",
    "clock.met": "check",
    "clock.moved": "clock",
    "clock.warned": "alarm-clock",
    "answer.used": "sticky-note",
    "answer.undone": "corner-up-left",
    "macro.ran": "play",
    "macro.undone": "corner-up-left",
    "case.queued": "inbox",
    "clock.breached": "circle-alert",
}


@dataclass(frozen=True)
class Entry:
    """One item of the stream: a message, or a system event in words."""

    at: datetime
    text: str = ""
    icon: str = "circle-dot"
    message: Message | None = None
    author: str = ""
    word: str = ""
    label: str = ""
    raw_mails: list[str] = field(default_factory=list)
    # How sure it is who wrote a mail; None for what did not come by mail.
    sender: Sender | None = None
    delivery: Delivery | None = None
    files: list[ReplyFile] = field(default_factory=list)
    # What to tell whoever sent us a secret in this message.
    warning: str = ""
    remote_images: int = 0
    # The subject of the merged case that the message was written in.
    origin: str = ""


def timeline(
    messages: Iterable[Message],
    events: Iterable[CaseEvent],
    raw_mails: dict[str, list[RawMail]],
    titles: dict[str, str],
    outgoing: dict[str, OutgoingMail],
    files: Iterable[ReplyFile] = (),
    merged: Mapping[str, str] | None = None,
) -> list[Entry]:
    """Messages and telling events, oldest first.

    `raw_mails` maps message id to raw mails, `titles` playbook id to title, `outgoing` message
    id to its row in the outbox; `files` went out with the replies, `merged` names the cases that
    were merged into this one.
    """
    sent_files: dict[str | None, list[ReplyFile]] = {}
    for file in files:
        sent_files.setdefault(file.message_id, []).append(file)
    entries = [
        replace(
            _message(message, raw_mails.get(message.pk, [])),
            delivery=delivery_of(message, outgoing.get(message.pk)),
            files=sent_files.get(message.pk, []),
            origin=(merged or {}).get(message.case_id, ""),
        )
        for message in messages
    ]
    for event in events:
        if event.kind in _TOLD_BY_MESSAGE or event.kind in _NOISE:
            continue
        if event.kind == "state.changed" and event.data.get("by") in _SAID_ELSEWHERE:
            continue
        text = event_text(event, titles)
        entries.append(Entry(at=event.at, text=text, icon=_icon(event)))
    return sorted(entries, key=lambda entry: (entry.at, entry.message is None))


def _message(message: Message, raw_mails: list[RawMail]) -> Entry:
    author = message.author_name or message.author_email or _("Unknown sender")
    words = {
        Message.Kind.USER: message.author_email,
        Message.Kind.REPLY: _("replied"),
        Message.Kind.NOTE: _("internal note"),
        Message.Kind.AUTO: _("automatic mail"),
    }
    word = str(words.get(Message.Kind(message.kind), ""))
    label = f"{author}, {message.get_kind_display()}"
    return Entry(
        at=message.created_at, message=message, author=author, word=word, label=label,
        raw_mails=[mail.pk for mail in raw_mails],
        sender=sender_of(raw_mails),
        warning=warning_for(message.exposed, language_of(message.body) or "en")
        if message.exposed else "",
        remote_images=message.html.count(' data-src="'),
    )  # fmt: skip


def _icon(event: CaseEvent) -> str:
    kind = "clock.breached" if event.kind == "clock.met" and event.data.get("late") else event.kind
    return _ICONS.get(kind, "circle-dot")


def event_text(event: CaseEvent, titles: dict[str, str]) -> str:
    """An event as one short sentence; an unknown kind shows its own name."""
    data, actor = event.data, event.actor_name
    if event.kind == "state.changed":
        return _state_text(actor, data)
    if event.kind in _SENTENCES:
        return _SENTENCES[event.kind](event)
    if event.kind == "case.opened_by_us":
        return _("%(actor)s wrote first: nobody had asked") % {"actor": actor}
    if event.kind == "evidence.attached":
        about = {"actor": actor, "title": str(data.get("title", ""))}
        return _("%(actor)s attached evidence: %(title)s") % about
    if event.kind == "case.escalated":
        return _("%(actor)s handed it to Engineering") % {"actor": actor}
    cause = str(data.get("cause") or "")
    title = titles.get(cause, "" if cause in {"", "unknown"} else cause)
    if event.kind == "case.solved":
        what = title or _("a cause that no playbook knows yet")
        return _("%(actor)s solved it. Cause: %(what)s") % {"actor": actor, "what": what}
    if event.kind == "diagnosis.ready":
        if not title:
            return _("Evidence was searched: no known cause")
        return _("Evidence points to: %(what)s") % {"what": title}
    target = str(TARGET_WORDS.get(str(data.get("target", "")), data.get("target", "")))
    if event.kind == "clock.met":
        words = _("%(target)s was late") if data.get("late") else _("%(target)s was on time")
        return words % {"target": target}
    if event.kind == "clock.breached":
        return _("%(target)s is late") % {"target": target}
    return event.kind


def _state_text(actor: str, data: dict[str, Any]) -> str:
    if data.get("by") == "delivery_failed":
        return _("The reply could not be delivered, so it is our turn again")
    state = str(data.get("to", ""))
    word = str(STATE_WORDS[state][0]) if state in STATE_WORDS else state
    return _("%(actor)s set it to “%(state)s”") % {"actor": actor, "state": word}


def _assigned_text(event: CaseEvent) -> str:
    to = event.data.get("to")
    if to is None:
        return _("%(actor)s left it without an owner") % {"actor": event.actor_name}
    if to == event.actor_id:
        return _("%(actor)s took it") % {"actor": event.actor_name}
    return _("%(actor)s gave it to a colleague") % {"actor": event.actor_name}


def _joined_text(event: CaseEvent) -> str:
    words = _("%(email)s joins: proven to act for the same account")
    return words % {"email": str(event.data.get("email", ""))}


def _revealed_text(event: CaseEvent) -> str:
    words = _("%(actor)s saw what was masked: %(reason)s")
    return words % {"actor": event.actor_name, "reason": str(event.data.get("reason", ""))}


def _undone_text(event: CaseEvent) -> str:
    return _("%(actor)s took the reply back before it left") % {"actor": event.actor_name}


def _identity_text(event: CaseEvent) -> str:
    level = event.data.get("identity")
    if level == "verified":
        return _("The sender is verified for the account")
    if level == "unverified":
        return _("The sender claims an account and is not verified")
    return _("No account was found for the sender")


_SENTENCES: dict[str, Callable[[CaseEvent], str]] = {
    "case.assigned": _assigned_text,
    "identity.matched": _identity_text,
    "participant.joined": _joined_text,
    "reply.undone": _undone_text,
    "secret.revealed": _revealed_text,
    **promise_words.SENTENCES,
    **escalation_words.SENTENCES,
    **aside_words.SENTENCES,
    **handling_words.SENTENCES,
    **library_words.SENTENCES,
}
