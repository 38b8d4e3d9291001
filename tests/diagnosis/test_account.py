"""Whose rows a case may read."""

from collections.abc import Callable

import pytest

from headwater.diagnosis.account import AccountResolver
from headwater.diagnosis.values import CaseInput
from headwater.evidence.types import EvidenceStore, Purpose

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
