"""`headwater import`: files of a platform's own into the lake."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from headwater.evidence.importing import Report, import_file, read_mapping
from headwater.evidence.layout import LakeWriter


@click.command("import")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--evidence",
    "root",
    required=True,
    envvar="HEADWATER_EVIDENCE",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the evidence store; made where it is missing.",
)
@click.option(
    "--map",
    "mapping_path",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML file that says which field becomes which column.",
)
def import_(sources: tuple[Path, ...], root: Path, mapping_path: Path) -> None:
    """Bring SOURCES (Parquet, CSV, JSON lines, access logs; also .gz and .zst) into the lake.

    The same file is stored once, however often it is given. Rows that do not fit are kept aside
    with their reason and counted; the exit status is then 1.
    """
    mapping = read_mapping(mapping_path)
    console = Console(stderr=True)
    rejected = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        LakeWriter(root) as writer,
        Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress,
    ):
        for source in _files(sources):
            task = progress.add_task(source.name, total=None)
            report = import_file(
                writer,
                root,
                source,
                mapping,
                progress=lambda done, total, task=task: progress.update(  # type: ignore[misc]
                    task, completed=done, total=total
                ),
            )
            progress.remove_task(task)
            rejected += report.rejected
            click.echo(_line(report))
        writer.sweep()
    if rejected:
        sys.exit(1)


def _files(sources: tuple[Path, ...]) -> list[Path]:
    """Files as given; of a folder the files in it, by name."""
    found: list[Path] = []
    for source in sources:
        found += sorted(each for each in source.iterdir() if each.is_file()) if source.is_dir() else [source]  # noqa: E501  # fmt: skip
    return found


def _line(report: Report) -> str:
    if report.again:
        return f"{report.source.name}: known already, nothing stored ({report.stored:,} rows then)."
    text = (
        f"{report.source.name}: {report.read:,} rows read, {report.stored:,} stored in "
        f"{report.table}, {report.rejected:,} rejected"
    )
    return f"{text}; see {report.rejects}." if report.rejects else f"{text}."
