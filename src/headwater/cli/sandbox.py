"""`headwater sandbox`: builds a simulated payments platform to try, test and measure on."""

import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table


@click.group()
def sandbox() -> None:
    """A simulated payments platform with planted causes and the mails about them."""


@sandbox.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--accounts", type=int, default=300, show_default=True, help="How many accounts.")
@click.option("--days", type=int, default=30, show_default=True, help="How many days of data.")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same world.")
@click.option("--requests", type=int, default=0, help="About how many request-log rows in all.")
@click.option("--cases-per-cause", type=int, default=0, help="How many cases per planted cause.")
@click.option("--end", default="2026-10-01", show_default=True, help="End of the data (ISO date).")
def build(
    folder: Path, accounts: int, days: int, seed: int, requests: int, cases_per_cause: int, end: str
) -> None:
    """Write a world into FOLDER: evidence/, inbox/, cases.jsonl and truth.jsonl."""
    from headwater.sandbox.build import build_world
    from headwater.sandbox.spec import WorldSpec, parse_end

    spec = WorldSpec(accounts, days, seed, requests, cases_per_cause, parse_end(end))
    console = Console()
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Starting", total=1.0)
        built = build_world(
            folder,
            spec,
            lambda text, done: progress.update(task, description=text, completed=done),
        )
    table = Table("table", "rows", box=None)
    table.columns[1].justify = "right"
    for name, rows in sorted(built.rows.items()):
        table.add_row(name, f"{rows:,}")
    console.print(table)
    seconds = time.monotonic() - started
    console.print(f"{built.cases} cases. World written to {folder} in {seconds:.1f} s.")
