"""What a text can say of a finding: its words, its ids, and its rows as plain lines. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from headwater.diagnosis.models import Finding

ROWS: Final = 10
IDS: Final = 20
# The reader knows their own account, and the ids stand in their own place.
_UNSAID: Final = {"account_id", "evidence_ids"}


def finding_values(finding: Finding) -> dict[str, str]:
    """What fills the places that begin with "finding."; "" is not known."""
    return {
        "finding.title": finding.title,
        "finding.words": finding.explanation_user.strip(),
        "finding.table": table_of(finding),
        "finding.ids": _listed([str(each) for each in finding.evidence_ids], IDS),
        "finding.first_seen": _moment(finding.first_seen),
        "finding.last_seen": _moment(finding.last_seen),
    }


def table_of(finding: Finding) -> str:
    """The rows, one line each with names, at most ROWS; the rest is only counted."""
    columns = [str(each) for each in finding.columns]
    lines = [_line(columns, row) for row in finding.rows[:ROWS]]
    lines = [f"- {line}" for line in lines if line]
    if len(finding.rows) > ROWS:
        lines.append(f"- … and {len(finding.rows) - ROWS} more")
    return "\n".join(lines)


def _line(columns: list[str], row: Any) -> str:
    values = row if isinstance(row, Mapping) else dict(zip(columns, row, strict=False))
    said = [
        (name, values.get(name))
        for name in columns
        if name not in _UNSAID and values.get(name) not in (None, "")
    ]
    return "; ".join(f"{name.replace('_', ' ')}: {' '.join(str(v).split())}" for name, v in said)


def _listed(words: list[str], most: int) -> str:
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
