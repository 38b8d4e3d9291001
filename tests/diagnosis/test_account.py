"""Whose rows a case may read."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from headwater.diagnosis.account import AccountResolver
from headwater.diagnosis.values import CaseInput
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose
from tests.diagnosis.lakes import account, write_lake

Make = Callable[..., CaseInput]
WHO = Purpose("test", "cli", "tests")


@pytest.fixture
def resolver(store: EvidenceStore) -> AccountResolver:
    return AccountResolver(store, store.tables())


def test_the_senders_address_in_any_case(resolver: AccountResolver, case: Make) -> None:
    reach = resolver.resolve(case(), WHO)
    assert (reach.account_id, reach.how, reach.scope) == (
        "acct_Guilty1",
        "sender",
        ("acct_Guilty1",),
    )


def test_an_unknown_sender_reads_nothing_even_when_naming_ids(
    resolver: AccountResolver, case: Make
) -> None:
    reach = resolver.resolve(
        case(from_email="x@evil.example", body="acct_Guilty1 and ch_Bad03x please"), WHO
    )
    assert (reach.account_id, reach.scope, reach.named) == (None, (), ())
    assert "not the registered address" in reach.note


def test_two_accounts_of_one_address_are_told_apart_by_a_named_object(
    resolver: AccountResolver, case: Make
) -> None:
    silent = resolver.resolve(case(from_email="twin@shop.example"), WHO)
    assert (silent.account_id, silent.how) == (None, "ambiguous")
    named = resolver.resolve(case(from_email="twin@shop.example", body="see ch_Twin01x"), WHO)
    assert named.account_id == "acct_TwinB2"
    other = resolver.resolve(case(from_email="twin@shop.example", body="see ch_Bad03x"), WHO)
    assert other.account_id is None


def test_an_object_of_someone_else_is_not_found(resolver: AccountResolver, case: Make) -> None:
    reach = resolver.resolve(case(body="What about ch_Kid03x and ch_Bad03x?"), WHO)
    assert [each.object_id for each in reach.named] == ["ch_Bad03x"]
    assert reach.named[0].linked >= {"pi_Bad03x"}
    assert reach.not_found == ("ch_Kid03x",)


def test_a_platform_reads_its_connected_accounts_or_only_the_named_one(
    resolver: AccountResolver, case: Make
) -> None:
    whole = resolver.resolve(case(from_email="pat@platform.example"), WHO)
    assert whole.scope == ("acct_Platform1", "acct_Child1", "acct_Child2")
    assert whole.kinds["acct_Child1"] == "connected"
    one = resolver.resolve(
        case(from_email="pat@platform.example", body="acct_Child2 is stuck"), WHO
    )
    assert one.scope == ("acct_Platform1", "acct_Child2")


def test_a_connected_account_does_not_read_its_platform(
    resolver: AccountResolver, case: Make
) -> None:
    assert resolver.resolve(case(from_email="one@seller.example"), WHO).scope == ("acct_Child1",)


def test_a_given_account_must_exist(resolver: AccountResolver, case: Make) -> None:
    assert resolver.resolve(case(account_id="acct_Child1"), WHO).how == "given"
    gone = resolver.resolve(case(account_id="acct_Nowhere9"), WHO)
    assert gone.account_id is None
    assert "no account acct_Nowhere9" in gone.note


@pytest.fixture
def guessing(store: EvidenceStore) -> AccountResolver:
    return AccountResolver(store, store.tables(), guess=True)


def test_a_specialist_sees_whose_objects_an_unknown_sender_names(
    guessing: AccountResolver, case: Make
) -> None:
    reach = guessing.resolve(case(from_email="x@elsewhere.example", body="about ch_Bad03x"), WHO)
    assert (reach.account_id, reach.how) == ("acct_Guilty1", "named ids")
    assert "verify them before answering" in reach.note
    assert [each.object_id for each in reach.named] == ["ch_Bad03x"]


def test_objects_of_two_accounts_or_of_none_tell_nothing(
    guessing: AccountResolver, case: Make
) -> None:
    for body in ("ch_Bad03x and ch_Twin01x", "ch_Nowhere1", "my payments fail"):
        assert (
            guessing.resolve(case(from_email="x@elsewhere.example", body=body), WHO).account_id
            is None
        )


def test_a_colleague_is_known_by_the_domain_unless_many_share_it(
    guessing: AccountResolver, case: Make
) -> None:
    reach = guessing.resolve(case(from_email="new.intern@platform.example", body="help"), WHO)
    assert reach.how == "sender's domain" and reach.account_id
    shared = guessing.resolve(case(from_email="somebody@shop.example", body="help"), WHO)
    assert shared.account_id is None


@pytest.fixture
def businesses(tmp_path: Path) -> Iterator[AccountResolver]:
    names = {
        "acct_Rowan": ("Rowan Bakery SARL", "box@rowan.example"),
        "acct_Short": ("Rowan", "box@short.example"),
        "acct_Twice1": ("Granite Studio GmbH", "one@granite.example"),
        "acct_Twice2": ("Granite Studio GmbH", "two@granite.example"),
        "acct_Word": ("Pending", "box@pending.example"),
        "acct_Lumen": ("Lumen", "pay@lumen-studio.example"),
    }
    rows = [account(one, mail) | {"business_name": name} for one, (name, mail) in names.items()]
    lake = write_lake(tmp_path / "lake", {"accounts": rows})
    with closing(open_store(lake, recorder=FileRecorder(tmp_path / "runs"), workers=1)) as store:
        yield AccountResolver(store, store.tables(), guess=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the report is empty\n\nMara Castillo\nRowan Bakery SARL\nTel. 37 143", "acct_Rowan"),
        ("we, ROWAN bakery sarl, get nothing", "acct_Rowan"),
        ("Rowan Bakery SARLs", None),
        ("the till at Granite Studio GmbH", None),  # two of that name
        ("my payment is pending", None),  # a word, not a name
        ("it is Pending", "acct_Word"),
        ("no answer\n-- \nNoah Moreau | lumen-studio.example", "acct_Lumen"),
        ("write to noah@www.lumen-studio.example or https://lumen-studio.example/x", "acct_Lumen"),
        ("granite.example", None),
        ("lumen-studio.example and rowan.example", None),
        ("mine\n\n> Rowan Bakery SARL\n> lumen-studio.example", None),
        ("nobody knows", None),
    ],
)
def test_a_specialist_is_told_whose_business_or_domain_an_unknown_sender_names(
    businesses: AccountResolver, case: Make, text: str, found: str | None
) -> None:
    reach = businesses.resolve(case(from_email="someone@gmail.com", body=text), WHO)
    assert reach.account_id == found
    assert found is None or "verify them before answering" in reach.note
