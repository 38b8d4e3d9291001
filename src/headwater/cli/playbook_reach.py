"""`headwater playbooks reach`: whom a cause affects, since when, and who has written in."""

import getpass
import json
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from headwater.cli.places import VIEWS
from headwater.cli.playbook_options import FOLDER, one_page, plain, window_of
from headwater.diagnosis.playbooks import Playbook, load_playbooks
from headwater.diagnosis.reach import Reach, Spread, as_dict, reach_of, spread_of_all, table_of
from headwater.evidence.recorder import FileRecorder, default_journal
from headwater.evidence.store import open_store
from headwater.evidence.tabular import csv_lines, write_parquet
from headwater.evidence.types import EvidenceStore, Purpose
from headwater.kit.errors import HeadwaterError
from headwater.kit.money import format_money

_FILE = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.command()
@click.argument("playbook_id", metavar="[ID]", required=False)
@click.option("--all", "every", is_flag=True, help="Every playbook in one pass, counts only.")
@FOLDER
@click.option(
    "--evidence",
    "location",
    envvar="HEADWATER_EVIDENCE",
    required=True,
    metavar="DIR",
    help="Folder of Parquet files by the contract. [env: HEADWATER_EVIDENCE]",
)
@VIEWS
@click.option("--from", "start", metavar="TIME", help="Start of the window; default 30 days long.")
@click.option("--to", "end", metavar="TIME", help="End of the window; default when the data ends.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.option("--csv", "csv_path", type=_FILE, help="Every affected account into a CSV file.")
@click.option("--parquet", "parquet_path", type=_FILE, help="The same as Parquet.")
def reach(
    playbook_id: str | None,
    every: bool,
    folder: Path | None,
    location: str,
    views: str | None,
    start: str | None,
    end: str | None,
    as_json: bool,
    csv_path: Path | None,
    parquet_path: Path | None,
) -> None:
    """Whom a cause affects: accounts now, by day, newly; the biggest, the first, who wrote in."""
    if every == bool(playbook_id):
        raise click.UsageError("Give the ID of one playbook, or --all.")
    if every and (csv_path or parquet_path):
        raise click.UsageError("Files hold the accounts of one playbook; give its ID.")
    pages = load_playbooks(folder) if every else {}
    page = next(iter(pages.values())) if every else one_page(playbook_id or "", folder)
    with closing(
        open_store(location, recorder=FileRecorder(default_journal()), views=views)
    ) as store:
        window = (
            _window_of_all(store, pages, start, end)
            if every
            else window_of(store, page, start, end)
        )
        if every:
            _show_all(store, pages, window, as_json=as_json)
            return
        found = reach_of(store, page, purpose=_purpose(page.id), start=window[0], end=window[1])
    wrote = _wrote_in(found)
    _write_files(found, csv_path, parquet_path)
    if as_json:
        click.echo(json.dumps(as_dict(found, wrote_in=wrote), indent=2, default=plain))
        return
    _print(found, wrote)


def _purpose(what: str) -> Purpose:
    return Purpose(who=getpass.getuser(), entrance="cli", reason=f"playbooks reach {what}")


def _window_of_all(
    store: EvidenceStore, pages: dict[str, Playbook], start: str | None, end: str | None
) -> tuple[datetime, datetime]:
    """The window that ends when the latest of all data does."""
    ends = [state.as_of for state in store.tables().values() if state.present and state.as_of]
    if end is None and ends:
        end = f"{max(ends) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S}"
    return window_of(store, next(iter(pages.values())), start, end)


def _show_all(
    store: EvidenceStore,
    pages: dict[str, Playbook],
    window: tuple[datetime, datetime],
    *,
    as_json: bool,
) -> None:
    began = time.monotonic()
    spreads = spread_of_all(store, pages, purpose=_purpose("--all"), start=window[0], end=window[1])
    seconds = time.monotonic() - began
    rows = sorted(spreads.values(), key=lambda each: (-each.accounts, each.playbook))
    if as_json:
        body = {
            "from": window[0],
            "to": window[1],
            "seconds": round(seconds, 2),
            "playbooks": [_entry(each) for each in rows],
        }
        click.echo(json.dumps(body, indent=2, default=plain))
        return
    table = Table("playbook", "accounts", "last day", "new", "by day", box=None, pad_edge=False)
    for each in rows:
        if each.accounts:
            last = each.days[-1]
            table.add_row(
                each.playbook, str(each.accounts), str(last.affected), str(last.fresh), _bars(each)
            )
    console = Console()
    console.print(table)
    quiet = sum(1 for each in rows if not each.problem and not each.accounts)
    failed = [each for each in rows if each.problem]
    Console(stderr=True).print(
        f"{len(rows)} playbooks in {seconds:.1f} s: {quiet} reach nobody, {len(failed)} cannot run "
        f"here. {window[0]:%Y-%m-%d %H:%M} to {window[1]:%Y-%m-%d %H:%M} UTC.",
        highlight=False,
    )


def _entry(spread: Spread) -> dict[str, object]:
    if spread.problem:
        return {"playbook": spread.playbook, "problem": spread.problem}
    return {
        "playbook": spread.playbook,
        "accounts": spread.accounts,
        "days": [
            {"day": each.day, "affected": each.affected, "fresh": each.fresh}
            for each in spread.days
        ],
    }


def _bars(spread: Spread) -> str:
    top = max((each.affected for each in spread.days), default=0) or 1
    return "".join(" ▁▂▃▄▅▆▇█"[round(8 * each.affected / top)] for each in spread.days)


def _wrote_in(found: Reach) -> int | None:
    """How many of the accounts wrote in; None where there is no operational store to ask."""
    from headwater.cli.serve import require_store

    try:
        require_store()
    except HeadwaterError:
        return None
    from headwater.diagnosis.watch.queries import wrote_in

    names = {each.account_id for each in found.accounts}
    return len(wrote_in(found.playbook, names, since=found.start))


def _write_files(found: Reach, csv_path: Path | None, parquet_path: Path | None) -> None:
    columns, types, rows = table_of(found)
    if csv_path:
        # The lines bring their own ends, as CSV wants them.
        with csv_path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_lines(columns, rows))
    if parquet_path:
        write_parquet(parquet_path, columns, types, rows)


def _print(found: Reach, wrote: int | None) -> None:
    console = Console(highlight=False)
    console.print(f"{found.title}  ({found.playbook})", style="bold")
    more = " at least, the list was cut off" if found.truncated else ""
    console.print(
        f"{len(found.accounts)} accounts{more}; {found.now} in the last day, {found.fresh} of them "
        f"new; {'unknown how many' if wrote is None else wrote} wrote in."
    )
    if not found.accounts:
        return
    days = Table("day", "affected", "new", box=None, pad_edge=False)
    for each in found.days:
        days.add_row(f"{each.day:%Y-%m-%d}", str(each.affected), str(each.fresh))
    console.print(days)
    for title, accounts in (("biggest", found.accounts[:5]), ("first", found.first[:5])):
        table = Table(title, "first seen", "last seen", "times", "payments", "volume", box=None)
        table.columns[0].no_wrap = True
        for account in accounts:
            table.add_row(
                account.account_id,
                f"{account.first_seen:%Y-%m-%d %H:%M}" if account.first_seen else "",
                f"{account.last_seen:%Y-%m-%d %H:%M}" if account.last_seen else "",
                str(account.occurrences),
                str(account.payments),
                format_money(account.volume, account.currency) if account.currency else "",
            )
        console.print(table)
