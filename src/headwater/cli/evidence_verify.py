"""`headwater evidence verify`: does an engine answer as DuckDB does, construct by construct?"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from headwater.evidence.engines.conformance.suite import (
    DIFFERS,
    PASS,
    Outcome,
    cases,
    constructs_of,
    verify,
    write_world,
)
from headwater.evidence.engines.conformance.targets import loaded, reference
from headwater.evidence.engines.constructs import EVERYTHING
from headwater.evidence.engines.generated import GENERATED, generated_page
from headwater.evidence.engines.interface import UNPROVEN, find_place
from headwater.evidence.engines.page import engines_page
from headwater.evidence.engines.seam import proven
from headwater.evidence.engines.warehouses.kept import bare, keep, proof_of
from headwater.evidence.errors import QueryRefused

_WORST = ("differs", "pass", "failed", "refused")


@click.command("verify")
@click.option("--engine", "address", required=True, metavar="URL", help="postgresql://…, snowflake://…, bigquery://…, trino://… or databricks://… (a role that may make a schema), spark://host:port?lake=DIR, or chdb:///DIR.")  # noqa: E501  # fmt: skip
@click.option("--all", "beyond", is_flag=True, help="Ask also what is not on the engine's list, to see what could be.")  # noqa: E501  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def verify_engine(address: str, beyond: bool, as_json: bool) -> None:
    """Run the conformance suite on an engine, over small tables that it loads and removes.

    Says which constructs pass here that the shipped list lacks, and which of the list do not.
    For Snowflake, BigQuery, Trino and Databricks there is no shipped list: what passes is kept for
    this address, and runs there from now on. Exits with status 1 when an answer differs from
    DuckDB's.
    """
    place = find_place(address)
    unproven = place.engine in UNPROVEN
    listed = proof_of(place.engine, address).proven if unproven else proven(place.engine)
    with tempfile.TemporaryDirectory(prefix="headwater-verify-") as folder:
        world = Path(folder)
        world.chmod(0o755)
        write_world(world)
        with (
            reference(world) as duckdb,
            loaded(address, world, EVERYTHING if beyond or unproven else None) as engine,
        ):
            outcomes = list(verify(engine, duckdb))
    by_construct = _by_construct(outcomes)
    kept = keep(place.engine, address, by_construct) if unproven else None
    counted = Counter(each.verdict for each in outcomes)
    passed = {name for name, verdict in by_construct.items() if verdict == PASS}
    newly, no_longer = sorted(passed - listed), sorted(listed - passed)
    if as_json:
        report = {
            "engine": place.engine,
            "kept": str(kept) if kept else None,
            "cases": dict(counted),
            "constructs": by_construct,
            "newly_passes": newly,
            "no_longer_passes": no_longer,
            "notes": {each.case: each.detail for each in outcomes if each.verdict != PASS},
        }
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        _print(outcomes, by_construct, counted, Console())
        if kept:
            click.echo(f"{len(passed)} constructs run at {bare(address)} from now on: {kept}")
        elif listed:
            click.echo(f"Passes here, not on the shipped list: {', '.join(newly) or 'nothing'}.")
            click.echo(f"On the shipped list, no pass here: {', '.join(no_longer) or 'nothing'}.")
    if counted[DIFFERS]:
        sys.exit(1)


@click.command("engines")
@click.option("--sql", "engine", type=click.Choice(GENERATED), help="Instead the SQL that is written for this engine, for each query of the suite.")  # noqa: E501  # fmt: skip
def list_engines(engine: str | None) -> None:
    """Which construct runs on which engine, as a page."""
    click.echo(generated_page(engine) if engine else engines_page(), nl=False)


def _by_construct(outcomes: list[Outcome]) -> dict[str, str]:
    """The verdict on each construct: one differing query condemns it, one that passes proves it."""
    verdicts: dict[str, set[str]] = {}
    for case, outcome in zip(cases(), outcomes, strict=True):
        try:
            names = constructs_of(case.sql)
        except QueryRefused:
            continue
        for name in names:
            verdicts.setdefault(name, set()).add(outcome.verdict)
    return {
        name: next(each for each in _WORST if each in found)
        for name, found in sorted(verdicts.items())
    }


def _print(
    outcomes: list[Outcome], by_construct: dict[str, str], counted: Counter[str], console: Console
) -> None:
    grid = Grid(header_style="bold", box=None, pad_edge=False)
    grid.add_column("Construct")
    grid.add_column("Verdict")
    for name, verdict in by_construct.items():
        style = {"pass": "green", "differs": "bold red"}.get(verdict, "yellow")
        grid.add_row(Text(name), Text(verdict, style=style))
    console.print(grid)
    for each in outcomes:
        if each.verdict != PASS:
            console.print(Text(f"{each.verdict:8} {each.case}: {each.detail}"), style="dim")
    listed = ", ".join(f"{n} {verdict}" for verdict, n in sorted(counted.items()))
    console.print(Text(f"{len(outcomes)} queries: {listed}."), style="bold")
