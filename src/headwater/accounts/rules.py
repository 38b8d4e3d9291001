"""Identity before evidence, as pure functions."""

import re
from datetime import datetime, timedelta
from typing import Literal

Identity = Literal["verified", "unverified", "unknown"]

ASK_AGAIN_AFTER = timedelta(days=1)
ASKS_A_DAY = 3

# Addresses there say nothing about who somebody works for.
PUBLIC_DOMAINS = frozenset(
    """
    aol.com fastmail.com free.fr gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com
    icloud.com live.com mac.com mail.com mail.ru mailbox.org me.com msn.com orange.fr outlook.com
    pm.me posteo.de proton.me protonmail.com qq.com t-online.de web.de yahoo.co.uk yahoo.com
    yandex.ru ymail.com zoho.com 163.com
    """.split()
)
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


def may_ask(*, last_asked: datetime | None, asked_for_account: int, now: datetime) -> bool:
    """True if one more confirm mail may go to an account's owner.

    Anybody can claim any account, so the mails a stranger can cause are few: one a day for the
    same person, and `ASKS_A_DAY` a day for the account, whoever claims it.
    """
    if asked_for_account >= ASKS_A_DAY:
        return False
    return last_asked is None or now - last_asked >= ASK_AGAIN_AFTER
