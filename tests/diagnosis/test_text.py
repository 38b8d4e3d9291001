"""What a mail's words say about each playbook."""

import pytest

from headwater.diagnosis.said import fresh, tells_of_trouble, terms
from headwater.diagnosis.text import TextIndex
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
    with_phrase = scores["disputes"]
    without = TextIndex(PAGES | {"disputes": page("disputes", "A bank took it back", [])})
    assert without.scores("two chargebacks since Monday")["disputes"] < with_phrase


def test_a_bare_id_says_what_kind_of_object_it_is() -> None:
    assert best("po_3NxAb12Cd34Ef") == "payout"


def test_says_nothing_without_shared_words() -> None:
    assert set(TextIndex(PAGES).scores("Bonjour, ça va ?").values()) == {0.0}
    assert set(TextIndex(PAGES).scores("").values()) == {0.0}
    assert set(TextIndex(PAGES).scores('"" OR * NEAR( ^').values()) == {0.0}


def test_ignores_the_quoted_older_mail_and_ids() -> None:
    text = (
        "Still broken ch_3NxAb12Cd34Ef\n\nOn Mon, 2 Mar 2026, support wrote:\n> your payout failed"
    )
    assert terms(fresh(text)) == ["broken", "ch"]


def test_long_names_of_errors_are_words_and_hashes_are_not() -> None:
    name, hashed = "SignatureVerificationException", "a1b2c3d4e5f6"
    assert terms(f"{name} {hashed} {'q' * 41}", {name.lower()}) == [name.lower()]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Unsere Auszahlung ist nicht angekommen", "payout"),
        ("Le virement n'est pas arrivé sur notre compte bancaire", "payout"),
        ("La transferencia no ha llegado al banco", "payout"),
        ("Alle Karten werden abgelehnt", "declines"),
        ("Toutes les cartes sont refusées", "declines"),
        ("Wszystkie karty są odrzucane", "declines"),
        ("De kaarten worden geweigerd", "declines"),
    ],
)
def test_other_languages_find_the_page_by_their_english(text: str, name: str) -> None:
    assert best(text) == name


def test_misspelt_words_find_their_page() -> None:
    assert best("notificatoins stoped") == "hooks"


@pytest.mark.parametrize(
    "end",
    [
        "Best regards\nSofie Payout\nDeclined Cards GmbH\nTel. +45 33",
        "--\nNotifications Ltd",
        "Sent from my iPhone",
        "Thanks, Ravi\nMoney Bank Inc",
        "Mit freundlichen Grüßen\nIhr Webhook Team",
    ],
)
def test_a_signature_says_nothing(end: str) -> None:
    assert fresh(f"Hello,\n\nToo many requests.\n\n{end}").strip() == "Too many requests."


def test_a_mail_that_begins_with_thanks_is_kept() -> None:
    assert "429" in fresh("Thanks for nothing\nWe get 429 on every call of the day")


def test_trouble_and_everyday_questions_are_told_apart() -> None:
    index = TextIndex(PAGES)
    asks = index.read("Where do I upload our new logo for the receipts?")
    fails = index.read("Since Tuesday every card is declined at checkout")
    assert asks.calm and not fails.calm
    assert asks.ordinary > 0 > fails.ordinary


@pytest.mark.parametrize(
    "text", ["it doesn't work", "status 502", "ch_3NxAb12Cd34Ef?", "Zahlung fehlgeschlagen"]
)
def test_signs_of_trouble(text: str) -> None:
    assert tells_of_trouble(text)
