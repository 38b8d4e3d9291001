"""The report of `headwater evidence check` for people."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from headwater.diagnosis.readiness import Report


def print_report(report: Report, console: Console, *, show_all: bool) -> None:
    """The report for people: what is there first, then what is in the way."""
    present = [table for table in report["tables"] if table["present"]]
    missing = [table for table in report["tables"] if not table["present"]]
    console.print(Text(report["location"], style="bold"))
    console.print(_grid(present))
    for table in missing:
        if table["problem"]:
            console.print(Text(f"✗ {table['name']}: {table['problem']}", style="red"))
    tables = {table["problem"] for table in missing}
    for problem in report["view_problems"]:
        if problem not in tables:
            console.print(Text(f"✗ {problem}", style="red"))
    absent = [table["name"] for table in missing if not table["problem"]]
    if absent and show_all:
        console.print(Text("Missing tables: " + ", ".join(absent)))
    elif absent:
        console.print(Text(f"{len(absent)} tables of the contract are missing; --all lists them."))
    if report["unknown_files"]:
        console.print(Text("Not part of the contract: " + ", ".join(report["unknown_files"])))
    _print_playbooks(report["playbooks"], console)


def _grid(present: list[dict[str, Any]]) -> Grid:
    grid = Grid(header_style="bold", box=None, pad_edge=False)
    for heading in ("Table", "Files", "Data up to (UTC)", "Missing columns", "Notes"):
        grid.add_column(heading, justify="right" if heading == "Files" else "left")
    for table in present:
        grid.add_row(
            table["name"],
            str(table["files"]),
            (table["as_of"] or "").replace("T", " ")[:16],
            Text(_few(table["missing_columns"])),
            Text(_notes(table), style="dim"),
        )
    return grid


def _notes(table: dict[str, Any]) -> str:
    notes = [f"by {table['view']}"] if table["view"] else []
    if table["cast_columns"]:
        notes.append("other type: " + _few(table["cast_columns"]))
    if table["derived_columns"]:
        notes.append("derived: " + _few(table["derived_columns"]))
    return "; ".join(notes)


def _few(names: list[str], most: int = 4) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def _print_playbooks(playbooks: list[dict[str, Any]], console: Console) -> None:
    if not playbooks:
        return
    count = Counter(playbook["status"] for playbook in playbooks)
    can = count["full"] + count["part"]
    part = f", {count['part']} of them in part" if count["part"] else ""
    console.print(Text(f"\n{can} of {len(playbooks)} playbooks can run{part}.", style="bold"))
    for playbook in playbooks:
        if playbook["problem"]:
            console.print(Text(f"✗ {playbook['id']}: {playbook['problem']}", style="red"))
        elif playbook["status"] == "none":
            console.print(Text(f"✗ {playbook['id']} needs {', '.join(playbook['lacks'])}"))
        elif playbook["status"] == "part":
            console.print(
                Text(f"~ {playbook['id']} is weaker without {_few(playbook['weaker_without'])}")
            )
