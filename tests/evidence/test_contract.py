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
        ('[tables.a]\ngrain="g"\nderive="id"\n[tables.a.columns]\nid="text"', "not a reference"),
    ],
)
def test_a_broken_contract_is_explained(text: str, complaint: str) -> None:
    with pytest.raises(ContractBroken, match=complaint):
        parse_contract(text)


def test_nearest_name() -> None:
    contract = load_contract()
    assert contract.nearest("charge") == "charges"
    assert contract.nearest("acount_id", contract.tables["charges"].columns) == "account_id"
    assert contract.nearest("zzzzqqq") is None
