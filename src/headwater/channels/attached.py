"""The files that came with a mail, and its own HTML, read again from its bytes when asked for."""

from collections.abc import Callable
from typing import Any

from headwater.cases.attached import Attached
from headwater.cases.models import Message
from headwater.channels.errors import MailNotFound, MailRefused, RevealRefused
from headwater.channels.given_away import shown_bytes
from headwater.channels.models import RawMail
from headwater.channels.parse import ParsedMail, parse_mail
from headwater.channels.queries import raw_mail_of
from headwater.channels.showing import Shown, shown

_LONGEST_NAME = 255
_LONGEST_TYPE = 200


def attached_of(parsed: ParsedMail) -> tuple[Attached, ...]:
    """What a case keeps of a mail's attachments."""
    return tuple(
        Attached(
            name=one.name[:_LONGEST_NAME],
            type=one.type[:_LONGEST_TYPE],
            size=one.size,
            sha256=one.sha256,
            inline=one.inline,
            content_id=one.content_id,
        )
        for one in parsed.attachments
    )


def bytes_of(message: Message, place: int) -> bytes:
    """The bytes of a message's attachment, by its place in the list; masked where it is text.

    Raises MailNotFound, and RevealRefused where secrets in it cannot be masked.
    """
    return _bytes_in(lambda: _read(message), message.attachments, place)


def bytes_in(mail: RawMail | None, known: list[dict[str, Any]], place: int) -> bytes:
    """The same for a mail that is no message of a case."""
    return _bytes_in(lambda: _parsed(mail), known, place)


def _bytes_in(read: Callable[[], ParsedMail], known: list[dict[str, Any]], place: int) -> bytes:
    if not 0 <= place < len(known):
        raise MailNotFound(f"with a file {place}")
    for one in read().attachments:
        if one.sha256 == known[place]["sha256"] and one.data is not None:
            data = shown_bytes(one)
            if data is None:
                raise RevealRefused("This mail within the mail holds what is masked elsewhere.")
            return data
    raise MailNotFound(f"with the file {known[place]['name']}")


def shown_html(message: Message, *, images: bool) -> Shown:
    """The message's own HTML for showing, with the pictures that it brought itself."""
    pictures: dict[str, bytes] = {}
    if "cid:" in message.html and message.attachments:
        try:
            read = _read(message).attachments
            pictures = {one.content_id: one.data for one in read if one.content_id and one.data}
        except MailNotFound:
            pass
    return shown(message.html, images=images, picture=pictures.get)


def _read(message: Message) -> ParsedMail:
    raw = raw_mail_of(message)
    if raw is None:
        raise MailNotFound(f"behind the message {message.pk}")
    return _parsed(raw)


def _parsed(raw: RawMail | None) -> ParsedMail:
    if raw is None:
        raise MailNotFound("behind this message")
    try:
        return parse_mail(bytes(raw.raw), with_bytes=True)
    except MailRefused as error:
        raise MailNotFound(raw.pk) from error
