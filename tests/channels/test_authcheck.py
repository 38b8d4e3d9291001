"""SPF, DKIM and DMARC with keys made here and a domain system of our own."""

import base64
from collections.abc import Sequence
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from headwater.channels.authcheck import Delivery, DnsTrouble, Finding, Signature, check

PEER = "93.184.215.14"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE = _KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
)
PUBLIC = b"v=DKIM1; k=rsa; p=" + base64.b64encode(
    _KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
)
RAW = (
    b"From: Ada <ada@shop.example.com>\r\nTo: support@pay.example.net\r\nSubject: It fails\r\n"
    b"Message-ID: <1@shop.example.com>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n\r\n"
    b"It fails since noon.\r\n"
)
REJECT, WATCH = b"v=DMARC1; p=reject", b"v=DMARC1; p=none"


class Names:
    """A domain system in a dictionary; `broken` names never answer."""

    def __init__(self, records: dict[tuple[str, str], list[Any]], broken: Sequence[str] = ()):
        self.records, self.broken = records, broken

    def __call__(self, name: str, kind: str) -> list[Any]:
        if name in self.broken:
            raise DnsTrouble("timed out")
        return self.records.get((name, kind), [])


def names(*, policy: bytes | None = REJECT, broken: Sequence[str] = (), **more: Any) -> Names:
    records: dict[tuple[str, str], list[Any]] = {
        ("s1._domainkey.example.com", "TXT"): [PUBLIC],
        ("s1._domainkey.shop.example.com", "TXT"): [PUBLIC],
        ("s1._domainkey.evil.example.org", "TXT"): [PUBLIC],
        ("shop.example.com", "TXT"): [b"other", b"v=spf1 ip4:93.184.215.0/24 -all"],
        ("evil.example.org", "TXT"): [b"v=spf1 a -all"],
        ("evil.example.org", "A"): [PEER],
    }
    if policy is not None:
        records["_dmarc.example.com", "TXT"] = [policy]
    records.update(more.get("records", {}))
    return Names(records, broken)


def signed(raw: bytes = RAW, domain: bytes = b"example.com", **more: Any) -> bytes:
    header = dkim.sign(raw, b"s1", domain, PRIVATE, canonicalize=(b"relaxed", b"relaxed"), **more)
    return bytes(header) + raw


def found(raw: bytes, lookup: Names, *, peer: str = "", sender: str = "") -> Finding:
    return check(Delivery(raw, "shop.example.com", peer, sender), lookup)


def test_a_signature_of_the_organisation_is_a_pass() -> None:
    finding = found(signed(), names())
    assert finding.verdict == "pass"
    assert finding.dkim == (Signature("example.com", "pass"),)
    assert (finding.dmarc, finding.policy, finding.spf) == ("pass", "reject", "")


def test_the_envelope_of_the_domain_from_its_host_is_a_pass() -> None:
    finding = found(RAW, names(), peer=PEER, sender="bounces@shop.example.com")
    assert (finding.verdict, finding.spf, finding.spf_domain) == (
        "pass", "pass", "shop.example.com",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "verdict"),
    [(REJECT, "fail"), (b"v=DMARC1; p=quarantine; pct=100", "fail"), (WATCH, "none"),
     (None, "none"),
     (b"v=DMARC1; p=reject; sp=none", "none"), (b"v=DMARC1; p=none; sp=reject", "fail"),
     (b"v=DMARC1; p=quarantine; t=y", "none"), (b"v=DMARC1;p=nonsense", "none"),
     (b"v=DMARC1", "none"), (b"v=DMARC9; p=reject", "none")],
)  # fmt: skip
def test_a_forgery_by_what_the_domain_asks_for(policy: bytes | None, verdict: str) -> None:
    forged = found(RAW, names(policy=policy), peer="8.8.8.8", sender="ada@shop.example.com")
    assert forged.verdict == verdict
    assert forged.spf == "fail"


def test_what_proves_another_domain_proves_nothing() -> None:
    """All that a stranger can prove is that the mail is theirs."""
    raw = signed(domain=b"evil.example.org")
    finding = found(raw, names(), peer=PEER, sender="eve@evil.example.org")
    assert finding.verdict == "fail"
    assert (finding.spf, finding.spf_domain) == ("pass", "evil.example.org")
    assert finding.dkim == (Signature("evil.example.org", "pass"),)
    assert found(raw, names(policy=None), peer=PEER).verdict == "none"


@pytest.mark.parametrize(
    ("domain", "policy", "verdict"),
    [(b"example.com", b"v=DMARC1; p=reject; adkim=s", "fail"),
     (b"shop.example.com", b"v=DMARC1; p=reject; adkim=s", "pass")],
)  # fmt: skip
def test_a_strict_domain_wants_its_own_name(domain: bytes, policy: bytes, verdict: str) -> None:
    raw = signed(domain=domain)
    finding = found(raw, names(policy=policy), peer="8.8.8.8", sender="x@nowhere.example")
    assert finding.verdict == verdict


def test_two_tenants_of_one_suffix_are_two_organisations() -> None:
    raw = signed(RAW.replace(b"shop.example.com", b"ada.github.io"), b"eve.github.io")
    lookup = names(
        records={
            ("s1._domainkey.eve.github.io", "TXT"): [PUBLIC],
            ("_dmarc.ada.github.io", "TXT"): [REJECT],
        }
    )
    finding = check(Delivery(raw, "ada.github.io", "8.8.8.8", "x@nowhere.example"), lookup)
    assert finding.dkim == (Signature("eve.github.io", "pass"),)
    assert finding.verdict == "fail"


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"since noon", b"since noon, send me all"), (b"Subject: It fails", b"Subject: Refund me"),
     (b"ada@shop", b"eve@shop"), (b"From: Ada", b"From: Eve <eve@shop.example.com>\r\nFrom: Ada")],
)  # fmt: skip
def test_a_changed_mail_is_no_longer_signed(old: bytes, new: bytes) -> None:
    finding = found(signed().replace(old, new, 1), names(), peer="8.8.8.8", sender="x@y.example")
    assert finding.verdict == "fail"
    assert finding.dkim == (Signature("example.com", "fail"),)


def test_a_signature_over_a_part_only_proves_too_little() -> None:
    raw = signed(length=True) + b"<p>And now pay me.</p>\r\n"
    assert found(raw, names()).dkim == (Signature("example.com", "policy"),)
    assert found(raw, names()).verdict == "open"
    assert found(raw, names(policy=None)).verdict == "none"


def test_a_signature_without_a_policy_is_a_pass_and_an_envelope_is_not() -> None:
    assert found(signed(), names(policy=None)).verdict == "pass"
    lookup = names(policy=None)
    assert found(RAW, lookup, peer=PEER, sender="ada@shop.example.com").verdict == "none"


def test_missing_records_prove_nothing() -> None:
    empty = Names({})
    finding = found(signed(), empty, peer=PEER, sender="ada@shop.example.com")
    assert (finding.verdict, finding.spf, finding.dmarc) == ("none", "none", "none")
    assert finding.dkim == (Signature("example.com", "fail"),)
    keyless = names(records={("s1._domainkey.example.com", "TXT"): [b"v=DKIM1; p="]})
    assert found(signed(), keyless, peer="8.8.8.8", sender="x@y.example").verdict == "fail"
    two = names(records={("_dmarc.example.com", "TXT"): [REJECT, REJECT]})
    assert found(RAW, two).verdict == "none"


@pytest.mark.parametrize(
    "broken", ["_dmarc.example.com", "_dmarc.shop.example.com", "s1._domainkey.example.com"]
)
def test_a_lookup_that_fails_is_neither_a_pass_nor_a_forgery(broken: str) -> None:
    finding = found(signed(), names(broken=[broken]), peer="8.8.8.8", sender="ada@shop.example.com")
    assert finding.verdict == "open"
    assert finding.dmarc == "temperror"


def test_a_broken_lookup_of_spf_leaves_it_open() -> None:
    lookup = names(broken=["shop.example.com"])
    finding = found(RAW, lookup, peer=PEER, sender="ada@shop.example.com")
    assert (finding.verdict, finding.spf) == ("open", "temperror")
    # What is proven in another way needs no SPF.
    assert found(signed(), lookup, peer=PEER, sender="ada@shop.example.com").verdict == "pass"


def test_a_signature_of_the_very_domain_needs_no_policy_to_answer() -> None:
    lookup = names(broken=["_dmarc.example.com", "_dmarc.shop.example.com"])
    assert found(signed(domain=b"shop.example.com"), lookup).verdict == "pass"


def test_without_the_sending_host_nothing_is_called_a_forgery() -> None:
    assert found(RAW, names()).verdict == "open"
    assert found(RAW, names(policy=WATCH)).verdict == "none"


def test_lookups_without_end_are_bounded() -> None:
    asked: list[str] = []

    def endless(name: str, kind: str) -> list[Any]:
        asked.append(name)
        if name.startswith("_dmarc."):
            return []
        return [f"v=spf1 include:a{len(asked)}.{name} -all".encode()] if kind == "TXT" else []

    many = b"".join(
        b"DKIM-Signature: v=1; a=rsa-sha256; d=d%d.example; s=s; h=from; bh=YQ==; b=YQ==\r\n" % n
        for n in range(500)
    )
    finding = check(Delivery(many + RAW, "shop.example.com", PEER, "ada@shop.example.com"), endless)
    assert finding.spf == "permerror"
    assert len(finding.dkim) == 5
    assert len(asked) < 40


@pytest.mark.parametrize("raw", [b"\x00", b"DKIM-Signature: x\r\n\r\n", b"DKIM-Signature:\xff\n\n",
                                 b"no headers at all", RAW.replace(b"\r\n", b"\n")])  # fmt: skip
def test_bytes_that_are_no_mail_raise_nothing(raw: bytes) -> None:
    assert found(raw, names(policy=WATCH)).verdict == "none"
    assert check(Delivery(raw, "\udce4.\u2603" * 90), names()).verdict == "none"
