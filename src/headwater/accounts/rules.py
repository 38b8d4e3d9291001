"""Identity before evidence, as pure functions."""

import re
from typing import Literal

Identity = Literal["verified", "unverified", "unknown"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def normal_email(address: str) -> str:
    """The form under which an address is stored and compared: trimmed, lower case."""
    return _CONTROL.sub("", address).strip().lower()


def clean_name(name: str) -> str:
    """A person's name on one line, at most 200 characters."""
    return _CONTROL.sub(" ", name).strip()[:200]


def identity_of(*, account_known: bool, link_verified: bool) -> Identity:
    """What a sender may see: facts only if `verified`; `unverified` is a mere claim."""
    if not account_known:
        return "unknown"
    return "verified" if link_verified else "unverified"


def mail_proves_ownership(*, sender: str, registered: str, authenticated: bool) -> bool:
    """True if a mail by itself verifies its sender for an account.

    It must come from the registered address *and* have passed authentication: a From line
    alone can be typed by anybody.
    """
    return authenticated and bool(registered) and normal_email(sender) == normal_email(registered)


def masked_email(address: str) -> str:
    """`j•••@example.com`: enough for its owner to recognise, too little to learn it from."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain}" if domain else "•••"
