"""Reads of side conversations."""

from collections.abc import Iterable

from headwater.accounts.rules import normal_email
from headwater.cases.models import Case, Message
from headwater.cases.queries import ids_of, messages_of, standing_for
from headwater.channels.asides.models import Aside, AsideMessage


def asides_of(case: Case) -> list[Aside]:
    """The side conversations of the case and of those merged into it with their mails and files,
    the latest first."""
    rows = Aside.objects.filter(case__in=ids_of(case)).order_by("-last_at", "-pk")
    return list(rows.prefetch_related("messages__files__content", "messages__agent"))


def aside_of(case: Case, aside_id: str) -> Aside | None:
    """One side conversation of the case."""
    return Aside.objects.filter(case__in=ids_of(case), pk=aside_id).first()


def find_aside(aside_id: str) -> Aside | None:
    """The side conversation of that id."""
    return Aside.objects.filter(pk=aside_id).select_related("case__person").first()


def aside_message(message_id: str) -> AsideMessage | None:
    """One mail of a side conversation, with what its going out needs."""
    rows = AsideMessage.objects.select_related("aside__case", "agent")
    return rows.filter(pk=message_id).first()


def known_id(rfc_id: str | None) -> AsideMessage | None:
    """The mail of that Message-ID."""
    return AsideMessage.objects.filter(rfc_message_id=rfc_id).first() if rfc_id else None


def before(message: AsideMessage) -> list[AsideMessage]:
    """The mails of the conversation before this one, oldest first."""
    rows = AsideMessage.objects.filter(aside=message.aside_id, at__lte=message.at)
    return list(rows.exclude(pk=message.pk).order_by("at", "pk"))


def users_of(case: Case) -> set[str]:
    """Addresses on the user's side of the case, or of the one that stands for it: they have no
    part in what is beside it."""
    case = standing_for(case.pk)
    theirs = messages_of(case).filter(kind=Message.Kind.USER).order_by()
    written = theirs.values_list("author_email", flat=True).distinct()
    return {normal_email(one) for one in (case.person.email, *written)} - {""}


def taking_part(aside: Aside) -> set[str]:
    """Addresses that may write in it."""
    return set(aside.recipients)


def raw_of(messages: Iterable[AsideMessage]) -> list[str]:
    """The raw mails of these."""
    return [one.mail_id for one in messages if one.mail_id]
