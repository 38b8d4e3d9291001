"""`headwater query`: one SELECT over the evidence, guarded and recorded."""

import getpass
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from headwater.cli.places import LOCATION
from headwater.evidence.errors import QueryLimit, QueryRefused, QueryTimeout
from headwater.evidence.parameters import read_value, read_window
from headwater.evidence.recorder import FileRecorder, default_journal
from headwater.evidence.store import open_store
from headwater.evidence.tabular import csv_lines, json_line, write_parquet
from headwater.evidence.types import Limits, Purpose, Reader, Result, Role, Scope, Value
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

REFUSED = 2
STOPPED = 3
_DEFAULT_REASON = "query from the command line"
_NUMERIC = frozenset(["integer", "bigint", "double", "hugeint", "smallint", "tinyint", "float"])


@click.command()
@LOCATION
@click.option("--account", "accounts", multiple=True, metavar="acct_…", help="Whose rows to read; may be repeated. Without it: every account.")  # noqa: E501  # fmt: skip
@click.option("--reason", default=_DEFAULT_REASON, help="Why you look; kept in the audit trail.")
@click.option("--case", "case_id", help="The case you look for.")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="Value of $NAME.")
@click.option("--window-start", metavar="TIME", help="$window_start: ISO 8601, or 7d, 24h ago.")
@click.option("--window-end", metavar="TIME", help="$window_end; now where only the start is given.")  # noqa: E501  # fmt: skip
@click.option("--file", "-f", "file", type=click.File("r", encoding="utf-8"), help="Read the SELECT from a file.")  # noqa: E501  # fmt: skip
@click.option("--rows", default=100, show_default=True, help="At most so many rows.")
@click.option("--seconds", default=30.0, show_default=True, help="Stop after so many seconds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per row.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values, safe for spreadsheets.")  # noqa: E501  # fmt: skip
@click.option("--parquet", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write the rows to a Parquet file.")  # noqa: E501  # fmt: skip
@click.option("--role", type=click.Choice([each.value for each in Role if each is not Role.SYSTEM]), default=Role.SPECIALIST.value, show_default=True, help="Whose eyes: decides which columns are masked.")  # noqa: E501  # fmt: skip
@click.option("--personal", is_flag=True, help="Show personal data; the record of the read says so.")  # noqa: E501  # fmt: skip
@click.option("--show-sql", is_flag=True, help="Also print the SQL that was really run.")
@click.argument("sql", required=False)
def query(
    location: str,
    accounts: tuple[str, ...],
    reason: str,
    case_id: str | None,
    params: tuple[str, ...],
    window_start: str | None,
    window_end: str | None,
    file: IO[str] | None,
    rows: int,
    seconds: float,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
    role: str,
    personal: bool,
    show_sql: bool,
    sql: str | None,
) -> None:
    """Run one SELECT over the contract's tables. "-" reads it from standard input.

    Exits with status 0 when the rows are complete or bounded by --rows, 2 when the query was
    refused, 3 when a limit of time, memory or size stopped it, and 1 for any other failure.
    """
    if sum([as_json, as_csv, parquet is not None]) > 1:
        raise click.UsageError("Give one of --json, --csv and --parquet.")
    text = _statement(sql, file)
    purpose = Purpose(who=getpass.getuser(), entrance="cli", reason=reason, case_id=case_id)
    try:
        window = read_window(window_start or "", window_end or "", utc_now())
        with closing(open_store(location, recorder=FileRecorder(default_journal()))) as store:
            result = store.query(
                text,
                purpose=purpose,
                scope=Scope(accounts or None, Reader(Role(role), personal)),
                params={**window, **dict(map(_param, params))},
                limits=Limits(rows=rows, seconds=seconds),
            )
    except HeadwaterError as error:
        raise _ended(error) from error
    if show_sql:
        Console(stderr=True).print(Text(result.engine_sql, style="dim"))
    if parquet is not None:
        _write(parquet, result)
    elif as_json:
        for row in result.rows:
            click.echo(json_line(result.columns, row))
    elif as_csv:
        for line in csv_lines(result.columns, result.rows):
            click.echo(line, nl=False)
    else:
        _print(result, Console())
    if result.truncated and (as_json or as_csv or parquet):
        click.echo(f"Only the first {rows} rows; raise --rows for more.", err=True)


def _ended(error: HeadwaterError) -> click.ClickException:
    """The failure as one sentence, with the exit status that says of which kind it is."""
    ended = click.ClickException(str(error))
    status = 1
    if isinstance(error, QueryRefused):
        status = REFUSED
    elif isinstance(error, QueryTimeout | QueryLimit):
        status = STOPPED
    ended.exit_code = status  # type: ignore[misc]
    return ended


def _statement(sql: str | None, file: IO[str] | None) -> str:
    if sql is not None and file is not None:
        raise click.UsageError("Give the SELECT as an argument or with --file, not both.")
    if file is not None:
        return str(file.read())
    if sql == "-" or (sql is None and not sys.stdin.isatty()):
        sql = sys.stdin.read()
    if not sql or not sql.strip():
        raise click.UsageError(
            'Give the SELECT as an argument, with --file, or with "-" from standard input.'
        )
    return sql


def _param(text: str) -> tuple[str, datetime | str | int]:
    """`n=5` is a number, an ISO 8601 date or time a timestamp, anything else text."""
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE.", param_hint="--param")
    return name.removeprefix("$"), read_value(value)


def _write(path: Path, result: Result) -> None:
    try:
        write_parquet(path, result.columns, result.types, result.rows)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error
    click.echo(f"{len(result.rows)} rows in {path}", err=True)


def _print(result: Result, console: Console) -> None:
    grid = Grid(header_style="bold", row_styles=["", "dim"] if len(result.rows) > 8 else None)
    for column, kind in zip(result.columns, result.types, strict=True):
        numeric = kind in _NUMERIC or kind.startswith("decimal")
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
