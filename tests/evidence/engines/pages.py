"""Every shipped playbook over one small world, asked of an engine and of DuckDB."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headwater.diagnosis.playbooks.loader import load_playbooks
from headwater.diagnosis.playbooks.one_world import one_world
from headwater.evidence.engines.conformance import suite
from headwater.evidence.engines.conformance.targets import loaded, reference
from headwater.evidence.template import ParamValue

ROOT = Path(__file__).parents[3]
_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """A playbook's query, its window, and what DuckDB answers: at least one row."""

    case: suite.Case
    params: dict[str, ParamValue]
    want: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pages:
    """The world's folder and every page by id."""

    folder: Path
    by_id: dict[str, Page]


def write_pages(folder: Path) -> Pages:
    """The rows of every page's own tests as one world, and DuckDB's answers over it."""
    playbooks = load_playbooks(ROOT / "playbooks")
    world = one_world(playbooks.values())
    world.write(folder)
    by_id: dict[str, Page] = {}
    with reference(folder) as duckdb:
        for name, playbook in playbooks.items():
            window = world.windows[name]
            params: dict[str, ParamValue] = {
                "window_start": window.start, "window_end": window.end
            }  # fmt: skip
            want = duckdb.query(playbook.sql, params, None, _ROWS, 60.0)
            assert want["rows"], f"{name} has no rows to compare"
            by_id[name] = Page(suite.Case(name, playbook.sql), params, want)
    assert len(by_id) >= 100
    return Pages(folder, by_id)


def ask_pages(address: str, pages: Pages, asked: Collection[str]) -> dict[str, suite.Outcome]:
    """The verdict on each asked page that is no pass. Nothing differs, ever."""
    with loaded(address, pages.folder, None) as engine:
        outcomes = [
            suite.compare(pages.by_id[name].case, pages.by_id[name].want, engine,
                          pages.by_id[name].params)
            for name in asked
        ]  # fmt: skip
    assert [each for each in outcomes if each.verdict == suite.DIFFERS] == []
    return {each.case: each for each in outcomes if each.verdict != suite.PASS}
