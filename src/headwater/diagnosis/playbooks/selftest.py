"""Playbooks proven on their own small worlds, through the real evidence engine and its guard."""

import atexit
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from headwater.diagnosis.playbooks.errors import PlaybookInvalid
from headwater.diagnosis.playbooks.page import Playbook, evidence_ids
from headwater.diagnosis.playbooks.worlds import Case, Window, World, read_world
from headwater.evidence.frames import result_of
from headwater.evidence.held import Held, HeldEngine
from headwater.evidence.types import Limits
from headwater.evidence.verdicts import checked_template
from headwater.kit.errors import HeadwaterError

_LIMITS = Limits()
_MEMORY = 500_000_000
# A sentence's end that stands alone: what was before it fell away, or became a paragraph.
_HOLE = re.compile(r"(?:^|\n)(?:[.,;:]|(?:and|or) )|[,;] *\n\n")
# Reasons of banks and of fraud rules: whoever reads them may be the one they protect against.
_NEVER_TOLD = re.compile(
    r"\b(?:lost_card|stolen_card|pickup_card|merchant_blacklist|risk_score|stolen|blacklist\w*)\b"
)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case and what was wrong with it; no problems means that it passed."""

    playbook: str
    case: str
    problems: tuple[str, ...]


def prove_playbook(playbook: Playbook) -> list[Outcome]:
    """Every case of the page's world, then the run without the columns that it calls optional.

    Raises PlaybookInvalid where the test data is missing, wrong, or lacks a kind of case.
    """
    if not playbook.test_path.is_file():
        raise PlaybookInvalid("The playbook has no test data.", file=playbook.test_path, line=1)
    world = read_world(playbook.test_path)
    _check_kinds(world)
    asked = Asked(playbook, world)
    outcomes = [
        Outcome(playbook.id, case.name, _told(_case_problems, asked, playbook, case))
        for case in world.cases
    ]
    bare = Asked(playbook, world, without=frozenset(playbook.optional))
    problems = _told(_bare_problems, bare, playbook, world)
    return [*outcomes, Outcome(playbook.id, "without optional columns", problems)]


def _told(look: Callable[..., tuple[str, ...]], *about: Any) -> tuple[str, ...]:
    """What `look` finds; a query that is refused or fails is a problem like others."""
    try:
        return look(*about)
    except HeadwaterError as error:
        return (str(error),)


def prove_all(
    playbooks: Sequence[Playbook], processes: int | None = None
) -> Iterator[tuple[Playbook, list[Outcome]]]:
    """`prove_playbook` of each, in their order, on `processes` processors (default: all).

    Raises PlaybookInvalid where test data is missing or wrong.
    """
    count = min(processes or os.cpu_count() or 1, len(playbooks))
    if count <= 1:
        yield from ((each, prove_playbook(each)) for each in playbooks)
        return
    # Spawned, because a fork would copy the engine's threads in an unknown state.
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        coming = [pool.submit(_proven, each) for each in playbooks]
        try:
            for playbook, future in zip(playbooks, coming, strict=True):
                found = future.result()
                if isinstance(found, _Wrong):
                    raise PlaybookInvalid(found.text, file=found.file, line=found.line)
                yield playbook, found
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A PlaybookInvalid on its way between processes; exceptions with keywords do not travel."""

    text: str
    file: Path
    line: int


def _proven(playbook: Playbook) -> list[Outcome] | _Wrong:
    try:
        return prove_playbook(playbook)
    except PlaybookInvalid as error:
        text = str(error).removeprefix(f"{error.file}:{error.line}: ")
        return _Wrong(text, error.file, error.line)


class Asked:
    """The engine and guard of the evidence room over one small world, in this process.

    One engine in the process takes the worlds in turn: starting an engine, or a store's worker
    processes, would cost more than all the questions. What is proven is the same: the guard reads
    the query, scopes it, and the engine runs what the guard wrote.
    """

    def __init__(
        self, playbook: Playbook, world: World, without: frozenset[str] = frozenset()
    ) -> None:
        self._playbook = playbook
        self._rows = world.tables
        self._without = without
        self._known: dict[tuple[Window, tuple[str, ...] | None], list[Row]] = {}

    def rows(self, window: Window, accounts: tuple[str, ...] | None) -> list[Row]:
        """The evidence rows of an account and its connected ones, or of all."""
        key = (window, accounts)
        if key not in self._known:
            engine = _engine()
            engine.hold(self._held)
            answer = engine.query(
                self._playbook.sql,
                {"window_start": window.start, "window_end": window.end},
                accounts,
                _LIMITS.rows,
                _LIMITS.seconds,
                self._playbook.optional_tables,
            )
            found = result_of("self-test", {**answer, "bytes": 0})
            self._known[key] = [dict(row) for row in found.dicts()]
        return self._known[key]

    @cached_property
    def _held(self) -> Held:
        """The world; a table that the query reads and the world does not name is empty."""
        reads = checked_template(self._playbook.sql, scoped=True).tables
        unnamed: dict[str, list[Row]] = {name: [] for name in reads}
        return Held({**unnamed, **self._rows}, self._without)


@cache
def _engine() -> HeldEngine:
    return HeldEngine(memory_bytes=_MEMORY)


atexit.register(_engine.cache_clear)  # the engine's binding complains of what is left open


def _case_problems(asked: Asked, playbook: Playbook, case: Case) -> tuple[str, ...]:
    seen = asked.rows(case.window, (case.account, *case.connected))
    alone = [row for row in seen if row["account_id"] == case.account]
    among = [row for row in asked.rows(case.window, None) if row["account_id"] == case.account]
    problems = []
    if alone != among:
        problems.append("the query gives other rows for the account alone than among all accounts")
    if len(alone) != case.rows:
        problems.append(f"{len(alone)} rows instead of {case.rows}: {alone}")
    elif alone:
        problems += _row_problems(playbook, case, alone[0])
        for row in alone:
            problems += _word_problems(playbook, row)
    return tuple(problems)


def _row_problems(playbook: Playbook, case: Case, row: Row) -> list[str]:
    problems = []
    if case.mode and playbook.mode_of(row) != case.mode:
        problems.append(f"mode is {playbook.mode_of(row)}, not {case.mode}")
    for name, wanted in (case.facts or {}).items():
        if name not in row or not _same(row[name], wanted):
            problems.append(f"{name} is {row.get(name)!r}, not {wanted!r}")
    missing = [each for each in case.evidence if each not in evidence_ids(row)]
    if missing:
        problems.append(f"evidence lacks {', '.join(missing)}: {row['evidence_ids']}")
    words = playbook.explain(row)
    for voice, phrases in (case.says or {}).items():
        text = words.user if voice == "user" else words.engineer
        problems += [f"the {voice} is not told {p!r}: {text}" for p in phrases if p not in text]
    problems += [f"the user is told {p!r}" for p in case.silent_on if p in words.user]
    return problems


def _word_problems(playbook: Playbook, row: Row) -> list[str]:
    words = playbook.explain(row)
    problems = []
    for voice, text in (("user", words.user), ("engineer", words.engineer)):
        if "None" in text or "{{" in text or "  " in text or " ." in text or _HOLE.search(text):
            problems.append(f"the words for the {voice} have a hole: {text}")
    told = _NEVER_TOLD.findall(words.user)
    if told:
        problems.append(f"the user must never read {told[0]!r}: {words.user}")
    if not 1 <= len(evidence_ids(row)) <= 20:
        problems.append(f"evidence_ids holds {len(evidence_ids(row))} ids, not 1 to 20")
    if row["first_seen"] is None or row["last_seen"] is None:
        problems.append("first_seen or last_seen is empty")
    elif row["first_seen"] > row["last_seen"]:
        problems.append("first_seen lies after last_seen")
    strength = row.get("strength")
    if strength is not None and not 0 <= float(strength) <= 1:
        problems.append(f"strength is {strength}, not between 0 and 1")
    return problems


def _bare_problems(asked: Asked, playbook: Playbook, world: World) -> tuple[str, ...]:
    """A store without the optional columns must still answer, and its rows still read well."""
    problems: list[str] = []
    for window in {case.window for case in world.cases}:
        for row in asked.rows(window, None):
            problems += _word_problems(playbook, row)
    return tuple(problems)


def _check_kinds(world: World) -> None:
    kinds: Mapping[str, bool] = {
        "a case with rows": any(case.rows for case in world.cases),
        "a look-alike (`instead`) without rows": any(
            case.instead and not case.rows for case in world.cases
        ),
        "a healthy account (`healthy: true`)": any(
            case.healthy and not case.rows for case in world.cases
        ),
        "a case at the edge of the window (`window`)": len({c.window for c in world.cases}) > 1,
    }
    for kind, there in kinds.items():
        if not there:
            raise PlaybookInvalid(f"The test data lacks {kind}.", file=world.path, line=1)


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(found, datetime):
        if isinstance(wanted, date) and not isinstance(wanted, datetime):
            wanted = datetime.combine(wanted, datetime.min.time())
        moment = wanted if isinstance(wanted, datetime) else datetime.fromisoformat(str(wanted))
        return found == moment
    if isinstance(wanted, int | float) and not isinstance(wanted, bool) and found is not None:
        return abs(float(found) - float(wanted)) < 0.005
    return bool(found == wanted)
