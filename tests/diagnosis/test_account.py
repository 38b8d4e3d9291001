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
