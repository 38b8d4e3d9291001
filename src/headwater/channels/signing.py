"""DKIM signatures on what leaves (RFC 6376), by dkimpy."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from headwater.kit.errors import HeadwaterError

# Signed even where a mail has none of them, so that nobody can add one on the way (RFC 6376, 8.15).
_OVERSIGNED = (b"from", b"to", b"cc", b"subject", b"reply-to")
_SIGNED = (
    *_OVERSIGNED,
    *_OVERSIGNED,
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"auto-submitted",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)


class SigningFailed(HeadwaterError):
    """The key cannot be used; nothing is sent unsigned meanwhile."""

    code = "signing_failed"


def signed(content: bytes, *, domain: str) -> bytes:
    """The mail with a DKIM signature of `domain` on top; as it was where no key is set.

    Raises SigningFailed.
    """
    path = settings.HEADWATER_DKIM_KEY_FILE
    if not path:
        return content
    import dkim

    try:
        key = _key(path, Path(path).stat().st_mtime_ns)
        header = dkim.sign(
            content,
            settings.HEADWATER_DKIM_SELECTOR.encode(),
            domain.encode("idna"),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=b"ed25519-sha256" if len(key) < 100 else b"rsa-sha256",
            include_headers=list(_SIGNED),
        )
    except (OSError, UnicodeError, ValueError, dkim.DKIMException) as error:
        raise SigningFailed(
            f"The mail cannot be signed with the key in {path}: {error}",
            hint="Set HEADWATER_DKIM_KEY_FILE to a PEM file with an RSA key, or empty it.",
        ) from error
    return bytes(header) + content


@lru_cache(maxsize=4)
def _key(path: str, _changed: int) -> bytes:
    return Path(path).read_bytes().strip()
