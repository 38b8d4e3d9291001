"""One small lake and the playbooks that fit it, shared by the tests of the engine."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.values import CaseInput
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore
from tests.diagnosis.lakes import account, charge, request, write_lake
from tests.diagnosis.pages import page

END = datetime(2026, 3, 1, 12)
FRAME = """max(object) AS object_id, min(at) AS first_seen, max(at) AS last_seen,
       count(*) AS occurrences, string_agg(object, ',' ORDER BY object) AS evidence_ids"""
DECLINED = f"""
SELECT account_id, max(code) AS failure_code, {FRAME}
FROM (SELECT account_id, id AS object, created AS at, failure_code AS code FROM charges
      WHERE created >= $window_start AND created < $window_end AND status = 'failed') AS c
GROUP BY account_id
"""
LIMITED = f"""
SELECT account_id, {FRAME}
FROM (SELECT account_id, id AS object, created AS at FROM api_request_logs
      WHERE created >= $window_start AND created < $window_end AND status = 429) AS l
GROUP BY account_id
"""
FAILING = f"""
SELECT account_id, {FRAME}
FROM (SELECT account_id, webhook_endpoint_id AS object, attempted_at AS at
      FROM webhook_delivery_attempts
      WHERE attempted_at >= $window_start AND attempted_at < $window_end
        AND status = 'failed') AS w
GROUP BY account_id
"""


@pytest.fixture(scope="session")
def playbooks() -> dict[str, Playbook]:
    """Three playbooks; the third needs a table that the lake lacks."""
    pages = [
        page(
            "declines",
            "The bank declined",
            ["Cards are declined", "customers cannot pay"],
            sql=DECLINED,
            confused_with={"limits": "A decline carries a decline code, a limit status 429"},
        ),
        page("limits", "Too many requests", ["requests are refused"], sql=LIMITED),
        page("hooks", "Webhook endpoint fails", ["no notifications"], sql=FAILING),
    ]
    return {each.id: each for each in pages}


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty ordinary accounts, one with declines, and a platform with two connected accounts."""
    accounts = [account(f"acct_Plain{n:02}", f"owner{n}@plain.example") for n in range(40)]
    accounts += [
        account("acct_Guilty1", "Ada@Shop.Example"),
        account("acct_TwinA1", "twin@shop.example"),
        account("acct_TwinB2", "twin@shop.example"),
        account("acct_Platform1", "pat@platform.example"),
        account("acct_Child1", "one@seller.example", "acct_Platform1"),
        account("acct_Child2", "two@seller.example", "acct_Platform1"),
    ]
    calls = [
        request(f"req_{each['id']}x1", str(each["id"]), END - timedelta(days=2))
        for each in accounts
    ]
    charges = [
        charge(f"ch_Good{n:02}", f"acct_Plain{n:02}", END - timedelta(days=3)) for n in range(40)
    ]
    for hours in (50, 20, 3):
        at = END - timedelta(hours=hours)
        charges.append(charge(f"ch_Bad{hours:02}x", "acct_Guilty1", at, "card_declined"))
        charges.append(charge(f"ch_Kid{hours:02}x", "acct_Child2", at, "card_declined"))
    charges.append(charge("ch_Twin01x", "acct_TwinB2", END - timedelta(hours=5), "card_declined"))
    charges.append(charge("ch_Old001x", "acct_Plain00", END - timedelta(days=25), "card_declined"))
    charges.append(charge("ch_Late01x", "acct_Plain01", END + timedelta(hours=1), "card_declined"))
    folder = tmp_path_factory.mktemp("lake")
    return write_lake(folder, {"accounts": accounts, "api_request_logs": calls, "charges": charges})


@pytest.fixture(scope="session")
def store(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvidenceStore]:
    """The lake, opened for real."""
    runs = tmp_path_factory.mktemp("runs") / "runs.jsonl"
    opened = open_store(lake, recorder=FileRecorder(runs))
    yield opened
    opened.close()


@pytest.fixture
def case() -> Callable[..., CaseInput]:
    """Makes a case of the guilty account; any field can be given."""

    def make(**more: object) -> CaseInput:
        values: dict[str, object] = {
            "case_id": "case-1",
            "from_email": "ada@shop.example",
            "subject": "Customers cannot pay",
            "body": "Since two days cards are declined.",
            "account_id": None,
            "received_at": END.replace(tzinfo=UTC),
            **more,
        }
        return CaseInput(**values)  # type: ignore[arg-type]

    return make
