"""`headwater evidence`: what the evidence store holds, and single queries over it."""

import csv
import getpass
import json
import sys
from contextlib import closing
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from headwater.cli.evidence_check import Report, check_store, print_report
from headwater.evidence.contract import load_contract
from headwater.evidence.contract_page import contract_page
from headwater.evidence.recorder import FileRecorder, default_journal
from headwater.evidence.store import open_store
from headwater.evidence.types import Limits, Purpose, Result, Scope, Value

LOCATION = click.option(
    "--evidence",
    "location",
    envvar="HEADWATER_EVIDENCE",
    required=True,
    metavar="DIR",
    help="Folder of Parquet files by the contract. [env: HEADWATER_EVIDENCE]",
)


@click.group()
def evidence() -> None:
    """What the evidence store holds, and queries over it."""


@evidence.command()
@LOCATION
@click.option("--all", "show_all", is_flag=True, help="Also list the tables that are missing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def check(location: str, show_all: bool, as_json: bool) -> None:
    """Which tables and columns are there, how fresh they are, and which playbooks can run.

    Exits with status 1 where files are there that cannot be read.
    """
    recorder = FileRecorder(default_journal())
    with closing(open_store(location, recorder=recorder)) as store:
        report: Report = check_store(store)
    if as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        print_report(report, Console(), show_all=show_all)
    if any(table["problem"] for table in report["tables"]):
        sys.exit(1)


@evidence.command()
def contract() -> None:
    """The contract as a page: every table, column and type, and who may read what."""
    click.echo(contract_page(load_contract()), nl=False)


@evidence.command()
@LOCATION
@click.option("--account", "accounts", multiple=True, metavar="acct_…", help="Whose rows to read.")
@click.option("--all-accounts", is_flag=True, help="Read the rows of every account.")
@click.option("--reason", required=True, help="Why you look; kept in the audit trail.")
@click.option("--case", "case_id", help="The case you look for.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Value of $NAME.")
@click.option("--rows", default=100, show_default=True, help="At most so many rows.")
@click.option("--seconds", default=30.0, show_default=True, help="Stop after so many seconds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per row.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values.")
@click.option("--show-sql", is_flag=True, help="Also print the SQL that was really run.")
@click.argument("sql")
def query(
    location: str,
    accounts: tuple[str, ...],
    all_accounts: bool,
    reason: str,
    case_id: str | None,
    params: tuple[str, ...],
    rows: int,
    seconds: float,
    as_json: bool,
    as_csv: bool,
    show_sql: bool,
    sql: str,
) -> None:
    """Run one SELECT over the contract's tables. "-" reads it from standard input."""
    if bool(accounts) == all_accounts:
        raise click.UsageError("Give --account acct_… (once or more), or --all-accounts.")
    text = sys.stdin.read() if sql == "-" else sql
    purpose = Purpose(who=getpass.getuser(), entrance="cli", reason=reason, case_id=case_id)
    with closing(open_store(location, recorder=FileRecorder(default_journal()))) as store:
        result = store.query(
            text,
            purpose=purpose,
            scope=Scope(None if all_accounts else accounts),
            params=dict(map(_param, params)),
            limits=Limits(rows=rows, seconds=seconds),
        )
    if show_sql:
        Console(stderr=True).print(Text(result.engine_sql, style="dim"))
    if as_json:
        for row in result.dicts():
            click.echo(json.dumps(row, default=_as_text, ensure_ascii=False))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(result.columns)
        writer.writerows([_as_text(value) for value in row] for row in result.rows)
    else:
        _print(result, Console())
    if result.truncated and (as_json or as_csv):
        click.echo(f"Only the first {rows} rows; raise --rows for more.", err=True)


def _param(text: str) -> tuple[str, datetime | str | int]:
    """`n=5` is a number, an ISO 8601 date or time a timestamp, anything else text."""
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint="--param")
    if value.lstrip("-").isdecimal():
        return name, int(value)
    try:
        return name, datetime.fromisoformat(value)
    except ValueError:
        return name, value


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _print(result: Result, console: Console) -> None:
    grid = Grid(header_style="bold", row_styles=["", "dim"] if len(result.rows) > 8 else None)
    for column, kind in zip(result.columns, result.types, strict=True):
        numeric = kind in ("integer", "bigint", "double", "hugeint")
        grid.add_column(Text(column), justify="right" if numeric else "left", overflow="fold")
    for row in result.rows:
        grid.add_row(*map(_cell, row))
    console.print(grid)
    more = "; there are more, raise --rows" if result.truncated else ""
    noun = "row" if len(result.rows) == 1 else "rows"
    console.print(
        Text(f"{len(result.rows)} {noun}{more} · {result.seconds * 1000:.0f} ms · {result.run_id}"),
        style="dim",
    )


def _cell(value: Value) -> Text:
    if value is None:
        return Text("∅", style="dim")
    if isinstance(value, datetime):
        return Text(value.isoformat(sep=" ", timespec="auto"))
    return Text(str(value))
