"""The contract is consistent, and says what is wrong when it is not."""

import pytest

from headwater.evidence.contract import load_contract, parse_contract
from headwater.evidence.errors import ContractBroken


def test_the_shipped_contract() -> None:
    contract = load_contract()
    assert len(contract.tables) == 53
    charges = contract.tables["charges"]
    assert charges.time == "created" and charges.columns["amount"] == "bigint"
    assert contract.tables["refunds"].derived_from() == ("charge_id", "charges", "id")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nonsense", "cannot be read"),
        ('[tables.a]\ngrain="g"\n[tables.a.columns]\nid="money"', "unknown types"),
        ('[tables.a]\ngrain="g"\ntime="at"\n[tables.a.columns]\nid="text"', "columns it lacks"),
        (
            '[tables.a]\ngrain="g"\nreferences={id="b.id"}\n[tables.a.columns]\nid="text"',
            "unknown b.id",
        ),
        ('[tables.a]\ngrain="g"\nsecret=["k"]\n[tables.a.columns]\nid="text"', "columns it lacks"),
        ('[tables.a]\ngrain="g"\ntime="id"\n[tables.a.columns]\nid="text"', "no timestamp"),
        ('[tables.a]\ngrain="g"\nkeep_days=9\n[tables.a.columns]\nid="text"', "keep_days needs"),
        ('[tables.a]\ngrain="g"\nderive="id"\n[tables.a.columns]\nid="text"', "not a reference"),
    ],
)
def test_a_broken_contract_is_explained(text: str, complaint: str) -> None:
    with pytest.raises(ContractBroken, match=complaint):
        parse_contract(text)


def test_who_may_read_what() -> None:
    tables = load_contract().tables
    assert tables["api_keys"].secret == {"masked"}
    assert tables["account_reviews"].internal == {"internal_note"}
    assert {"risk_score", "internal_features"} <= tables["radar_evaluations"].internal
    assert {"receipt_email", "client_ip", "metadata"} <= tables["charges"].personal
    for table in tables.values():
        assert "metadata" not in table.columns or "metadata" in table.personal, table.name
        emails = {name for name in table.columns if name.endswith("email")}
        assert emails <= table.personal, table.name


def test_how_long_rows_are_kept() -> None:
    kept = {name: t.keep_days for name, t in load_contract().tables.items() if t.keep_days}
    assert kept == {"api_request_logs": 90, "events": 30, "webhook_delivery_attempts": 30}


def test_every_row_can_be_told_apart_by_account_or_belongs_to_nobody() -> None:
    shared = {name for name, table in load_contract().tables.items() if table.account is None}
    assert shared == {"incidents", "api_changelog", "doc_pages", "table_freshness"}


def test_nearest_name() -> None:
    contract = load_contract()
    assert contract.nearest("charge") == "charges"
    assert contract.nearest("acount_id", contract.tables["charges"].columns) == "account_id"
    assert contract.nearest("zzzzqqq") is None
