"""The report of `headwater evidence check`, as data and for people."""

from typing import Any, TypedDict

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from headwater.evidence.contract import load_contract
from headwater.evidence.types import EvidenceStore, TableState
from headwater.kit.errors import HeadwaterError


class Report(TypedDict):
    """Everything that `check` found; the keys are stable."""

    location: str
    fingerprint: str
    tables: list[dict[str, Any]]
    unknown_files: list[str]
    playbooks: list[dict[str, Any]]


def check_store(store: EvidenceStore) -> Report:
    """The report over one store. Playbooks are left out where none are installed."""
    states = store.tables()
    unknown: tuple[str, ...] = getattr(store, "unknown_files", tuple)()
    return Report(
        location=store.location,
        fingerprint=store.fingerprint(),
        tables=[_table(state) for state in states.values()],
        unknown_files=[_unknown(name) for name in unknown],
        playbooks=_playbooks(store, states),
    )


def _table(state: TableState) -> dict[str, Any]:
    return {
        "name": state.name,
        "present": state.present,
        "files": state.files,
        "as_of": state.as_of.isoformat() if state.as_of else None,
        "missing_columns": list(state.missing_columns),
        "cast_columns": list(state.cast_columns),
        "derived_columns": list(state.derived_columns),
        "problem": state.problem,
    }


def _unknown(name: str) -> str:
    near = load_contract().nearest(name.removesuffix(".parquet"))
    return f"{name} (did you mean {near}?)" if near else name


def _playbooks(store: EvidenceStore, states: dict[str, TableState]) -> list[dict[str, Any]]:
    from headwater.diagnosis.playbooks import PlaybooksMissing, load_playbooks

    try:
        playbooks = load_playbooks()
    except PlaybooksMissing:
        return []
    return [
        {"id": playbook.id, **_readiness(playbook.sql, set(playbook.optional), store, states)}
        for playbook in playbooks.values()
    ]


def _readiness(
    sql: str, optional: set[str], store: EvidenceStore, states: dict[str, TableState]
) -> dict[str, Any]:
    try:
        needs = store.needs(sql)
    except HeadwaterError as error:
        return {"runs": False, "lacks": [], "weaker_without": [], "problem": str(error)}
    absent = {table for table, _ in needs if not states[table].present}
    columns = {
        f"{table}.{column}"
        for table, column in needs
        if table not in absent and column in states[table].missing_columns
    }
    lacks = sorted((absent | columns) - optional)
    return {
        "runs": not lacks,
        "lacks": lacks,
        "weaker_without": sorted((absent | columns) & optional),
        "problem": None,
    }


def print_report(report: Report, console: Console, *, show_all: bool) -> None:
    """The same for people: what is there first, then what is in the way."""
    present = [table for table in report["tables"] if table["present"]]
    missing = [table for table in report["tables"] if not table["present"]]
    console.print(Text(report["location"], style="bold"))
    console.print(_grid(present))
    for table in missing:
        if table["problem"]:
            console.print(Text(f"✗ {table['name']}: {table['problem']}", style="red"))
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
    notes = []
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
    ready = [playbook for playbook in playbooks if playbook["runs"]]
    console.print(Text(f"\n{len(ready)} of {len(playbooks)} playbooks can run.", style="bold"))
    for playbook in playbooks:
        if playbook["problem"]:
            console.print(Text(f"✗ {playbook['id']}: {playbook['problem']}", style="red"))
        elif not playbook["runs"]:
            console.print(Text(f"✗ {playbook['id']} needs {', '.join(playbook['lacks'])}"))
        elif playbook["weaker_without"]:
            console.print(
                Text(f"~ {playbook['id']} is weaker without {_few(playbook['weaker_without'])}")
            )
