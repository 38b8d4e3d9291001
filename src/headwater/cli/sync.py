"""`headwater sync`: bring the platform's data into the evidence store."""

import json
import os
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from headwater.cli.places import LOCATION
from headwater.evidence.sync import Client, Options, Report
from headwater.evidence.sync import sync as run_sync
from headwater.kit.errors import HeadwaterError

KEY_VARIABLE = "HEADWATER_STRIPE_API_KEY"
KEY_FILE_VARIABLE = "HEADWATER_STRIPE_API_KEY_FILE"
BASE_VARIABLE = "HEADWATER_STRIPE_API_BASE"


@click.group()
def sync() -> None:
    """Bring the platform's data into the evidence store."""


@sync.command()
@LOCATION
@click.option(
    "--key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"A file that holds the API key and nothing else. Otherwise {KEY_VARIABLE} or "
    f"{KEY_FILE_VARIABLE} is read; a key is never given on the command line.",
)
@click.option("--account", help="The platform's own account, where the key may not read it.")
@click.option("--no-connected", is_flag=True, help="Leave connected accounts out.")
@click.option("--both-modes", is_flag=True, help="Keep test and live data in one folder.")
@click.option("--full", is_flag=True, help="List everything again, not only what changed.")
@click.option(
    "--rate",
    type=click.FloatRange(min=0.1),
    default=20.0,
    show_default=True,
    help="At most so many requests a second.",
)
@click.option("--json", "as_json", is_flag=True, help="The report as JSON.")
def stripe(
    location: str,
    key_file: Path | None,
    account: str | None,
    no_connected: bool,
    both_modes: bool,
    full: bool,
    rate: float,
    as_json: bool,
) -> None:
    """Bring accounts, payments, payouts, billing, events and webhook endpoints from Stripe.

    The first run lists everything, later ones what is new and what events tell of. Stopped or
    killed, it goes on where it was. Exit status 1 when something that was seen is not stored.
    """
    key = _key(key_file)
    errors = Console(stderr=True)
    client = Client(key, base=os.environ.get(BASE_VARIABLE) or None, per_second=rate)
    options = Options(account=account, connected=not no_connected, both_modes=both_modes, full=full)
    with errors.status("Asking for the account …") as status:

        def tell(whose: str, name: str, seen: int) -> None:
            status.update(Text(f"{whose}  {name}: {seen:,}"))

        report = run_sync(Path(location), key, client=client, options=options, tell=tell)
    if as_json:
        click.echo(json.dumps(report.as_dict(), indent=2))
    else:
        _print(report, Console())
    if not report.complete:
        raise click.exceptions.Exit(1)


def _key(key_file: Path | None) -> str:
    named = os.environ.get(KEY_FILE_VARIABLE)
    path = key_file or (Path(named) if named else None)
    if path is None:
        key = os.environ.get(KEY_VARIABLE, "").strip()
    else:
        try:
            key = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise HeadwaterError(f"The key file {path} cannot be read.", param="key") from error
    if not key:
        raise HeadwaterError(
            "There is no API key.",
            param="key",
            hint=f"Put a restricted key that may only read into {KEY_VARIABLE}, or into a file "
            "named by --key-file.",
        )
    return key


def _print(report: Report, console: Console) -> None:
    grid = Grid(header_style="bold", box=None, pad_edge=False)
    for heading in ("Account", "List", "Seen", "Stored", "Rejected", "Read again", ""):
        grid.add_column(heading, justify="left" if heading in ("Account", "List", "") else "right")
    for each in report.lists:
        said: Any = each.problem or ("" if each.complete else "not everything is stored")
        grid.add_row(
            each.account,
            each.name,
            f"{each.seen:,}",
            f"{each.stored:,}",
            f"{each.rejected:,}",
            f"{each.updated:,}",
            Text(said, style="yellow" if each.problem else "red"),
        )
    console.print(grid)
    for note in report.notes:
        console.print(Text(note))
    waits = f", {report.waits} pauses" if report.waits else ""
    console.print(
        Text(
            f"{report.mode} mode, {report.requests:,} requests{waits}, {report.seconds:.1f} s. "
            + ("Everything seen is stored." if report.complete else "Run it again.")
        )
    )
