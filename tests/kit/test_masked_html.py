"""Masks in HTML, wherever tags stand."""

import itertools

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.kit.redaction import exposures, masked_html

KEY = "sk_" + "test_51HabcDEFghiJKLmnoPQR2"


def words(html: str) -> str:
    return str(lxml.html.fragment_fromstring(html, create_parent="div").text_content())


@given(cuts=st.lists(st.integers(1, len(KEY) - 1), max_size=4), tag=st.sampled_from("bi"))
def test_tags_within_a_key_hide_nothing(cuts: list[int], tag: str) -> None:
    ends = [0, *sorted(set(cuts)), len(KEY)]
    parts = [KEY[a:b] for a, b in itertools.pairwise(ends)]
    html = "<p>a &lt; " + "".join(f"<{tag}>{part}</{tag}>" for part in parts) + " end</p><p>z</p>"
    clean, found = masked_html(html)
    assert words(clean) == "a < [secret key removed] endz"
    assert [(one.label, one.mode) for one in found] == [("secret key", "test")]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "plain &amp; simple",
        "<p>pi_3NxAb12Cd34Ef &lt;b&gt;</p>",
        "<table><tr><td>1</td></tr></table>",
    ],
)
def test_without_secrets_nothing_changes(html: str) -> None:
    assert masked_html(html) == (html, [])


def test_text_before_the_first_tag_stays_escaped() -> None:
    clean, _ = masked_html(f"&lt;script&gt; {KEY} <b>x</b>")
    assert clean == "&lt;script&gt; [secret key removed] <b>x</b>"


def test_words_of_two_blocks_are_not_one() -> None:
    assert masked_html("<p>4000002500</p><p>003155</p>")[1] == []


def test_an_address_with_a_key_leads_nowhere() -> None:
    clean, found = masked_html(f'<a href="https://x.example/?k={KEY.replace("_", "%5F")}">x</a>')
    assert clean == "<a>x</a>" and found


def test_what_is_kept_of_a_card_are_its_last_digits() -> None:
    (found,) = exposures("4242 4242 4242 4242")
    assert (found.kind, found.tail) == ("card", "4242")
