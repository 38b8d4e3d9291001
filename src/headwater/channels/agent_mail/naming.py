"""The signed Message-ID of a mail that tells an agent of a case; pure.

`<hwn1.case.agent.signature.…@domain>`: whoever answers it can only mean this case as this agent.
"""

import hmac
import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from headwater.channels.tokens import as_base32

_VERSION = "hwn1"
_FORM = re.compile(r"^<hwn1\.([0-9A-Za-z]{1,40})\.([0-9A-Za-z]{1,40})\.([a-z2-7]{1,32})\.")


class Told(NamedTuple):
    """Which case an agent was told of."""

    case_id: str
    agent_id: str


def news_message_id(told: Told, outgoing_id: str, *, key: str, domain: str) -> str:
    """The Message-ID of one mail of news."""
    case, agent = told.case_id.partition("_")[2], told.agent_id.partition("_")[2]
    return f"<{_VERSION}.{case}.{agent}.{_signature(told, key)}.{outgoing_id[-4:]}@{domain}>"


def named_news(rfc_ids: Iterable[str], *, key: str) -> Told | None:
    """What the first of these ids that we signed was about; None where none was ours."""
    for rfc_id in rfc_ids:
        found = _FORM.match(rfc_id)
        if found is None:
            continue
        told = Told(f"case_{found[1]}", f"agt_{found[2]}")
        if hmac.compare_digest(_signature(told, key), found[3]):
            return told
    return None


def _signature(told: Told, key: str) -> str:
    content = f"headwater.channels.news|{_VERSION}|{told.case_id}|{told.agent_id}"
    return as_base32(hmac.new(key.encode(), content.encode(), sha256).digest()[:10])
