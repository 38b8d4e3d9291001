"""The signed name of a side conversation, in the address that answers go to and in message ids.

`hwa1-…-signature` in an address, whose letter case servers change, `<hwa1.….signature.…@domain>` as
an id; nobody can make one up, and a case's own name is none (another purpose is
signed). Pure.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256

from headwater.channels.tokens import as_base32, from_base32

_VERSION = "hwa1"
_PREFIX = "aside_"
_FORM = re.compile(r"hwa1-([a-z2-7]{1,64})-([a-z2-7]{1,32})", re.IGNORECASE)
_IN_ID = re.compile(r"^<hwa1\.([0-9A-Za-z]{1,40})\.([a-z2-7]{1,32})\.")
_LONGEST_LOCAL = 64


def aside_token(aside_id: str, *, key: str) -> str:
    """The name of a side conversation; lower case."""
    bare = aside_id.removeprefix(_PREFIX)
    return f"{_VERSION}-{as_base32(bare.encode())}-{_signature(bare, key)}"


def aside_address(mailbox: str, aside_id: str, *, key: str) -> str:
    """The mailbox with the name after a plus; the mailbox alone where that is too long."""
    local, _, domain = mailbox.rpartition("@")
    named = f"{local}+{aside_token(aside_id, key=key)}"
    return f"{named}@{domain}" if local and len(named) <= _LONGEST_LOCAL else mailbox


def aside_message_id(aside_id: str, message_id: str, *, key: str, domain: str) -> str:
    """The Message-ID of one of our mails in it; short, since some software garbles a folded one."""
    bare = aside_id.removeprefix(_PREFIX)
    return f"<{_VERSION}.{bare}.{_signature(bare, key)}.{message_id[-8:]}@{domain}>"


def named_aside(texts: Iterable[str], *, key: str) -> str:
    """The side conversation that the first genuine name in these ids and addresses is of, or ""."""
    for text in texts:
        for bare, signature in _names_in(text[:1_000]):
            if bare and hmac.compare_digest(_signature(bare, key), signature.lower()):
                return _PREFIX + bare
    return ""


def _names_in(text: str) -> Iterator[tuple[str, str]]:
    for found in _FORM.finditer(text):
        yield from_base32(found[1].lower()), found[2]
    for found in _IN_ID.finditer(text):
        yield found[1], found[2]


def _signature(bare_id: str, key: str) -> str:
    content = f"headwater.channels.aside|{_VERSION}|{bare_id}"
    return as_base32(hmac.new(key.encode(), content.encode(), sha256).digest()[:10])
