"""Mails that others refer to before they come, so that the order of arrival does not matter."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from headwater.cases.models import Case
from headwater.channels.models import AwaitedMail
from headwater.channels.parse import ParsedMail
from headwater.channels.tokens import read_token

# The nearest references of a mail; a list of hundreds is nobody's conversation.
_NEAREST = 50
_LONGEST = 500


def ids_of(mail: ParsedMail) -> list[str]:
    """The mail's own id, and what it refers to from the nearest backwards."""
    named = [mail.message_id or "", *mail.in_reply_to, *reversed(mail.references)]
    return [each for each in dict.fromkeys(named) if each and len(each) <= _LONGEST][:_NEAREST]


def awaiting_case(mail: ParsedMail) -> Case | None:
    """The case whose mails refer to this one, or to one that it refers to as well."""
    ids = ids_of(mail)
    rows = AwaitedMail.objects.filter(rfc_id__in=ids).select_related(
        "case__person", "case__account"
    )
    found = {row.rfc_id: row.case for row in rows.order_by("-id")}
    return next((found[each] for each in ids if each in found), None)


def await_references(opened: Iterable[tuple[Case, ParsedMail]]) -> None:
    """Notes for new cases what their first mails refer to and nobody knows yet."""
    AwaitedMail.objects.bulk_create(
        [AwaitedMail(rfc_id=each, case=case) for case, mail in opened for each in _others(mail)],
        ignore_conflicts=True,
    )


def awaited_among(ids: set[str]) -> set[str]:
    """Those of `ids` that some case awaits."""
    if not ids:
        return set()
    return set(AwaitedMail.objects.filter(rfc_id__in=ids).values_list("rfc_id", flat=True))


def _others(mail: ParsedMail) -> Iterator[str]:
    # What has the form of our own ids is known or was made up.
    for each in ids_of(mail):
        if each != mail.message_id and read_token(each, key=settings.SECRET_KEY) is None:
            yield each
