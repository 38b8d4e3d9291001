"""`headwater evidence`: what the evidence store holds, and single queries over it."""

import json
import sys
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console

from headwater.cli.evidence_check import print_report
from headwater.cli.evidence_removal import erase, retain
from headwater.cli.evidence_show import show
from headwater.cli.evidence_verify import list_engines, verify_engine
from headwater.cli.places import LOCATION, VIEWS
from headwater.cli.query import query
from headwater.diagnosis.readiness import Report, check_store
from headwater.evidence.contract import load_contract
from headwater.evidence.contract_page import contract_page
from headwater.evidence.layout import LakeWriter
from headwater.evidence.recorder import FileRecorder, default_journal
from headwater.evidence.store import open_store


@click.group()
def evidence() -> None:
    """What the evidence store holds, and queries over it."""


@evidence.command()
@LOCATION
@click.option("--all", "show_all", is_flag=True, help="Also list the tables that are missing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@VIEWS
def check(location: str, show_all: bool, as_json: bool, views: str | None) -> None:
    """Which tables and columns are there, how fresh they are, and which playbooks can run.

    Exits with status 1 where files are there that cannot be read, or a view is wrong.
    """
    recorder = FileRecorder(default_journal())
    with closing(open_store(location, recorder=recorder, views=views)) as store:
        report: Report = check_store(store)
    if as_json:
        click.echo(json.dumps(report, indent=2))
    else:
        print_report(report, Console(), show_all=show_all)
    if report["view_problems"] or any(table["problem"] for table in report["tables"]):
        sys.exit(1)


@evidence.command()
@click.option(
    "--evidence",
    "root",
    required=True,
    envvar="HEADWATER_EVIDENCE",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the evidence store.",
)
def compact(root: Path) -> None:
    """Write days of many small files as one, and delete files out of use for a while."""
    with LakeWriter(root) as writer:
        done = writer.compact()
    click.echo(
        f"{done.days} days rewritten, {done.files_before} files became {done.files_after}; "
        f"{done.swept} old files deleted."
    )


@evidence.command()
def contract() -> None:
    """The contract as a page: every table, column and type, and who may read what."""
    click.echo(contract_page(load_contract()), nl=False)


evidence.add_command(query)
evidence.add_command(show)
evidence.add_command(retain)
evidence.add_command(erase)
evidence.add_command(verify_engine)
evidence.add_command(list_engines)
