"""One case as a row of the queue."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from headwater.cases.models import Case, Clock
from headwater.desk.chips import Chip, due_chip


@dataclass(frozen=True)
class QueueRow:
    """What a row says: who, what, the one SLA chip, and area and owner."""

    id: str
    who: str
    subject: str
    preview: str
    last_message_at: datetime
    chip: Chip
    about: str


def queue_row(case: Case, clocks: list[Clock], titles: dict[str, str], now: datetime) -> QueueRow:
    """`case` must come with person, account and assignee, so that no query is made here."""
    account = case.account
    proven = case.identity == Case.Identity.VERIFIED and account is not None
    who = (account.name or account.pk) if proven and account else str(case.person)
    started = next((c.started_at for c in clocks if c.target == case.next_due_target), None)
    cause = case.cause or case.likely_cause
    # "Unassigned" is worth a word only where nothing more telling is known.
    owner = case.assignee.name if case.assignee else "" if cause else _("Unassigned")
    return QueueRow(
        id=case.pk,
        who=who,
        subject=case.subject,
        preview=case.last_message_preview or _("(no subject)"),
        last_message_at=case.last_message_at or case.opened_at,
        chip=due_chip(
            case.next_due_at, case.next_due_target, started, case.state, now, case.next_breaks_at
        ),
        about=" · ".join([part for part in (titles.get(cause, cause), owner) if part]),
    )
