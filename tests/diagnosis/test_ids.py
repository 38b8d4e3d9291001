"""Which ids a text names."""

import pytest

from headwater.diagnosis.ids import by_table, ids_in, nouns_of, table_of


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Charge ch_3NxAb12Cd34 failed, and ch_3NxAb12Cd34 again.", ("ch_3NxAb12Cd34",)),
        ("See (pi_1Abc2345Def), po_9Zyx8765.", ("pi_1Abc2345Def", "po_9Zyx8765")),
        ("secret pi_1Abc2345Def_secret_zZ9", ("pi_1Abc2345Def",)),
        (
            "https://x.example/acct_1A2b3C4d5E/events/evt_77aBcDeF1",
            ("acct_1A2b3C4d5E", "evt_77aBcDeF1"),
        ),
        ("it is in_progress, re_trying and sub_scribed", ()),
        ("my_ch_3NxAb12Cd34 and sk_live_51Habc123", ()),
        ("it is req _3NxAb12Cd34 and po_ 9Zyx8765", ("req_3NxAb12Cd34", "po_9Zyx8765")),
        ("cs_test_a1B2c3D4e5", ("cs_test_a1B2c3D4e5",)),
    ],
)
def test_names_objects_and_no_words(text: str, named: tuple[str, ...]) -> None:
    assert ids_in(text) == named


def test_groups_by_the_table_that_holds_them() -> None:
    assert by_table(["ch_1A", "py_2B", "po_3C", "xyz_4D"]) == {
        "charges": ("ch_1A", "py_2B"),
        "payouts": ("po_3C",),
    }
    assert table_of("xyz_4D") is None


def test_the_words_for_what_ids_name() -> None:
    assert nouns_of("po_1Abc2345Def, po_9Zyx8765 of acct_1A2b3C4d5E") == ["payout"]
    assert nouns_of("txn_1Abc2345Def") == ["balance", "transaction"]
    assert nouns_of("no id") == []
