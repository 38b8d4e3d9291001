"""What a mail's words say about each playbook."""

from headwater.diagnosis.text import TextIndex, terms
from tests.diagnosis.pages import page

PAGES = {
    "hooks": page("hooks", "Webhook endpoint fails", ["We stopped receiving notifications"]),
    "declines": page("declines", "The bank declined", ["Cards are being declined at checkout"]),
    "payout": page("payout", "A payout failed", ["Money did not arrive at our bank"]),
    "limits": page(
        "limits", "Rate limited", ["Too many requests"], sql="SELECT 'lock_timeout', 429"
    ),
}


def best(text: str) -> str:
    scores = TextIndex(PAGES).scores(text)
    return max(scores, key=lambda name: scores[name])


def test_finds_the_page_by_other_forms_of_its_words() -> None:
    assert best("Since Tuesday no notification is received by the server") == "hooks"
    assert best("every card gets declines") == "declines"


def test_finds_the_page_by_the_codes_of_its_sql() -> None:
    assert best("the API says 429") == "limits"


def test_finds_the_page_by_its_phrases() -> None:
    pages = {
        **PAGES,
        "disputes": page("disputes", "A bank took it back", [], phrases=("a chargeback came in",)),
    }
    scores = TextIndex(pages).scores("two chargebacks since Monday")
    assert max(scores, key=lambda name: scores[name]) == "disputes"
    assert TextIndex(PAGES).scores("two chargebacks since Monday") == dict.fromkeys(PAGES, 0.0)


def test_says_nothing_without_shared_words() -> None:
    assert set(TextIndex(PAGES).scores("Bonjour, ça va ?").values()) == {0.0}
    assert set(TextIndex(PAGES).scores('"" OR * NEAR( ^').values()) == {0.0}


def test_ignores_the_quoted_older_mail_and_ids() -> None:
    text = (
        "Still broken ch_3NxAb12Cd34Ef\n\nOn Mon, 2 Mar 2026, support wrote:\n> your payout failed"
    )
    assert terms(text) == ["broken", "ch"]


def test_long_names_of_errors_are_words_and_hashes_are_not() -> None:
    name, hashed = "SignatureVerificationException", "a1b2c3d4e5f6"
    assert terms(f"{name} {hashed} {'q' * 41}") == [name.lower()]
