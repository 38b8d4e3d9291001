"""`headwater ingest`: mail that lies in files."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from headwater.cli.serve import require_store, stop_event

_INTERRUPTED = 130


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--mailbox",
    default="",
    metavar="ADDRESS",
    help="The address of yours that this mail came to; default HEADWATER_MAIL_FROM.",
)
def ingest(paths: tuple[Path, ...], mailbox: str) -> None:
    """Take the mail in PATHS: .eml files, mbox files, Maildirs, and folders of them.

    What is known already is left as it is, so a run that was interrupted is simply repeated. The
    files are only read. Exit status 1 when a mail could not be taken (standard error says which
    and why), 130 when interrupted.
    """
    require_store()
    from headwater.channels.ingest import Report, ingest_files
    from headwater.channels.queries import reconciliation
    from headwater.channels.sources import bytes_in

    if mailbox and "@" not in mailbox:
        raise click.BadParameter("Give an address, such as support@shop.example.")
    stop = stop_event()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    told = 0
    with Progress(
        *columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("Taking mail", total=bytes_in(paths))

        def show(report: Report, done: int) -> None:
            nonlocal told
            for line in report.refused[told:]:
                bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
            told = len(report.refused)
            bar.update(task, advance=done, description=f"{report.seen:,} mails")

        report = ingest_files(paths, mailbox=mailbox, progress=show, stop_event=stop)
    click.echo(
        f"{report.seen:,} mails seen: {report.stored:,} stored, {report.known:,} already known, "
        f"{len(report.refused):,} not taken. Set aside: {report.quarantined:,}."
    )
    if waiting := reconciliation()["stored"]:
        click.echo(f"{waiting:,} mails wait to be read by the worker (`headwater worker`).")
    if report.stopped:
        click.echo("Interrupted; run it again to go on.", err=True)
        sys.exit(_INTERRUPTED)
    if report.refused:
        sys.exit(1)
