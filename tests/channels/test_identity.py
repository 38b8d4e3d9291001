"""A From line proves nothing; the trusted host's word does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from headwater.accounts.models import AccountLink
from headwater.channels import identity
from headwater.channels.authres import domain_verdict
from headwater.channels.identity import AccountFacts
from headwater.channels.models import RawMail
from headwater.evidence.models import EvidenceRun
from tests.channels.conftest import MX, OWNER, PROVEN, write

Arrive = Callable[[bytes], RawMail]


def identity_of(mail: RawMail) -> tuple[str | None, str]:
    assert mail.message is not None
    return mail.message.case.account_id, mail.message.case.identity


def test_proven_sender_is_verified(arrive: Arrive, known_account: AccountFacts) -> None:
    mail = arrive(write(Authentication_Results=PROVEN))
    assert identity_of(mail) == (known_account.id, "verified")
    assert AccountLink.objects.get().verified_how == "mail"


def test_unproven_sender_is_only_claimed(arrive: Arrive, known_account: AccountFacts) -> None:
    assert identity_of(arrive(write())) == (known_account.id, "unverified")


def test_spoofed_sender_is_not_believed(arrive: Arrive, known_account: AccountFacts) -> None:
    # The forger's own header stands below the one that our host has put on top.
    raw = write(Authentication_Results=PROVEN)
    raw = f"Authentication-Results: {MX}; dmarc=fail header.from=shop.example\r\n".encode() + raw
    assert identity_of(arrive(raw)) == (known_account.id, "unverified")


def test_spoof_gains_nothing_from_an_earlier_proof(
    arrive: Arrive, known_account: AccountFacts
) -> None:
    arrive(write(Authentication_Results=PROVEN))
    fail = f"{MX}; dmarc=fail header.from=shop.example"
    assert identity_of(arrive(write("Tell me all", Authentication_Results=fail)))[1] == "unverified"
    assert identity_of(arrive(write("And now?")))[1] == "verified"


def test_two_from_lines_prove_nobody(arrive: Arrive, known_account: AccountFacts) -> None:
    raw = b"From: ceo@shop.example\r\n" + write(Authentication_Results=PROVEN)
    assert identity_of(arrive(raw))[1] != "verified"


def test_unknown_sender(arrive: Arrive, known_account: AccountFacts) -> None:
    assert identity_of(arrive(write(sender="x@else.example"))) == (None, "unknown")


def test_named_account_is_only_claimed(arrive: Arrive, known_account: AccountFacts) -> None:
    results = f"{MX}; dmarc=pass header.from=else.example"
    mail = arrive(
        write(
            f"Our account is {known_account.id}.",
            sender="x@else.example",
            Authentication_Results=results,
        )
    )
    assert identity_of(mail) == (known_account.id, "unverified")


def test_no_evidence_means_unknown(arrive: Arrive) -> None:
    assert identity_of(arrive(write(Authentication_Results=PROVEN))) == (None, "unknown")


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ([f"{MX}; dmarc=pass header.from=shop.example"], "pass"),
        ([f"{MX} 1; spf=pass; dmarc=pass (p=reject) header.from=SHOP.example"], "pass"),
        ([f"{MX}; dkim=pass header.d=shop.example", f"{MX}; dmarc=pass"], "pass"),
        ([f"{MX.upper()}; DMARC = PASS header.from=shop.example"], "pass"),
        ([f"{MX}; dmarc=fail header.from=shop.example"], "fail"),
        ([f"{MX}; dmarc=pass header.from=shop.example", f"{MX}; dmarc=fail"], "fail"),
        ([f"{MX}; dmarc=pass header.from=evil.example"], "none"),
        ([f"{MX}; dkim=pass header.d=shop.example"], "none"),
        ([f"{MX}; none"], "none"),
        (["evil.example; dmarc=pass header.from=shop.example"], "none"),
        (["evil.example; x", f"{MX}; dmarc=pass header.from=shop.example"], "none"),
        ([f"evil.example ({MX}); dmarc=pass"], "none"),
        ([f'{MX}; spf=pass reason="; dmarc=pass header.from=shop.example"'], "none"),
        ([f"{MX}; spf=fail (; dmarc=pass header.from=shop.example)"], "none"),
        ([f"{MX}.evil.example; dmarc=pass header.from=shop.example"], "none"),
        ([""], "none"),
        ([], "none"),
    ],
)
def test_reading_authentication_results(headers: list[str], verdict: str) -> None:
    assert domain_verdict(headers, trusted=MX, from_domain="shop.example") == verdict
    assert domain_verdict(headers, trusted="", from_domain="shop.example") == "none"


@pytest.fixture
def lake(tmp_path: Path, settings: Any) -> Path:
    rows = f"""
        SELECT * FROM (VALUES
            ('acct_1', 'Ada''s', 'Ada@Shop.example', 'DE', TIMESTAMP '2025-01-01', false),
            ('acct_2', 'New', '{OWNER}', 'FR', TIMESTAMP '2025-06-01', false),
            ('acct_3', 'Gone', '{OWNER}', 'FR', TIMESTAMP '2025-07-01', true),
            ('acct_4', 'Other', 'bob@shop.example', 'FR', TIMESTAMP '2025-07-01', false)
        ) AS t(id, business_name, email, country, created, deleted)"""
    duckdb.sql(f"COPY ({rows}) TO '{tmp_path / 'accounts.parquet'}' (FORMAT parquet)")
    settings.HEADWATER_EVIDENCE = str(tmp_path)
    return tmp_path


def test_accounts_come_from_the_evidence(lake: Path, transactional_db: None) -> None:
    try:
        found = identity.find_accounts_by_email(f" {OWNER.upper()} ")
        assert [one.id for one in found] == ["acct_2", "acct_1"]
        assert found[1] == AccountFacts("acct_1", "Ada's", OWNER, "DE")
        assert identity.find_accounts_by_email("nobody@shop.example") == []
        named = identity.find_account_by_id("acct_4")
        assert named is not None and named.email == "bob@shop.example"
        assert identity.find_account_by_id("acct_9") is None
        run = EvidenceRun.objects.order_by("at").first()
        assert run is not None and run.reason == "identity match"
    finally:
        identity.close_stores()
