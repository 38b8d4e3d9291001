"""Message ids of ours: they name a message, and only we can make them. Pure.

`<hw1.….signature@domain>`: the user's mail client gives it back in In-Reply-To, so the case
is found without guessing, and nobody can invent one for a case that they have not seen. It is kept
short: some mail software garbles ids that do not fit on one line of a header.
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


def _signature(bare_id: str, key: str) -> str:
    # The purpose is part of what is signed: a signature made elsewhere is worth nothing here.
    content = f"headwater.channels.message-id|{_VERSION}|{bare_id}"
    digest = hmac.new(key.encode(), content.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_SIGNATURE_BYTES]).decode().rstrip("=")
