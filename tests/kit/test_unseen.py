"""Characters that nobody sees, and spaces as an address writes them, hide nothing."""

import pytest

from headwater.kit.redaction import find, masked

KEY = "sk_" + "test_51HabcDEFghiJKLmnoPQR2"


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"])
def test_they_hide_no_key_and_no_card(unseen: str) -> None:
    assert masked(f"a {unseen.join(KEY)} b") == "a [secret key removed] b"
    assert masked(f"{unseen}my card {unseen.join('4242 4242 4242 4242')}, b").endswith(
        "[card **** 4242], b"
    )


@pytest.mark.parametrize("between", ["%20", "+"])
def test_spaces_of_an_address_hide_no_card(between: str) -> None:
    number = between.join(["4000", "0025", "0000", "3155"])
    assert masked(f"https://x.example/?n={number}&x=1") == (
        "https://x.example/?n=[card **** 3155]&x=1"
    )


def test_text_without_secrets_keeps_them() -> None:
    assert find("fami\u200dly pi_3NxAb\u200b12Cd34Ef") == ()
