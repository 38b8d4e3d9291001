"""Questions in anybody's words against the installed SDK's index."""

import pytest

from headwater.knowledge import Knowledge, KnowledgeMissing
from headwater.knowledge.spelling import Spelling, slips
from headwater.knowledge.words import Synonyms, asked, root, tokens

pytestmark = pytest.mark.slow

FINDS = [
    ("setup_future_usage", "payment_intent/create/setup_future_usage"),
    ("setupFutureUsage", "payment_intent/create/setup_future_usage"),
    (
        "payment_intent_data[setup_future_usage]",
        "checkout.session/create/payment_intent_data.setup_future_usage",
    ),
    ("line_items[0][price_data][unit_amount]", "line_items.price_data.unit_amount"),
    ("No such customer: 'cus_NffrFeUfNV2Hib'", "error:resource_missing"),
    ("card_declined", "error:card_declined"),
    ("insuficient_funds decline", "decline:insufficient_funds"),
    ("requires_payment_method", "payment_intent.status"),
    ("which webhook tells me that a trial ends soon", "event:customer.subscription.trial_will_end"),
    ("we got charged twice after a timeout", "page:docs.stripe.com/api/idempotent_requests"),
    ("stripe.error.CardError", "exception:CardError"),
    ("docs.stripe.com/webhooks/signatures", "page:docs.stripe.com/webhooks/signatures"),
    ("how do i give a customer their money back", "refund"),
    ("metdata on the subscripton made by checkout", "subscription_data.metadata"),
]


@pytest.mark.parametrize(("question", "answer"), FINDS)
def test_it_is_among_the_first_five(knowledge: Knowledge, question: str, answer: str) -> None:
    found = [hit.id for hit in knowledge.search(question, 5)]
    assert any(answer == each or each.endswith(f"/{answer}") for each in found), found


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "???",
        "'; DROP TABLE record; --",
        '"" OR *',
        "ä" * 9_000,
        "\x00",
        "a." * 3_000,
        "[" * 999,
    ],
)
def test_no_question_breaks_it(knowledge: Knowledge, hostile: str) -> None:
    knowledge.search(hostile)
    assert knowledge.search("refund")


def test_ids_of_the_platform_say_what_the_question_is_about(knowledge: Knowledge) -> None:
    found = [hit.id for hit in knowledge.search("what is po_1NbXyzAbC123 doing", 5)]
    assert any("payout" in each for each in found)


def test_the_same_words_are_not_shown_twice(knowledge: Knowledge) -> None:
    found = knowledge.search("who is the customer's metadata for", 10)
    assert len({(hit.text, hit.id.rpartition(".")[2]) for hit in found}) == len(found)


def test_a_record_is_found_by_id_by_what_it_stands_for_and_by_address(knowledge: Knowledge) -> None:
    record = knowledge.get("payout/create/amount")
    assert record.url.startswith("https://docs.stripe.com/api/payouts/create")
    page = knowledge.get("https://docs.stripe.com/webhooks")
    assert page.id == "page:docs.stripe.com/webhooks"
    shared = next(
        record
        for name in ("payment_intent/create/description", "payment_intent/update/description")
        if (record := knowledge.find(name))
    )
    assert all(knowledge.get(name).id == shared.id for name in shared.also)
    with pytest.raises(KnowledgeMissing, match="Near it are"):
        knowledge.get("payout/create/amuont")


def test_identifiers_are_one_word_and_their_parts() -> None:
    assert tokens("setup_future_usage") == ["setupfutureusage", "setup", "future", "usage"]
    assert tokens("setupFutureUsage") == tokens("SetupFutureUsage") == tokens("setup_future_usage")
    assert tokens("APIError") == ["apierror", "api", "error"]
    assert asked("How do I cancel it?") == ["cancel"]


@pytest.mark.parametrize(
    "words",
    ["refund refunds refunded refunding", "cancel cancelled canceled cancellation cancels",
     "authorize authorise authorized authorization authorisation", "ship shipped shipping"],
)  # fmt: skip
def test_endings_do_not_matter(words: str) -> None:
    assert len({root(word) for word in words.split()}) == 1


def test_slips_of_the_keys() -> None:
    assert slips("refund", "refnud", 2) == 1
    assert slips("refund", "invoice", 2) == 3
    spelling = Spelling({"metadata": 9, "metered": 3, "subscription": 5})
    assert spelling.nearest("metdata") == "metadata"
    assert spelling.nearest("subscrpition") == "subscription"
    assert spelling.nearest("zzzzzz") is None


def test_longer_phrases_win() -> None:
    synonyms = Synonyms([("card", ("brand",)), ("same card", ("fingerprint",))])
    assert synonyms.expand("the same cards again") == ["fingerprint"]
    assert synonyms.expand("my card") == ["brand"]
