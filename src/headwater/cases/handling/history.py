"""Who did what to a case, through which entrance: the log as people and programs read it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from headwater.cases.models import Case, CaseEvent
from headwater.cases.queries import events_with_merged, ids_of
from headwater.evidence.queries import runs_about
from headwater.evidence.tabular import csv_lines

COLUMNS: Final = ("at", "case", "who", "who_kind", "entrance", "kind", "data")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing done. `event` is None for a read of evidence, which changes nothing."""

    at: datetime
    case_id: str
    who: str
    who_kind: str
    entrance: str
    kind: str
    data: dict[str, Any]
    event: CaseEvent | None = None


def history(case: Case, *, kind: str = "", who: str = "", entrance: str = "") -> list[Line]:
    """Every event of the case and of those merged into it, and every evidence read, oldest first.

    `kind` is one, or the beginning of several (`case.`); `who` a name; `entrance` as recorded.
    """
    lines = [_line(event) for event in events_with_merged(case)]
    lines += [
        Line(
            run.at, run.case_id or "", run.who, "", run.entrance, "evidence.read",
            {"reason": run.reason, "outcome": run.outcome, "rows": run.rows, "sql": run.sql,
             "accounts": run.accounts, "run": run.pk},
        )
        for run in runs_about(ids_of(case))
    ]  # fmt: skip
    wanted = [
        line
        for line in lines
        if (not kind or line.kind == kind or (kind.endswith(".") and line.kind.startswith(kind)))
        and (not who or line.who == who)
        and (not entrance or line.entrance == entrance)
    ]
    return sorted(wanted, key=lambda line: line.at)


def _line(event: CaseEvent) -> Line:
    return Line(
        event.at, event.case_id, event.actor_name, event.actor_kind, event.entrance, event.kind,
        event.data, event,
    )  # fmt: skip


def as_json(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The lines as plain values; times are ISO 8601 in UTC."""
    return [
        {
            "at": line.at.isoformat(), "case": line.case_id, "who": line.who,
            "who_kind": line.who_kind, "entrance": line.entrance, "kind": line.kind,
            "data": line.data,
        }
        for line in lines
    ]  # fmt: skip


def as_csv(lines: Iterable[Line]) -> Iterator[str]:
    """The lines as CSV with a header, piece by piece."""
    rows = [
        [json.dumps(line[name]) if name == "data" else line[name] for name in COLUMNS]
        for line in as_json(lines)
    ]
    return csv_lines(COLUMNS, rows)
