"""What Outlook packs into a `winmail.dat`: files and the text. Pure; never raises."""

import logging
import mimetypes
import struct
import warnings
from dataclasses import dataclass

from headwater.channels.words import clean, decode_bytes

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from tnefparse import TNEF

# The library copies what is left of the file for each attribute, so there must not be many.
_MAX_ATTRIBUTES = 2_000
_MAX_COPIED = 2_000_000_000
_SIGNATURE = 0x223E9F78
_HEADER = struct.Struct("<BII")
# It warns of each property that it does not know; a mail is no place to learn of them from.
logging.getLogger("tnefparse").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Packed:
    """The content of a winmail.dat: (name, type, data) of each file, and the text in two forms."""

    files: tuple[tuple[str, str, bytes], ...]
    text: str
    html: str


def unpack(data: bytes) -> Packed | None:
    """What is in it; None where it is damaged, beyond the bounds, or holds nothing."""
    if not _is_bounded(data):
        return None
    try:
        found = TNEF(data, do_checksum=False)
        files = tuple(_file(one) for one in found.attachments if one.data)
        packed = Packed(files, _as_text(found.body), _as_text(found.htmlbody))
    # The library trusts its input: any error may come of a damaged file, which is then kept whole.
    except Exception:
        return None
    return packed if packed.files or packed.text.strip() or packed.html.strip() else None


def _is_bounded(data: bytes) -> bool:
    """True if its attributes fill it from end to end, and are not too many."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return False
    at, count = 6, 0
    while at + _HEADER.size + 2 <= len(data):
        length = _HEADER.unpack_from(data, at)[2]
        at += _HEADER.size + length + 2
        count += 1
        if count > _MAX_ATTRIBUTES or count * len(data) > _MAX_COPIED:
            return False
    return at == len(data)


def _file(attachment: TNEF) -> tuple[str, str, bytes]:
    name = _as_text(attachment.long_filename()).strip("\x00")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return name, kind, bytes(attachment.data)


def _as_text(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, bytes):
        return decode_bytes(value.rstrip(b"\x00"), None)
    return clean(str(value)) if value else ""
