"""Mails are raw, varied and never give the cause away by a fixed phrase."""

import json
import tomllib
from collections import Counter
from email import message_from_bytes
from email.policy import default
from importlib.resources import files
from pathlib import Path

import numpy as np

from headwater.kit.clock import parse_utc
from headwater.sandbox.mails.compose import Author, compose
from headwater.sandbox.plan import CAUSES, OTHERS
from tests.sandbox.conftest import Query


def test_mails_and_case_lines_tell_the_same(world: Path) -> None:
    cases = [json.loads(line) for line in (world / "cases.jsonl").read_text("utf-8").splitlines()]
    mails = sorted((world / "inbox").glob("*.eml"))
    assert len(mails) == len(cases) > 15
    for case, path in zip(cases, mails, strict=True):
        assert list(case) == [
            "case_id", "from_email", "subject", "body", "account_id", "received_at",
        ]  # fmt: skip
        mail = message_from_bytes(path.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        assert body is not None
        assert mail["From"].addresses[0].addr_spec == case["from_email"]
        assert mail["Subject"] == case["subject"]
        assert body.get_content().strip().splitlines() == case["body"].strip().splitlines()
        assert mail["Date"].datetime == parse_utc(case["received_at"]).replace(microsecond=0)
        assert mail["Message-ID"]


def test_most_mails_are_authenticated_and_sent_by_the_owner(world: Path, ask: Query) -> None:
    emails = {row[0] for row in ask("SELECT email FROM accounts")}
    verdicts: Counter[str] = Counter()
    owners = 0
    for path in (world / "inbox").glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=default)
        results = str(mail["Authentication-Results"] or "")
        verdicts["pass" if "dmarc=pass" in results else "other"] += 1
        owners += mail["From"].addresses[0].addr_spec in emails
    assert verdicts["pass"] > 0.7 * verdicts.total()
    assert 0.6 * verdicts.total() < owners


def test_every_cause_is_told_in_many_ways() -> None:
    text = files("headwater.sandbox.mails").joinpath("phrases.toml").read_text("utf-8")
    book = tomllib.loads(text)
    assert set(book) == {*CAUSES, *OTHERS, "none"}
    for mode in CAUSES:
        assert len(set(book[mode]["say"])) >= 12, mode
    told = [phrase for mode in book for phrase in book[mode]["say"]]
    assert len(told) == len(set(told))


def test_mails_of_one_cause_hardly_repeat() -> None:
    rng = np.random.default_rng(4)
    author = Author("Ana Silva", "Cedar Books")
    mails = [compose(rng, "WH-04", author, "evt_" + "a1B2c3D4" * 3) for _ in range(60)]
    assert len({body for _, body in mails}) == 60
    assert all("{" not in subject + body for subject, body in mails)
    whole = sum("evt_" + "a1B2c3D4" * 3 in body for _, body in mails)
    assert 30 < whole < 60
