"""`headwater diagnose`: a mail or a case in, causes with evidence out."""

import json
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from headwater.cli.diagnose_page import show
from headwater.cli.learn import learn
from headwater.cli.rephrased import as_dict, as_text, endpoint_or_refuse, rephrased
from headwater.diagnosis.asking import load_questions
from headwater.diagnosis.base_rates import StoredBaseRates, default_folder
from headwater.diagnosis.engine import Engine
from headwater.diagnosis.handing_over import completed
from headwater.diagnosis.handoff import Handoff, Moment, as_markdown, make_handoff
from headwater.diagnosis.learned import current_weights
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.reading import case_from_json, read_case
from headwater.diagnosis.rephrasing import Endpoint
from headwater.diagnosis.values import CaseInput, Diagnosis, iso
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError


@dataclass(frozen=True, slots=True)
class Extras:
    """What is wanted of each case besides its diagnosis."""

    package: Path | None
    endpoint: Endpoint | None
    complete: Callable[[Handoff], Handoff] = lambda made: made


@click.group(invoke_without_command=True)
@click.option(
    "--evidence",
    "location",
    envvar="HEADWATER_EVIDENCE",
    help="Folder of Parquet files by the evidence contract.",
)
@click.option(
    "--case",
    "case_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A raw mail, or one case as JSON.",
)
@click.option(
    "--cases",
    "cases_path",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Cases as JSON lines.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON lines instead of a page for people.")
@click.option(
    "--sql", "show_sql", is_flag=True, help="Show the SQL of every cause, not only the first."
)
@click.option(
    "--playbooks",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder of playbook pages instead of the shipped ones.",
)
@click.option(
    "--package",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the hand-off for Engineering: Markdown, or JSON where FILE ends with .json.",
)
@click.option(
    "--rephrase",
    "rephrase",
    is_flag=True,
    help="Also print the draft in the words of the language model that HEADWATER_LLM_URL names.",
)
@click.option("--threads", type=click.IntRange(1, 64), default=2, show_default=True)
@click.pass_context
def diagnose(
    ctx: click.Context,
    location: str | None,
    case_path: Path | None,
    cases_path: Path | None,
    as_json: bool,
    show_sql: bool,
    folder: Path | None,
    package: Path | None,
    rephrase: bool,
    threads: int,
) -> None:
    """Finds the causes of a user's problem in the platform's data.

    A line of --cases that cannot be read gives an output line with "error"; the others are
    diagnosed all the same, and the exit status is then 1.
    """
    if ctx.invoked_subcommand is not None:
        return
    if location is None:
        raise click.UsageError("Give --evidence DIR_OR_URL, or set HEADWATER_EVIDENCE.")
    if (case_path is None) == (cases_path is None):
        raise click.UsageError("Give either --case FILE or --cases FILE.")
    if package is not None and case_path is None:
        raise click.UsageError("--package is for one case: give --case FILE.")
    extras = Extras(package, endpoint_or_refuse() if rephrase else None)
    if case_path is not None:
        lines: list[tuple[int, str] | CaseInput] = [read_case(case_path, now=utc_now())]
    else:
        assert cases_path is not None  # noqa: S101 (checked above; for the type checker)
        lines = list(_lines(cases_path))
    recorder = FileRecorder(default_folder().parent / "evidence-runs.jsonl")
    # Many cases: one each on its own processor. One case: all of them on it.
    workers = min(threads, len(lines)) or 1
    each = max(threads // workers, 1)
    with closing(open_store(location, recorder=recorder, threads=each, workers=workers)) as store:
        rates = StoredBaseRates(store, default_folder())
        engine = Engine(
            store,
            load_playbooks(folder),
            rates,
            weights=current_weights(),
            who="command line",
            guess_account=True,
            questions=load_questions(folder),
        )
        extras = replace(extras, complete=_completing(store, folder))
        failed = _run(engine, lines, workers, as_json=as_json, show_sql=show_sql, extras=extras)
    if failed:
        sys.exit(1)


diagnose.add_command(learn)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def _run(
    engine: Engine,
    lines: list[tuple[int, str] | CaseInput],
    workers: int,
    *,
    as_json: bool,
    show_sql: bool,
    extras: Extras,
) -> int:
    errors = Console(stderr=True)
    page = Console()
    failed = 0
    batch = len(lines) > 1
    with Progress(
        TextColumn("Diagnosing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=errors,
        disable=not batch,
        transient=True,
    ) as progress:
        task = progress.add_task("cases", total=len(lines))
        for line, found in zip(lines, _diagnosed(engine, lines, workers), strict=True):
            if isinstance(found, HeadwaterError):
                failed += 1
                errors.print(f"{_place(line)}{found}", style="red", markup=False, highlight=False)
                if as_json:
                    _print_json(_error_line(line, found))
            else:
                _tell(found, page, as_json=as_json, show_sql=show_sql, endpoint=extras.endpoint)
                if extras.package is not None:
                    _write_package(extras, *found)
            progress.advance(task)
    return failed


def _tell(
    found: tuple[CaseInput, Diagnosis],
    page: Console,
    *,
    as_json: bool,
    show_sql: bool,
    endpoint: Endpoint | None,
) -> None:
    case, diagnosis = found
    made = rephrased(endpoint, case, diagnosis) if endpoint else None
    if as_json:
        more = {"rephrased": as_dict(made)} if made else {}
        _print_json({**diagnosis.as_dict(), **more})
        return
    show(diagnosis, page, subject=case.subject, show_sql=show_sql)
    if made:
        click.echo(as_text(made))


def _diagnosed(
    engine: Engine, lines: list[tuple[int, str] | CaseInput], workers: int
) -> Iterator[tuple[CaseInput, Diagnosis] | HeadwaterError]:
    """The lines' answers in their order, several at work at once, few waiting in memory."""

    def answer(line: tuple[int, str] | CaseInput) -> tuple[CaseInput, Diagnosis] | HeadwaterError:
        try:
            case = line if isinstance(line, CaseInput) else case_from_json(line[1])
            return case, engine.diagnose(case)
        except HeadwaterError as error:
            return error

    with ThreadPoolExecutor(workers) as pool:
        coming = deque[Future[tuple[CaseInput, Diagnosis] | HeadwaterError]]()
        try:
            for line in lines:
                coming.append(pool.submit(answer, line))
                if len(coming) > 2 * workers:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            for each in coming:
                each.cancel()


def _completing(store: EvidenceStore, folder: Path | None) -> Callable[[Handoff], Handoff]:
    def complete(made: Handoff) -> Handoff:
        purpose = Purpose("command line", "cli", "complete a hand-off", made.case_id)
        return completed(made, store, load_playbooks(folder), purpose=purpose)

    return complete


def _write_package(extras: Extras, case: CaseInput, diagnosis: Diagnosis) -> None:
    path = extras.package
    assert path is not None  # noqa: S101 (asked before; for the type checker)
    made = make_handoff(
        diagnosis.as_dict(),
        subject=case.subject,
        user_words=case.body,
        timeline=[Moment(iso(case.received_at), "the user wrote")],
    )
    made = extras.complete(made)
    as_json = path.suffix.lower() == ".json"
    text = json.dumps(made.as_dict(), indent=2, ensure_ascii=False) + "\n" if as_json else ""
    try:
        path.write_text(text or as_markdown(made), "utf-8")
    except OSError as error:
        raise click.FileError(str(path), error.strerror or "it cannot be written") from error


def _place(line: tuple[int, str] | CaseInput) -> str:
    return f"case {line.case_id}: " if isinstance(line, CaseInput) else f"line {line[0]}: "


def _error_line(line: tuple[int, str] | CaseInput, error: HeadwaterError) -> dict[str, Any]:
    case_id = line.case_id if isinstance(line, CaseInput) else _case_id_in(line[1])
    place = {} if isinstance(line, CaseInput) else {"line": line[0]}
    return {
        "case_id": case_id,
        "account_id": None,
        "causes": [],
        "ruled_out": [],
        "searched": None,
        "error": {**place, **error.as_dict()},
    }


def _case_id_in(text: str) -> str | None:
    try:
        data = json.loads(text)
    except json.JSONDecodeError:
        return None
    found = data.get("case_id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None


def _print_json(line: dict[str, Any]) -> None:
    # A closed pipe (`| head`) ends the command quietly through click.
    click.echo(json.dumps(line, ensure_ascii=False))
