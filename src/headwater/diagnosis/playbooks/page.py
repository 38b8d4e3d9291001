"""A playbook as the rest of the house sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from headwater.diagnosis.playbooks.words import INTERNAL, render


@dataclass(frozen=True, slots=True)
class Explanation:
    """One evidence row in words: plain for the user, exact for an engineer."""

    user: str
    engineer: str


@dataclass(frozen=True)
class Playbook:
    """One page: the causes it covers, the SQL that proves them, and the words for a row.

    `columns` are the names that `sql` returns; `optional` the tables and `table.column` pairs that
    a store may lack without the evidence losing its meaning; `phrases` more words of users, which
    the search reads and nobody is shown.
    """

    id: str
    title: str
    area: str
    covers: tuple[str, ...]
    fixed_by: str
    objects: tuple[str, ...]
    docs: tuple[str, ...]
    symptoms: tuple[str, ...]
    confused_with: Mapping[str, str]
    optional: tuple[str, ...]
    sql: str
    columns: tuple[str, ...]
    user_template: str
    engineer_template: str
    what_to_do: str
    if_not: str
    path: Path
    phrases: tuple[str, ...] = ()

    def explain(self, row: Mapping[str, Any]) -> Explanation:
        """The row in two voices. A column that the row lacks reads as empty, never as a guess."""
        # The loader refuses pages that tell the user something internal; this does not rely on it.
        shown = {name: value for name, value in row.items() if not name.startswith(INTERNAL)}
        return Explanation(
            user=render(self.user_template, shown), engineer=render(self.engineer_template, row)
        )

    def mode_of(self, row: Mapping[str, Any]) -> str:
        """Which covered failure mode the row shows."""
        mode = row.get("mode")
        return mode if isinstance(mode, str) and mode in self.covers else self.covers[0]

    @cached_property
    def optional_tables(self) -> frozenset[str]:
        """The tables that stand empty in a store that lacks them."""
        return frozenset(name for name in self.optional if "." not in name)

    @cached_property
    def test_path(self) -> Path:
        """Where the page's own test data lies, whether or not it is there."""
        return self.path.with_name(f"{self.id}.test.yaml")


def evidence_ids(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The guilty ids of an evidence row, in order, without repeats."""
    text = row.get("evidence_ids") or ""
    return tuple(dict.fromkeys(part.strip() for part in str(text).split(",") if part.strip()))
