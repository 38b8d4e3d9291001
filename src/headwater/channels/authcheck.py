"""SPF, DKIM and DMARC of a mail, worked out from its bytes. Pure: whoever calls brings the DNS.

A lookup that fails is never a pass. Where the domain wishes forged mail refused, or may wish it,
and nobody could find out, the verdict is `open`: neither believed nor called a forgery.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Literal

import dkim
import dmarc
import spf
import tldextract

from headwater.channels.authres import Verdict

How = Literal["header", "computed", "none"]
# Answers of a record type at a name: bytes for TXT, (preference, host) for MX, else text.
# No answer is an empty list; DnsTrouble where it is not known whether there is one.
Lookup = Callable[[str, str], Sequence[Any]]

MOST_SIGNATURES = 5
# Verifying holds a mail several times over; what is larger is left unchecked.
MOST_BYTES = 20_000_000
_MOST_VOID = 2
_SMALLEST_KEY = 1024
_ENFORCED = (dmarc.DMARCDisposition.QUARANTINE, dmarc.DMARCDisposition.REJECT)


class DnsTrouble(Exception):
    """The domain system gave no answer in time, or a broken one."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM signature: `result` is pass, fail, temperror, or policy if it proves too little."""

    domain: str
    result: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How sure a mail's sender is, and what was found on the way. Empty texts: not looked at."""

    verdict: Verdict
    how: How = "none"
    domain: str = ""
    spf: str = ""
    spf_domain: str = ""
    dkim: tuple[Signature, ...] = ()
    dmarc: str = ""
    # What the domain asks for with mail that is not proven: none, quarantine, reject.
    policy: str = ""

    def as_json(self) -> dict[str, Any]:
        """For `RawMail.auth_detail`."""
        return asdict(self) if self.how != "none" else {}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A mail as it was handed over. `peer` is the address of the host that did, if it is known."""

    raw: bytes = field(repr=False)
    from_domain: str
    peer: str = ""
    envelope_from: str = ""


def check(delivery: Delivery, lookup: Lookup) -> Finding:
    """What the sender's domain says of a mail that claims to come from it."""
    domain = _ascii(delivery.from_domain)
    if not domain or len(delivery.raw) > MOST_BYTES:
        return Finding("none")
    spf_result, spf_domain = _spf(delivery, lookup)
    signatures = _signatures(delivery.raw, lookup)
    try:
        policy = _policy(domain, lookup)
    except DnsTrouble:
        result, wish = "temperror", ""
        proven = any(one.result == "pass" and one.domain == domain for one in signatures)
        verdict: Verdict = "pass" if proven else "open"
    else:
        result, wish, verdict = _judge(domain, policy, spf_result, spf_domain, signatures)
    return Finding(
        verdict, "computed", domain, spf_result, spf_domain, signatures, result, wish
    )  # fmt: skip


def _judge(
    domain: str,
    policy: dmarc.Policy | None,
    spf_result: str,
    spf_domain: str,
    signatures: Sequence[Signature],
) -> tuple[str, str, Verdict]:
    """DMARC's result, the policy that it was judged by, and what we believe."""
    if policy is None:
        # No policy, yet a signature of the very domain proves that it sent the mail.
        signed = any(
            one.result == "pass" and _organisation(one.domain) == _organisation(domain)
            for one in signatures
        )
        return "none", "", "pass" if signed else "none"
    judged = _Dmarc().get_result(
        policy,
        auth_results=dmarc.AuthResults(
            spf=dmarc.SPF(spf_domain, dmarc.SPFResult.PASS) if spf_result == "pass" else None,
            dkim=[
                dmarc.DKIM(one.domain, dmarc.DKIMResult.PASS)
                for one in signatures
                if one.result == "pass"
            ],
        ),
        # A domain that only tries its policy out does not ask for it.
        allow_policy_test_mode=True,
    )
    wish = str(judged.disposition.value or "none")
    if judged.result is dmarc.DMARCResult.PASS:
        return "pass", str(policy.p.value), "pass"
    # Without the host that sent it, SPF might have passed: nothing is disproven.
    unsure = spf_result in {"", "temperror"} or any(one.result == "temperror" for one in signatures)
    if judged.disposition not in _ENFORCED:
        return "fail", wish, "none"
    return ("temperror", wish, "open") if unsure else ("fail", wish, "fail")


class _Dmarc(dmarc.DMARC):  # type: ignore[misc]  # the library has no types
    """The library's own comparison takes two tenants of one public suffix for each other."""

    def check_alignment(
        self, fd: str, ad: str, mode: dmarc.DMARCAlignment, psl: object = None
    ) -> bool:
        if mode is dmarc.DMARCAlignment.STRICT:
            return fd.lower() == ad.lower()
        return bool(_organisation(fd)) and _organisation(fd) == _organisation(ad)


def _policy(domain: str, lookup: Lookup) -> dmarc.Policy | None:
    """The policy for a domain, its own or its organisation's. Raises DnsTrouble."""
    organisation = _organisation(domain)
    for name in dict.fromkeys([domain, organisation]):
        texts = [_text(one) for one in lookup(f"_dmarc.{name}", "TXT")] if name else []
        found = [text for text in texts if text.split(";")[0].replace(" ", "") == "v=DMARC1"]
        if not found:
            continue
        if len(found) > 1:
            return None
        try:
            return dmarc.DMARC().parse_record(
                found[0], domain, None if name == domain else organisation, strict=False
            )
        except dmarc.RecordSyntaxError:
            return None
    return None


class _Spf(spf.query):  # type: ignore[misc]  # the library has no types
    """pyspf's rules over the lookup that was given."""

    ask: Lookup

    def dns(
        self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False
    ) -> list[Any]:
        try:
            found = list(self.ask(str(name).rstrip(".").lower(), qtype))
        except DnsTrouble as trouble:
            raise spf.TempError(str(trouble)) from trouble
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > _MOST_VOID:
                raise spf.PermError("Void lookup limit exceeded")
        if qtype in {"TXT", "SPF"}:
            return [(one,) for one in found]
        return found


def _spf(delivery: Delivery, lookup: Lookup) -> tuple[str, str]:
    domain = _ascii(delivery.envelope_from.rpartition("@")[2])
    if not delivery.peer or not domain:
        return "", ""
    try:
        query = _Spf(i=delivery.peer, s=delivery.envelope_from, h=domain, querytime=20)
        query.ask = lookup
        return str(query.check()[0]), domain
    except Exception:
        # Whatever the library stumbles over proves nothing.
        return "permerror", domain


def _signatures(raw: bytes, lookup: Lookup) -> tuple[Signature, ...]:
    """What each DKIM signature proves, topmost first."""
    found: list[Signature] = []
    for index in range(MOST_SIGNATURES):
        try:
            verifier = dkim.DKIM(raw, minkey=_SMALLEST_KEY)
        except (dkim.DKIMException, ValueError, UnicodeError, IndexError):
            break
        if sum(name.lower() == b"dkim-signature" for name, _ in verifier.headers) <= index:
            break
        found.append(_signature(verifier, index, lookup))
    return tuple(found)


def _signature(verifier: dkim.DKIM, index: int, lookup: Lookup) -> Signature:
    troubled = False

    def ask(name: bytes, timeout: float = 0) -> bytes | None:
        nonlocal troubled
        try:
            answers = lookup(name.decode("ascii", "replace").rstrip("."), "TXT")
        except DnsTrouble as trouble:
            troubled = True
            raise dkim.DnsTimeoutError(str(trouble)) from trouble
        return bytes(answers[0]) if answers else None

    try:
        fits = bool(verifier.verify(idx=index, dnsfunc=ask))
    except Exception:
        # A signature that the library cannot read is no proof; the mail is read all the same.
        fits = False
    fields = getattr(verifier, "signature_fields", None) or {}
    domain = _ascii(bytes(fields.get(b"d", b"")).decode("ascii", "replace"))
    if troubled:
        return Signature(domain, "temperror")
    if fits and b"l" in fields:
        # Anybody can add text below the part that it covers.
        return Signature(domain, "policy")
    return Signature(domain, "pass" if fits else "fail")


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    # The list that comes with the library: nothing is fetched.
    return tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
    )


def _organisation(domain: str) -> str:
    """The registered domain that a name belongs to; the name itself where there is none."""
    return _suffixes()(domain).top_domain_under_public_suffix or domain.lower()


def _ascii(domain: str) -> str:
    domain = domain.strip().strip(".").lower()
    try:
        return domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _text(answer: Any) -> str:
    return bytes(answer).decode("utf-8", "replace").strip()
