"""Where nothing is proven, the questions of a page that the words fit are offered."""

from dataclasses import replace
from datetime import datetime

from headwater.diagnosis.answers import Reader, verified_answer
from headwater.diagnosis.asking import QuestionIndex, load_questions
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.values import Diagnosis, Searched

PAGES = load_questions()
INDEX = QuestionIndex(load_playbooks(), PAGES)
AT = datetime(2026, 3, 1)


def test_words_of_a_page_find_its_questions() -> None:
    for text, page in (
        ("Our server can't reach you, the client throws a connection error before sending",
         "requests-never-arrive"),
        ("We quote net prices but they are treated as gross and VAT is contained",
         "tax-meaning-of-price"),
        ("AttributeError in our code after updating the library, method does not exist",
         "library-behaves-differently"),
    ):  # fmt: skip
        found = INDEX.fitting(text)
        assert found is not None and found.id == page, text


def test_other_words_find_none() -> None:
    for text in ("My payout of Friday is late", "", "Refund failed for ch_1", "the the the"):
        assert INDEX.fitting(text) is None, text
    assert QuestionIndex(load_playbooks(), ()).fitting("cannot reach you") is None


def test_the_draft_asks_them() -> None:
    page = next(each for each in PAGES if each.id == "requests-never-arrive")
    found = Diagnosis("case_1", "acct_1", (), (), Searched(AT, AT, ("charges",)), 0.9,
                      ask=page.as_dict())  # fmt: skip
    reader = Reader("Ada", "no connection", "Example Support")
    body = verified_answer(reader, found).body
    for question in page.questions:
        assert f"- {question}" in body
    assert page.docs[0] in body and "the id of a failed request" in body
    assert page.why not in body
    plain = verified_answer(reader, replace(found, ask=None)).body
    assert page.questions[0] not in plain
    assert found.as_dict()["ask"]["id"] == page.id
    assert "symptoms" not in found.as_dict()["ask"]
