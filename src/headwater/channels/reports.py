"""What other servers report of our mail, and whom they report on."""

from headwater.accounts.rules import normal_email
from headwater.cases.acts import Incoming, add_auto_message
from headwater.cases.delivery import mark_failed
from headwater.cases.models import Case, Message
from headwater.cases.queries import find_case
from headwater.channels.asides.acts import note_undelivered
from headwater.channels.machine import Bounce
from headwater.channels.marks import clear_mark, mark_bouncing
from headwater.channels.parse import ParsedMail
from headwater.channels.place import our_message
from headwater.kit.actors import Actor
from headwater.kit.outbox.acts import record_report
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import by_message_id, outgoing_about

_SYSTEM = Actor.system("mail")
_Report = OutgoingMail.Report


def file_report(parsed: ParsedMail, incoming: Incoming) -> tuple[Message | None, str]:
    """Files a bounce or a receipt with what it reports on; the message stored, or why none is.

    Forged senders make servers bounce to us what we never sent, so only a report that names a
    mail of ours counts.
    """
    original = our_message(parsed.reports_on)
    row = outgoing_about(original.id) if original else by_message_id(parsed.reports_on or "")
    if original is None and row is None:
        return None, "It reports on a mail that we did not send."
    case = original.case if original else _case_of(row)
    bounce = parsed.bounce
    if bounce is None:
        _delivered(row)
    else:
        _came_back(row, original, bounce)
    if row is not None and row.kind == "aside":
        return None, "It reports on our mail in a side conversation; that is noted there."
    if case is None:
        return (
            None,
            f"It reports on our automatic mail {row.id if row else ''}; that is noted there.",
        )
    return add_auto_message(case, incoming, actor=_SYSTEM), ""


def _case_of(row: OutgoingMail | None) -> Case | None:
    case_id = str(row.payload.get("case_id", "")) if row else ""
    return find_case(case_id) if case_id else None


def _delivered(row: OutgoingMail | None) -> None:
    if row is not None and row.report != _Report.BOUNCED:
        record_report(row.id, _Report.DELIVERED)
        clear_mark(row.recipient, actor=_SYSTEM)


def _came_back(row: OutgoingMail | None, original: Message | None, bounce: Bounce) -> None:
    ours = row.recipient if row else ""
    if original is not None:
        ours = ours or original.case.person.email
    whom = ", ".join(bounce.recipients) or ours
    code = f" ({bounce.status})" if bounce.status else ""
    if bounce.permanent:
        error = f"The mail server of {whom} refused it for good{code}."
    elif bounce.given_up:
        error = f"The mail server of {whom} gave up trying to deliver it{code}."
    else:
        error = f"Mail to {whom} is delayed on its way{code}."
    over = bounce.permanent or bounce.given_up
    if row is not None:
        record_report(row.id, _Report.BOUNCED if over else _Report.DELAYED, error)
    if row is not None and row.kind == "aside" and over:
        note_undelivered(row.id, error)
    if original is not None and over:
        mark_failed(original, error, actor=_SYSTEM)
    for address in _failing(row, original, bounce):
        mark_bouncing(address, permanent=bounce.permanent, status=bounce.status, reason=error)


def _failing(row: OutgoingMail | None, original: Message | None, bounce: Bounce) -> list[str]:
    """The addresses of ours that failed. A report may name another one (the mail was passed on
    there); then the address that we wrote to is the one that does not work."""
    written = [row.recipient] if row else []
    if original is not None:
        people = original.case.messages.filter(kind=Message.Kind.USER)
        written += [original.case.person.email, *people.values_list("author_email", flat=True)]
    known = {normal_email(one) for one in written} - {""}
    named = [normal_email(one) for one in bounce.recipients]
    return [one for one in named if one in known] or written[:1]
