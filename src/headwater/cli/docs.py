"""`headwater docs`: the API's reference and the help pages, indexed and searched."""

import json
import time
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from headwater.knowledge import Hit, Knowledge, Record, Sources, build_index, open_knowledge
from headwater.knowledge.shelf import DEFAULT_SDK, default_index

_SHOWN = 160


@click.group()
def docs() -> None:
    """Look up parameters, fields, error codes, event types and pages."""


@docs.command()
@click.option(
    "--sdk",
    default=DEFAULT_SDK,
    show_default=True,
    metavar="NAME",
    help="Installed SDK whose sources are read; nothing of it is run. `none` leaves it out.",
)
@click.option(
    "--openapi",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An OpenAPI 3 document, JSON or YAML; can be repeated.",
)
@click.option(
    "--pages",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder of help pages, Markdown or HTML; can be repeated.",
)
def index(sdk: str, openapi: tuple[Path, ...], pages: tuple[Path, ...]) -> None:
    """Index the sources named here, in place of those before. Kept in HEADWATER_HOME."""
    started = time.monotonic()
    sources = Sources(
        sdk=None if sdk == "none" else sdk,
        openapi=tuple(path.absolute() for path in openapi),
        pages=tuple(path.absolute() for path in pages),
    )
    count = build_index(sources)
    seconds = time.monotonic() - started
    click.echo(f"{count:,} records in {default_index()}, {seconds:.1f} s.")
    _say(open_knowledge())


@docs.command()
@click.argument("question", nargs=-1, required=True)
@click.option("-n", "limit", default=8, show_default=True, type=click.IntRange(1, 50))
@click.option("--json", "as_json", is_flag=True, help="One JSON array for programs.")
def search(question: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Find what answers a question, an error message or a field, in anybody's words."""
    knowledge = open_knowledge()
    hits = knowledge.search(" ".join(question), limit)
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in hits], indent=2))
        return
    _say(knowledge)
    console = Console()
    if not hits:
        console.print("Nothing in the index shares a word with that.")
    for hit in hits:
        _print_hit(console, hit)


@docs.command()
@click.argument("record_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def show(record_id: str, as_json: bool) -> None:
    """One record in full, by its id or by the address of a page."""
    record = open_knowledge().get(record_id)
    if as_json:
        click.echo(json.dumps(record.as_dict(), indent=2))
        return
    _print_record(Console(), record)


def _say(knowledge: Knowledge) -> None:
    if knowledge.note:
        click.echo(knowledge.note, err=True)


def _print_hit(console: Console, hit: Hit) -> None:
    text = " ".join(hit.text.split())
    short = text if len(text) <= _SHOWN else text[:_SHOWN].rsplit(" ", 1)[0] + " …"
    console.print(Text(hit.id, style="bold"), Text(hit.kind, style="dim"), soft_wrap=True)
    console.print(Text(f"  {short}"))


def _print_record(console: Console, record: Record) -> None:
    console.print(Text(record.title, style="bold"), Text(record.kind, style="dim"))
    console.print(Text(record.where, style="dim"), soft_wrap=True)
    console.print(Text(f"\n{record.text}\n"))
    if record.values:
        console.print(Text(f"Values: {', '.join(record.values)}"))
    if record.also:
        console.print(Text(f"The same in: {', '.join(record.also)}"))
    if record.url:
        console.print(Text(record.url), soft_wrap=True)
    console.print(Text(f"From {record.source}.", style="dim"))
