"""`headwater playbooks`: the pages that prove a cause; read them, prove them, run them."""

import getpass
import json
import sys
import time
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.console import Console, Group
from rich.markdown import Markdown
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from headwater.cli.playbook_options import FOLDER, one_page, plain, window_of
from headwater.cli.playbook_reach import reach
from headwater.diagnosis.playbooks import Playbook, load_playbooks, mode_titles
from headwater.diagnosis.playbooks.coverage import coverage_page
from headwater.diagnosis.playbooks.running import run_playbook
from headwater.evidence.recorder import FileRecorder, default_journal
from headwater.evidence.store import open_store
from headwater.evidence.types import Limits, Purpose, Scope

_SHOWN = ("account_id", "object_id", "mode", "occurrences", "first_seen", "last_seen", "strength")


@click.group()
def playbooks() -> None:
    """The pages that prove a cause and put it in words."""


playbooks.add_command(reach)


@playbooks.command("list")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One JSON array for programs.")
def list_(folder: Path | None, as_json: bool) -> None:
    """Every playbook with the failure modes that it covers."""
    pages = load_playbooks(folder)
    if as_json:
        click.echo(json.dumps([_summary(page) for page in pages.values()], indent=2))
        return
    table = Table("playbook", "area", "covers", "title", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for page in sorted(pages.values(), key=lambda each: (each.area, each.id)):
        table.add_row(page.id, page.area, " ".join(page.covers), page.title)
    Console().print(table)


@playbooks.command()
@FOLDER
def coverage(folder: Path | None) -> None:
    """Every failure mode of the catalogue and the playbook that proves it, as a page."""
    click.echo(coverage_page(load_playbooks(folder), folder), nl=False)


@playbooks.command()
@click.argument("playbook_id", metavar="ID")
@FOLDER
@click.option("--sql", "only_sql", is_flag=True, help="Only the SQL, as it is run.")
@click.option("--letters", is_flag=True, help="Only the letters that its test data would give.")
def show(playbook_id: str, folder: Path | None, only_sql: bool, letters: bool) -> None:
    """One playbook: what it proves, how, and what it says."""
    page = one_page(playbook_id, folder)
    if letters:
        _show_letters(page)
        return
    if only_sql:
        click.echo(page.sql)
        return
    titles = mode_titles()
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_row("covers", "\n".join(f"{mode}  {titles[mode]}" for mode in page.covers))
    facts.add_row("fixed by", page.fixed_by)
    facts.add_row("objects", ", ".join(page.objects))
    facts.add_row("docs", "\n".join(page.docs))
    facts.add_row("looks like", "\n".join(f"{k}: {v}" for k, v in page.confused_with.items()))
    facts.add_row("file", str(page.path))
    console = Console()
    console.print(Group(Text(f"{page.title}  ({page.id})", style="bold"), facts))
    console.print(Panel(Syntax(page.sql, "sql", word_wrap=True), title="Evidence"))
    for title, text in (("What to do", page.what_to_do), ("If this is not it", page.if_not)):
        console.print(Panel(Markdown(text), title=title))


def _show_letters(page: Playbook) -> None:
    from headwater.diagnosis.letters import sample_letters

    for each in sample_letters(page):
        click.echo(f"=== {each.playbook}, {each.mode}: {each.case}\n\n{each.letter}\n")
        click.echo(f"--- for an engineer\n\n{each.engineer}\n")


@playbooks.command()
@click.argument("name", metavar="AREA/ID")
@click.option(
    "--playbooks",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="HEADWATER_PLAYBOOKS",
    required=True,
    help="Your own folder of pages; made if it is not there. [env: HEADWATER_PLAYBOOKS]",
)
def new(name: str, folder: Path) -> None:
    """Start a playbook: a page and test data that already pass, to be changed."""
    from headwater.diagnosis.playbooks.starting import start_playbook

    page, tests = start_playbook(folder, name)
    click.echo(f"{page}\n{tests}")
    click.echo(
        f"Change them, then: headwater playbooks test {page.stem} --playbooks {folder}", err=True
    )


@playbooks.command()
@click.argument("playbook_id", metavar="[ID]", required=False)
@FOLDER
def test(playbook_id: str | None, folder: Path | None) -> None:
    """Prove one playbook, or all, on the test data beside them. Exits 1 where one fails."""
    from headwater.diagnosis.playbooks.selftest import prove_all

    pages = (
        [one_page(playbook_id, folder)] if playbook_id else list(load_playbooks(folder).values())
    )
    console, failed, cases, started = Console(), 0, 0, time.monotonic()
    for page, outcomes in prove_all(pages):
        bad = [outcome for outcome in outcomes if outcome.problems]
        cases, failed = cases + len(outcomes), failed + len(bad)
        mark = Text("failed", style="red") if bad else Text("passed", style="green")
        console.print(mark, Text(f"{page.id}  {len(outcomes)} cases"))
        for outcome in bad:
            console.print(Text(f"  {outcome.case}", style="bold"))
            for problem in outcome.problems:
                console.print(Text(f"    {problem}"))
    seconds = time.monotonic() - started
    console.print(f"{cases} cases of {len(pages)} playbooks, {failed} failed, {seconds:.1f} s.")
    sys.exit(1 if failed else 0)


@playbooks.command()
@click.argument("playbook_id", metavar="ID")
@FOLDER
@click.option(
    "--evidence",
    "location",
    envvar="HEADWATER_EVIDENCE",
    required=True,
    metavar="DIR",
    help="Folder of Parquet files by the contract. [env: HEADWATER_EVIDENCE]",
)
@click.option("--account", metavar="acct_…", help="One account; without it, all (the reach).")
@click.option("--from", "start", metavar="TIME", help="Start of the window; default 30 days long.")
@click.option("--to", "end", metavar="TIME", help="End of the window; default when the data ends.")
@click.option("--limit", default=1_000, show_default=True, help="At most so many rows.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def run(
    playbook_id: str,
    folder: Path | None,
    location: str,
    account: str | None,
    start: str | None,
    end: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Run a playbook for one account, or over all accounts for its reach."""
    page = one_page(playbook_id, folder)
    purpose = Purpose(who=getpass.getuser(), entrance="cli", reason=f"playbooks run {page.id}")
    with closing(open_store(location, recorder=FileRecorder(default_journal()))) as store:
        first, last = window_of(store, page, start, end)
        scope = Scope((account,)) if account else Scope(None)
        result = run_playbook(
            store,
            page,
            purpose=purpose,
            scope=scope,
            start=first,
            end=last,
            limits=Limits(rows=limit, seconds=120.0),
        )
    rows = [dict(row) for row in result.dicts()]
    if as_json:
        body = {
            "playbook": page.id,
            "account_id": account,
            "from": first,
            "to": last,
            "truncated": result.truncated,
            "rows": [_worded(page, row) for row in rows],
        }
        click.echo(json.dumps(body, indent=2, default=plain))
        return
    _print_rows(Console(), page, rows, alone=bool(account))
    more = ", and more that --limit cut off" if result.truncated else ""
    reached = len({row["account_id"] for row in rows})
    Console(stderr=True).print(
        f"{len(rows)} rows of {reached} accounts{more}, {first:%Y-%m-%d %H:%M} to "
        f"{last:%Y-%m-%d %H:%M} UTC, {result.seconds:.2f} s.",
        highlight=False,
    )


def _summary(page: Playbook) -> dict[str, Any]:
    return {
        "id": page.id,
        "title": page.title,
        "area": page.area,
        "covers": list(page.covers),
        "fixed_by": page.fixed_by,
        "docs": list(page.docs),
    }


def _worded(page: Playbook, row: dict[str, Any]) -> dict[str, Any]:
    words = page.explain(row)
    return {**row, "explanation": {"user": words.user, "engineer": words.engineer}}


def _print_rows(
    console: Console, page: Playbook, rows: list[dict[str, Any]], *, alone: bool
) -> None:
    if not rows:
        console.print(
            f"No account shows: {page.title}."
            if not alone
            else f"The account does not show: {page.title}."
        )
        return
    if alone:
        for row in rows:
            words = page.explain(row)
            console.print(Panel(Text(words.user), title="For the user"))
            console.print(Panel(Text(words.engineer), title="For an engineer"))
        return
    table = Table(*(name for name in _SHOWN if name in page.columns), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in _SHOWN if name in page.columns))
    console.print(table)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{float(value):.2f}" if isinstance(value, float | Decimal) else str(value or "")
