"""Names of ours that only we can make. Pure.

`<hw1.….signature@domain>` names a message: the user's mail client gives it back in In-Reply-To, so
the case is found without guessing, and nobody can invent one for a case that they have not seen.
It is kept short: some mail software garbles ids that do not fit on one line of a header.

`hwc1-…-signature` names a case, in the address that answers go to (`support+hwc1-…@domain`) or in
a subject (`[hwc1-…]`), for mail software that drops the ids. Letter case does not matter in it,
because mail servers may change that of an address.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

_VERSION = "hw1"
_FORM = re.compile(r"^<hw(\d{1,3})\.([0-9A-Za-z]{1,40})\.([0-9A-Za-z_-]{1,64})@[^<>@\s]+>$")
_LOOKS_OURS = re.compile(r"^<hw\d{1,3}\.", re.IGNORECASE)
_PREFIX = "msg_"
_SIGNATURE_BYTES = 16
_CASE_VERSION = "hwc1"
_CASE_PREFIX = "case_"
_CASE_FORM = re.compile(r"hwc(\d{1,3})-([a-z2-7]{1,64})-([a-z2-7]{1,32})", re.IGNORECASE)
_IN_SUBJECT = re.compile(r"\[\s*(hwc\d[^\s\[\]]{0,120})\s*\]", re.IGNORECASE)
_LOOKS_CASE = re.compile(r"hwc\d", re.IGNORECASE)
# The local part of an address has at most 64 characters (RFC 5321, 4.5.3.1.1).
_LONGEST_LOCAL = 64


@dataclass(frozen=True, slots=True)
class Token:
    """An id in our form. `message_id` is empty where the signature is not ours."""

    message_id: str

    @property
    def genuine(self) -> bool:
        """Whether we have made it."""
        return bool(self.message_id)


def make_token(message_id: str, *, key: str, domain: str) -> str:
    """The Message-ID header value for one message of ours."""
    bare = message_id.removeprefix(_PREFIX)
    return f"<{_VERSION}.{bare}.{_signature(bare, key)}@{domain}>"


def read_token(rfc_id: str, *, key: str) -> Token | None:
    """The token that a message id is; None where it is not in our form at all."""
    if not _LOOKS_OURS.match(rfc_id):
        return None
    found = _FORM.match(rfc_id)
    if not found or f"hw{found[1]}" != _VERSION:
        return Token("")
    genuine = hmac.compare_digest(_signature(found[2], key), found[3])
    return Token(_PREFIX + found[2] if genuine else "")


@dataclass(frozen=True, slots=True)
class CaseToken:
    """A name of a case in our form. `case_id` is empty where the signature is not ours."""

    case_id: str

    @property
    def genuine(self) -> bool:
        """Whether we have made it."""
        return bool(self.case_id)


def make_case_token(case_id: str, *, key: str) -> str:
    """The name of a case for an address or a subject; lower case."""
    bare = case_id.removeprefix(_CASE_PREFIX)
    return f"{_CASE_VERSION}-{as_base32(bare.encode())}-{_case_signature(bare, key)}"


def read_case_token(text: str, *, key: str) -> CaseToken | None:
    """The case that `text` names; None where it is not in our form at all."""
    if not _LOOKS_CASE.match(text):
        return None
    found = _CASE_FORM.fullmatch(text)
    if not found or f"hwc{found[1]}" != _CASE_VERSION:
        return CaseToken("")
    bare = from_base32(found[2].lower())
    genuine = bare and hmac.compare_digest(_case_signature(bare, key), found[3].lower())
    return CaseToken(_CASE_PREFIX + bare if genuine else "")


def reply_address(mailbox: str, case_id: str, *, key: str) -> str:
    """The mailbox with the case's name after a plus; the mailbox alone where that is too long."""
    local, _, domain = mailbox.rpartition("@")
    named = f"{local}+{make_case_token(case_id, key=key)}"
    return f"{named}@{domain}" if local and len(named) <= _LONGEST_LOCAL else mailbox


def token_in_address(address: str, *, key: str) -> CaseToken | None:
    """The case that the part after the last plus of an address names."""
    local = address.rpartition("@")[0]
    base, plus, detail = local.rpartition("+")
    return read_case_token(detail, key=key) if base and plus else None


def tokens_in_subject(subject: str, *, key: str) -> list[CaseToken]:
    """The cases that a subject names in square brackets."""
    found = (read_case_token(one, key=key) for one in _IN_SUBJECT.findall(subject[:2_000]))
    return [one for one in found if one is not None]


def _case_signature(bare_id: str, key: str) -> str:
    content = f"headwater.channels.case|{_CASE_VERSION}|{bare_id}"
    return as_base32(hmac.new(key.encode(), content.encode(), hashlib.sha256).digest()[:10])


def as_base32(content: bytes) -> str:
    """The bytes for an address: lower case, without padding."""
    return base64.b32encode(content).decode().rstrip("=").lower()


def from_base32(text: str) -> str:
    """The text in it, or nothing where it is no text of ours, written as we write it."""
    try:
        content = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
        # Several spellings could stand for the same bytes; only ours names a case.
        return content.decode("ascii") if as_base32(content) == text else ""
    except (ValueError, UnicodeDecodeError):
        return ""


def _signature(bare_id: str, key: str) -> str:
    # The purpose is part of what is signed: a signature made elsewhere is worth nothing here.
    content = f"headwater.channels.message-id|{_VERSION}|{bare_id}"
    digest = hmac.new(key.encode(), content.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode().rstrip("=")
