"""`headwater evidence show`: one read on record, or the rows that an answer cites."""

import getpass
import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from headwater.cli.serve import require_store, setup_django
from headwater.evidence.errors import RunMissing
from headwater.evidence.recorder import default_journal
from headwater.evidence.tabular import as_text


@click.command()
@click.argument("name", metavar="RUN_ID|SNAPSHOT")
@click.option("--reason", default="shown on the command line", help="Why; kept on record.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def show(name: str, reason: str, as_json: bool) -> None:
    """One read on record with what was kept of it, or kept rows, their hash verified.

    SNAPSHOT is a name of 64 characters or its first eight. Showing kept rows is itself recorded.
    """
    if name.startswith("run_"):
        setup_django()
        shown = _run(name)
    else:
        require_store()
        shown = _snapshot(name, reason)
    if as_json:
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False, default=str))
        return
    console = Console()
    rows = shown.pop("rows_kept", None)
    for label, value in shown.items():
        if value not in (None, "", [], {}):
            console.print(Text(f"{label}: ", style="bold") + Text(_plain(value)))
    if rows is not None:
        console.print(_grid(shown["columns"], rows))


def _run(run_id: str) -> dict[str, Any]:
    from django.db import DatabaseError
    from django.forms.models import model_to_dict

    from headwater.evidence import acts, queries

    try:
        acts.keep_runs()
        run = queries.find_run(run_id)
    except DatabaseError:  # no operational store here, only the command line's journal
        run = None
    if run is not None:
        kept = [each.id for each in queries.snapshots_of_run(run_id)]
        return {**model_to_dict(run), "snapshots": kept}
    for line in _journal():
        if line.get("run_id") == run_id:
            return line
    raise RunMissing(
        f"No read {run_id} is on record here.",
        param="run_id",
        hint=f"Looked in the operational store and in {default_journal()}.",
    )


def _journal() -> list[dict[str, Any]]:
    path = default_journal()
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def _snapshot(name: str, reason: str) -> dict[str, Any]:
    from headwater.evidence import acts, queries

    record = queries.find_snapshot(name.lower())
    kept = acts.read_snapshot(record, who=getpass.getuser(), entrance="cli", reason=reason)
    return {
        "snapshot": record.id,
        "title": record.title,
        "kept_at": record.kept_at.isoformat(),
        "run_id": record.run_id,
        "accounts": record.accounts,
        "as_of": record.as_of,
        "sql": record.sql,
        "cited_by": [
            {"case": each.case_id, "message": each.message_id, "at": each.at.isoformat()}
            for each in record.citations.order_by("at")
        ],
        "hash": "verified",
        "columns": list(kept.columns),
        "rows_kept": [[as_text(value) for value in row] for row in kept.rows],
    }


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _grid(columns: list[str], rows: list[list[Any]]) -> Grid:
    grid = Grid(header_style="bold")
    for column in columns:
        grid.add_column(Text(column), overflow="fold")
    for row in rows:
        grid.add_row(*("∅" if value is None else str(value) for value in row))
    return grid
