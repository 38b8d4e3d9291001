"""What is secret goes, what support needs stays, whatever the text."""

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from headwater.kit.redaction import PERSONAL, SECRETS, Kind, find, masked
from headwater.kit.redaction.cards import passes_luhn

WRITTEN = yaml.safe_load(Path(__file__).with_name("written.yaml").read_text("utf-8"))
HIDDEN: list[tuple[str, str]] = WRITTEN["hidden"]
OPEN: list[str] = WRITTEN["open"]
MASK = re.compile(r"\[(?:(?:card|IBAN) \*{4} [0-9A-Z]{4}|[A-Za-z][A-Za-z -]{2,40} removed)\]")
# Pieces from which hypothesis builds texts that come close to secrets and numbers.
PIECES = st.sampled_from(
    [
        "4242",
        " ",
        "-",
        "4242424242424242",
        "card ",
        "cvc ",
        "123",
        "sk_live_",
        "aB3dE5gH7jK9",
        "_secret_",
        "password: ",
        "is ",
        "x1y2z3!",
        "eyJ",
        "abcdefgh12",
        ".",
        "Bearer ",
        "Basic ",
        "YTpi",
        "://",
        "a",
        ":",
        "@",
        "[",
        "] ",
        " removed]",
        "[card **** 4242]",
        "DE89370400440532013000",
        "\n",
        "\0",
        "api_key=",
        "٤٢٤٢",
        "+",
        "/",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map("".join))


@pytest.mark.parametrize(("text", "secret"), HIDDEN)
def test_what_is_secret_goes(text: str, secret: str) -> None:
    assert secret in text
    assert secret not in masked(text)


@pytest.mark.parametrize("text", OPEN)
def test_what_support_needs_stays(text: str) -> None:
    assert masked(text) == text


@given(TEXTS, st.sampled_from([SECRETS, PERSONAL]))
def test_masking_again_changes_nothing(text: str, kinds: frozenset[Kind]) -> None:
    once = masked(text, kinds)
    assert masked(once, kinds) == once
    assert find(once, kinds) == ()


@given(TEXTS)
def test_everything_outside_the_spans_stays(text: str) -> None:
    spans = find(text)
    assert all(0 <= a.start < a.end <= len(text) for a in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    # One round: the pieces between the masks stand in the text in the same order.
    place = 0
    for piece in MASK.split(masked(text)):
        place = text.index(piece, place) + len(piece)


def _number(prefix: str, length: int, filling: str) -> str:
    body = (prefix + filling)[: length - 1]
    return next(body + d for d in "0123456789" if passes_luhn(body + d))


@given(
    st.sampled_from(
        [
            ("4", 16),
            ("51", 16),
            ("2221", 16),
            ("37", 15),
            ("6011", 16),
            ("36", 14),
            ("3530", 16),
            ("62", 19),
            ("6759", 16),
        ]
    ),
    st.text("0123456789", min_size=20, max_size=20),
    st.sampled_from(["", " ", "-", "\u00a0", ". ", " - "]),
    st.text("ab ,;:!\n0123456789", max_size=20),
    st.text("ab ,;:!\n0123456789", max_size=20),
)
def test_no_card_number_is_left(
    kind: tuple[str, int], filling: str, between: str, before: str, after: str
) -> None:
    number = _number(*kind, filling)
    sizes = (4, 6, 5) if len(number) == 15 else (4, 4, 4, len(number) - 12)
    places = [sum(sizes[:n]) for n in range(len(sizes) + 1)]
    groups = [number[a:b] for a, b in pairwise(places)]
    # The words make sure of the rare groupings; the number stands apart from its neighbours.
    left = masked(f"{before} card {between.join(groups)}, {after}")
    assert number not in re.sub(r"[^0-9]", "", left)


def test_a_card_keeps_its_last_digits_and_an_id_its_name() -> None:
    assert masked("4242 4242 4242 4242 fails") == "[card **** 4242] fails"
    assert masked("pi_3NxAbCdEf_secret_Zy9Xw8Vu7Ts6") == "pi_3NxAbCdEf[client secret removed]"


def test_what_is_personal_goes_only_where_asked() -> None:
    text = "DE89 3704 0044 0532 0130 00 of anna@example.com"
    assert masked(text) == text
    assert masked(text, PERSONAL) == "[IBAN **** 3000] of [e-mail address removed]"
    assert masked("GB82 WEST 1234 5698 7655 32", PERSONAL) == "GB82 WEST 1234 5698 7655 32"


@pytest.mark.parametrize(
    "unit",
    [
        "4",
        "4 ",
        "42424242424242424",
        "sk_",
        "sk_live_a",
        "eyJaaaaaaaaa.",
        "://a:",
        "a://",
        "password ",
        "password: 1",
        "-----BEGIN PRIVATE KEY-----",
        "api_key=",
        "a@",
        "a.",
        "DE89",
        "DE12 AAAA ",
        "Bearer ",
        "aws_",
        "-u a",
        "_secret_",
        "https://:",
        "٤٢",
    ],
)
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        start = time.process_time()
        masked(text, PERSONAL)
        return time.process_time() - start

    seconds(100)
    # Ten times the text in 100 times the time would be quadratic; a slow machine is forgiven.
    bound = 40 * max(seconds(3_000), 0.002)
    assert any(seconds(30_000) < bound for _ in range(3))


def test_recall_and_precision_on_the_written_list() -> None:
    found = sum(bool(find(text)) for text, _ in HIDDEN)
    wrong = sum(bool(find(text)) for text in OPEN)
    assert found == len(HIDDEN)
    assert wrong == 0
