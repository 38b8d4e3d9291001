"""How far the sender of a mail that came in is believed: by a trusted host's word, else by DNS."""

import ipaddress
import time
from functools import lru_cache
from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings

from headwater.channels.authcheck import Delivery, DnsTrouble, Finding, Lookup, check
from headwater.channels.authres import domain_verdict
from headwater.channels.models import RawMail
from headwater.channels.parse import ParsedMail

_SECONDS_EACH = 3.0
_SECONDS_IN_ALL = 12.0


def judge(mail: RawMail, parsed: ParsedMail) -> Finding:
    """What is known of a mail's sender.

    What the trusted host wrote on top counts. Where it says neither pass nor fail, the mail is
    checked here (`HEADWATER_CHECK_SENDERS`): by default only if the host that handed it over is a
    public one, because mail that our own hosts pass on arrives from them.
    """
    author = parsed.sender.address if parsed.sender else ""
    domain = author.rpartition("@")[2]
    verdict = domain_verdict(
        parsed.auth_results, trusted=settings.HEADWATER_TRUSTED_AUTHSERV_ID, from_domain=domain
    )
    if verdict != "none":
        return Finding(verdict, "header", domain.lower(), dmarc=verdict)
    peer = mail.peer if is_public(mail.peer) else ""
    wanted = settings.HEADWATER_CHECK_SENDERS
    if not domain or wanted == "never" or (wanted == "received" and not peer):
        return Finding("none")
    return check(Delivery(bytes(mail.raw), domain, peer, mail.envelope_from), lookup())


def is_public(peer: str) -> bool:
    """Whether an address is one of the Internet's, so that SPF can say something of it."""
    try:
        return ipaddress.ip_address(peer).is_global
    except ValueError:
        return False


def lookup() -> Lookup:
    """A lookup for one mail: each question and all of them together end in bounded time."""
    deadline = time.monotonic() + _SECONDS_IN_ALL

    def ask(name: str, kind: str) -> list[Any]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise DnsTrouble("Its lookups took too long.")
        try:
            answer = _resolver().resolve(name, kind, lifetime=min(left, _SECONDS_EACH))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise DnsTrouble(str(error)) from error
        return [_value(kind, one) for one in answer]

    return ask


def _value(kind: str, answer: Any) -> Any:
    if kind in {"TXT", "SPF"}:
        return b"".join(answer.strings)
    if kind == "MX":
        return answer.preference, answer.exchange.to_text(omit_final_dot=True)
    return answer.target.to_text(omit_final_dot=True) if kind == "PTR" else answer.address


@lru_cache(maxsize=1)
def _resolver() -> dns.resolver.Resolver:
    try:
        resolver = dns.resolver.Resolver()
    except dns.exception.DNSException as error:
        raise DnsTrouble(str(error)) from error
    resolver.cache = dns.resolver.LRUCache(5_000)
    return resolver
