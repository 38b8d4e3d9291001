"""The kept blocks: the same bytes as the object, fetched once, and never more than may be kept."""

import random

import pytest

from headwater.evidence.objects.blocks import BLOCK, Blocks

DATA = random.Random(5).randbytes(9 * BLOCK + 1234)


class Counted:
    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []

    def __call__(self, start: int, end: int) -> bytes:
        assert 0 <= start < end <= len(DATA)
        self.spans.append((start, end))
        return DATA[start:end]


def test_any_span_gives_the_objects_bytes() -> None:
    blocks, fetch, chance = Blocks(4 * BLOCK), Counted(), random.Random(7)
    for _ in range(400):
        start = chance.randrange(len(DATA))
        end = min(start + chance.choice([1, 100, BLOCK, 3 * BLOCK]), len(DATA))
        assert blocks.read("a", start, end, len(DATA), fetch) == DATA[start:end]
        assert len(blocks._kept) <= 4


def test_what_is_kept_is_not_fetched_again() -> None:
    blocks, fetch = Blocks(), Counted()
    for start, end in [(10, 20), (15, BLOCK), (BLOCK - 5, BLOCK + 5), (0, 2 * BLOCK)]:
        blocks.read("a", start, end, len(DATA), fetch)
    assert fetch.spans == [(0, BLOCK), (BLOCK, 2 * BLOCK)]
    blocks.read("a with other content", 10, 20, len(DATA), fetch)
    assert fetch.spans[2:] == [(0, BLOCK)]


def test_a_large_scan_is_fetched_as_asked_and_not_kept() -> None:
    blocks = Blocks()
    size, spans = 100 * BLOCK, []

    def fetch(start: int, end: int) -> bytes:
        spans.append((start, end))
        return bytes(end - start)

    assert len(blocks.read("a", 7, 50 * BLOCK, size, fetch)) == 50 * BLOCK - 7
    assert spans == [(7, 50 * BLOCK)]
    assert not blocks._kept


def test_a_fetch_that_fails_keeps_nothing() -> None:
    blocks = Blocks()

    def fails(start: int, end: int) -> bytes:
        raise OSError

    with pytest.raises(OSError):
        blocks.read("a", 0, 10, len(DATA), fails)
    fetch = Counted()
    assert blocks.read("a", 0, 10, len(DATA), fetch) == DATA[:10]
    assert fetch.spans
