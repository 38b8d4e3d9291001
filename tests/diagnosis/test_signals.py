"""What each feature of a finding reads."""

from datetime import datetime, timedelta

import pytest

from headwater.diagnosis.account import Named
from headwater.diagnosis.base_rates import Rate
from headwater.diagnosis.signals import Complaint, Signal, main_rows, signals
from headwater.diagnosis.values import Row

NOW = datetime(2026, 3, 1, 12)


def row(**more: object) -> Row:
    values: dict[str, object] = {
        "account_id": "acct_1A2b3C",
        "object_id": "we_1A2b3C",
        "first_seen": NOW - timedelta(days=3),
        "last_seen": NOW - timedelta(hours=2),
        "occurrences": 4,
        "evidence_ids": "evt_1A2b3C, evt_2B3c4D",
        **more,
    }
    return values  # type: ignore[return-value]


def found(
    row: Row,
    text: str = "",
    *,
    named: tuple[Named, ...] = (),
    rate: Rate | None = None,
    chances: int = 1,
) -> dict[str, Signal]:
    return signals(
        row,
        Complaint(text.lower(), NOW, named),
        text_scores={"p": 6.0, "q": 0.0},
        playbook="p",
        rate=rate,
        chances=chances,
    )


def test_a_rare_sign_surprises_more_than_a_common_one() -> None:
    rare = found(row(), rate=Rate(3, 3, 1_900))["surprise"]
    common = found(row(), rate=Rate(760, 760, 1_900))["surprise"]
    assert rare.value == pytest.approx(1.66, abs=0.01)
    assert common.value == pytest.approx(0.30, abs=0.01)
    assert rare.text == "3 of 1,900 comparable accounts show this"


def test_a_lone_sign_surprises_little_more_among_thousands_than_among_thirty() -> None:
    few = found(row(), rate=Rate(0, 0, 30))["surprise"].value
    many = found(row(), rate=Rate(0, 0, 30_000))["surprise"].value
    assert few < many < few + 0.5


def test_a_sign_among_many_connected_accounts_surprises_less() -> None:
    one = found(row(), rate=Rate(19, 19, 1_900))["surprise"].value
    many = found(row(), rate=Rate(19, 19, 1_900), chances=40)["surprise"].value
    assert many == pytest.approx(0.36, abs=0.02)
    assert one > 3.5 * many


def test_without_a_base_rate_a_sign_counts_as_one_in_twenty() -> None:
    values = found(row())
    assert (values["surprise"].value, values["magnitude"].value) == (1.0, 0.0)


def test_a_common_sign_that_is_unusually_strong_still_counts() -> None:
    values = found(row(), rate=Rate(760, 2, 1_900))
    assert values["magnitude"].value > 1.3


def test_named_objects_count_directly_and_through_what_they_are_tied_to() -> None:
    direct = Named("evt_2B3c4D", "events", "acct_1A2b3C")
    tied = Named("pi_9Z8y7X", "payment_intents", "acct_1A2b3C", frozenset({"we_1A2b3C"}))
    assert found(row(), named=(direct,))["named"].value == 1.0
    assert found(row(), named=(tied,))["named"].value == 1.0
    assert found(row())["named"].value == 0.0


def test_a_connected_account_that_is_named_counts_apart_from_its_objects() -> None:
    seller = Named("acct_1A2b3C", "accounts", "acct_1A2b3C", frozenset({"acct_Platform"}))
    values = found(row(), named=(seller,))
    assert values["named_account"].value == 1.0 and values["named"].value == 0.0
    # One's own account is a signature.
    own = Named("acct_1A2b3C", "accounts", "acct_1A2b3C")
    assert found(row(), named=(own,))["named_account"].value == 0.0


def test_an_id_cut_short_still_names_its_object() -> None:
    def named(*ids: str) -> float:
        values = signals(
            row(evidence_ids="evt_1A2b3C4d5E6f"),
            Complaint("", NOW, ids=ids),
            text_scores={},
            playbook="p",
            rate=None,
        )
        return values["named"].value

    assert named("evt_1A2b3C4d") == 1.0
    assert named("evt_1A2b") == 0.0
    assert named("evt_9A2b3C4d") == 0.0


def test_an_innocent_object_of_the_same_kind_counts_against_a_complete_list() -> None:
    other = Named("evt_5E6f7G", "events", "acct_1A2b3C")
    assert found(row(occurrences=2), named=(other,))["named_other"].value == 1.0
    assert found(row(occurrences=900), named=(other,))["named_other"].value == 0.0


@pytest.mark.parametrize(
    ("facts", "text", "value"),
    [
        ({"url": "https://hooks.shop.example/in"}, "our hooks.shop.example is quiet", 0.5),
        ({"error_param": "automatic_tax"}, "it dislikes automatic_tax", 0.5),
        ({"error_param": "automatic_tax"}, "it dislikes automatic tax", 0.5),
        ({"amount": 129_950}, "charged $1,299.50 twice", 0.5),
        ({"amount": 129_950}, "1.299,50 EUR abgebucht", 0.5),
        ({"amount": 4_900}, "49 visitors", 0.5),
        ({"amount": 300}, "for 3 days", 0.0),
        ({"last_status": 503}, "it answers 503", 0.5),
        ({"status": "failed"}, "it failed", 0.0),
        (
            {"a": "insufficient_funds", "b": "hooks.example"},
            "insufficient_funds hooks.example",
            0.75,
        ),
    ],
)
def test_values_of_the_row_quoted_in_the_mail(
    facts: dict[str, object], text: str, value: float
) -> None:
    assert found(row(**facts), text)["facts"].value == value


def test_signs_long_gone_weigh_little() -> None:
    fresh = found(row())
    old = found(row(first_seen=NOW - timedelta(days=29), last_seen=NOW - timedelta(days=20)))
    assert fresh["recent"].value > 0.9 > 0.001 > old["recent"].value
    assert fresh["onset"].value > 0.6 > 0.05 > old["onset"].value


def test_text_is_within_bounds_and_signed() -> None:
    values = signals(
        row(),
        Complaint("", NOW),
        text_scores={"p": 900.0, **dict.fromkeys("abcdefgh", 0.0)},
        playbook="p",
        rate=None,
    )
    assert values["text"].value == 2.0
    assert found(row())["text"].value > 0


def test_the_main_row_is_the_named_one_else_the_strongest() -> None:
    rows = [row(object_id="we_5Five5", occurrences=9), row(object_id="we_6Six66", occurrences=1)]
    assert main_rows(rows, Complaint("", NOW))[0]["object_id"] == "we_5Five5"
    named = Named("we_6Six66", "webhook_endpoints", "acct_1A2b3C")
    assert main_rows(rows, Complaint("", NOW, (named,)))[0]["object_id"] == "we_6Six66"
