"""Quick charts: what is drawn, and that the words about it say the same."""

from datetime import datetime
from xml.etree import ElementTree

import pytest

from headwater.desk.investigate.chart import Choice, draw, splitting_column, usual_choice

DAYS = [datetime(2026, 11, day) for day in (1, 2, 3)]
ROWS = [[day, status, n] for n, day in enumerate(DAYS, 2) for status in ("failed", "ok")]
TYPES = ["timestamp", "text", "bigint"]


def shapes(svg: str, kind: str) -> list[dict[str, str]]:
    return [element.attrib for element in ElementTree.fromstring(svg).iter() if element.tag == kind]


def test_numbers_over_time_with_a_line_for_each_word() -> None:
    choice = usual_choice(TYPES, ROWS)
    assert choice == Choice(0, 2, "line")
    by = splitting_column(choice, ROWS, 3)
    assert by == 1
    svg, note = draw(Choice(0, 2, "line", by), ["day", "status", "n"], ROWS)
    paths = shapes(svg, "path")
    assert [path["class"] for path in paths] == ["line s0", "line s1"]
    assert paths[0]["d"].count("L") == 2
    label = ElementTree.fromstring(svg).attrib["aria-label"]
    assert label == ("n by day, 6 values, from 2 (2026-11-01) to 4 (2026-11-03); failed, ok")
    assert note == ""


def test_a_code_is_no_amount() -> None:
    rows = [[day, code, n] for n, day in enumerate(DAYS) for code in (200, 400)]
    choice = usual_choice(["timestamp", "integer", "bigint"], rows)
    assert choice == Choice(0, 2, "line")
    assert splitting_column(choice, rows, 3) == 1


def test_bars_keep_their_order_and_reach_below_zero() -> None:
    rows = [["a", 10], ["b", -5], ["c", None]]
    svg, _ = draw(Choice(0, 1, "bars"), ["name", "n"], rows)
    first, second = shapes(svg, "rect")
    assert float(first["height"]) == pytest.approx(2 * float(second["height"]), abs=0.2)
    assert float(first["y"]) + float(first["height"]) == pytest.approx(float(second["y"]), abs=0.2)


def test_what_is_left_out_is_said() -> None:
    svg, note = draw(Choice(0, 1, "bars"), ["x", "n"], [[str(i), i] for i in range(100)])
    assert len(shapes(svg, "rect")) == 40
    assert note == "The first 40 of 100 rows are drawn."


@pytest.mark.parametrize(
    ("types", "rows"),
    [
        (["text", "text"], [["a", "b"], ["c", "d"]]),
        (["bigint"], [[1], [2]]),
        (["text", "bigint"], [["a", 1]]),
        (["text", "boolean"], [["a", True], ["b", False]]),
        (["text", "double"], [["a", float("nan")], ["b", 1.0]]),
    ],
)
def test_no_chart_where_there_is_nothing_to_draw(
    types: list[str], rows: list[list[object]]
) -> None:
    assert usual_choice(types, rows) is None


def test_values_cannot_become_markup() -> None:
    rows = [["<script>alert(1)</script>", 1], ['" onload="x', 2]]
    svg, _ = draw(Choice(0, 1, "bars"), ["<b>", "n"], rows)
    assert "<script" not in svg and "<b>" not in svg
    assert {element.tag for element in ElementTree.fromstring(svg).iter()} <= {
        "svg", "line", "text", "rect", "title",
    }  # fmt: skip


@pytest.mark.parametrize("values", [[0, 0], [5, 5], [-3, -9], [1e12, 3], [0.001, 0.002]])
def test_every_mark_lies_inside(values: list[float]) -> None:
    svg, _ = draw(Choice(0, 1, "line"), ["x", "n"], [[i, v] for i, v in enumerate(values)])
    for dot in shapes(svg, "circle"):
        assert 0 <= float(dot["cy"]) <= 240 and 0 <= float(dot["cx"]) <= 760
