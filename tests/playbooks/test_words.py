"""Rows in words: numbers, times and money as people read them, and no holes."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from jinja2.exceptions import SecurityError

from headwater.diagnosis.playbooks import evidence_ids, load_page
from headwater.diagnosis.playbooks.words import render

ROW = {"n": 1200, "one": 1, "at": datetime(2026, 6, 5, 9, 3), "day": date(2026, 6, 5),
       "amount": 1999, "share": 0.974, "empty": None, "wait": 95, "long": 10_800}  # fmt: skip
CASES = [
    ('{{ n|count("request") }}', "1,200 requests"),
    ('{{ one|count("request") }}', "1 request"),
    ('{{ n|count("delivery", "deliveries") }}', "1,200 deliveries"),
    ("{{ at|when }}", "5 Jun 2026, 09:03 UTC"),
    ("{{ day|when }}", "5 Jun 2026"),
    ('{{ amount|money("eur") }}', "19.99 EUR"),
    ('{{ amount|money("jpy") }}', "1,999 JPY"),
    ("{{ share|percent }}", "97 %"),
    ("{{ 0.001|percent }}", "under 1 %"),
    ("{{ wait|duration }}, {{ long|duration }}", "95 seconds, 3 hours"),
    ("a {{ empty }} b{{ empty|when }}{{ absent }}.", "a b."),
    (
        "a{% if n %} b{% endif %}\nc\n{% if n %}\nd\n{% endif %}\n\n{% if n %}\ne\n{% endif %}\n",
        "a b c d\n\ne",
    ),
    ("one\ntwo\n\n- x\n- y\n  z", "one two\n\n- x\n- y z"),
]


@pytest.mark.parametrize(("template", "text"), CASES)
def test_templates_read_well(template: str, text: str) -> None:
    assert render(template, ROW) == text


def test_templates_cannot_reach_python() -> None:
    with pytest.raises(SecurityError):
        render("{{ at.__class__.__mro__ }}", ROW)


def test_a_page_explains_a_row_in_two_voices(spoil: Callable[..., Path]) -> None:
    row = {"occurrences": 2, "first_seen": ROW["at"], "evidence_ids": "req_1, req_2,req_1"}
    words = load_page(spoil()).explain(row)
    assert words.user == "2 requests refused since 5 Jun 2026, 09:03 UTC."
    assert words.engineer == "2 with status 429: req_1, req_2,req_1"
    assert evidence_ids(row) == ("req_1", "req_2")


def test_a_tag_at_the_end_of_a_line_keeps_the_space_to_the_next() -> None:
    template = (
        "{% if a %}\nFirst {{ a }}{% if b %}, then {{ b }}{% endif %}\nnext.\n{% endif %}\nLast."
    )
    assert render(template, {"a": "x", "b": "y"}) == "First x, then y next. Last."


def test_ids_can_break() -> None:
    assert render("{{ evidence_ids|ids }}", {"evidence_ids": "ch_1,ch_2"}) == "ch_1, ch_2"


def test_a_span_of_one_minute_is_a_moment() -> None:
    at, later = datetime(2026, 6, 1, 10, 0, 5), datetime(2026, 6, 1, 10, 0, 40)
    row = {"a": at, "b": later, "c": datetime(2026, 6, 1, 10, 1)}
    span = "Between {{ a|when }} and {{ b|when }} it failed, from {{ a|when }} to {{ b|when }}."
    assert render(span, row) == ("On 1 Jun 2026, 10:00 UTC it failed, on 1 Jun 2026, 10:00 UTC.")
    assert render("between {{ a|when }} and {{ c|when }}", row).startswith("between 1 Jun")


def test_a_condition_that_is_false_leaves_no_hole() -> None:
    page = (
        "Less\n{% if refunds %}refunds of {{ refunds }},{% endif %}\n"
        "{% if fees %}fees,{% else %}no fees,{% endif %}\nwhich is all."
    )
    assert render(page, {}) == "Less no fees, which is all."
    assert render(page, {"refunds": 3, "fees": 1}) == "Less refunds of 3, fees, which is all."
    assert render("One.\n\n{% if x %}Two.{% endif %}\n\nThree.", {}) == "One.\n\nThree."
    assert (
        render("One.\n\n{% if x %}Two.{% endif %}\n\nThree.", {"x": 1}) == "One.\n\nTwo.\n\nThree."
    )
    after = "A\n{% if x %}b{% endif %}\n\n{% if y %}\nC\n{% endif %}\nD"
    assert render(after, {"x": 1, "y": 1}) == "A b\n\nC D"
    assert render(after, {}) == "A\n\nD"
    within = "{% if m %}\n{% if x %}T{% endif %}\n{% if y %}V{% endif %}\nU\n{% endif %}"
    assert [render(within, {"m": 1, **r}) for r in ({}, {"x": 1}, {"y": 1})] == ["U", "T U", "V U"]
    nested = "A\n{% if a %}b{% if c %} (c){% endif %} d{% endif %}\ne"
    assert render(nested, {"a": 1, "c": 1}) == "A b (c) d e"
    assert render(nested, {}) == "A e"


def test_a_number_at_the_beginning_of_a_line_is_no_list() -> None:
    assert render("accepted later:\n{{ n }}. Ids", {"n": 4}) == "accepted later: 4. Ids"
    assert render("So:\n1. one\n2. {{ n }}", {"n": 4}) == "So:\n1. one\n2. 4"


def test_days_have_no_clock_time_and_ids_stand_once() -> None:
    row = {"at": datetime(2026, 6, 3), "found": "ch_1,ch_2,ch_1"}
    assert render("{{ at|day }}: {{ found|ids }}{{ none|day }}", row) == "3 Jun 2026: ch_1, ch_2"
