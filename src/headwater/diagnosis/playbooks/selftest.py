"""Playbooks proven on their own small worlds, through the real evidence store and its guard."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from headwater.diagnosis.playbooks.errors import PlaybookInvalid
from headwater.diagnosis.playbooks.evidence_sql import tables_read
from headwater.diagnosis.playbooks.page import Playbook, evidence_ids
from headwater.diagnosis.playbooks.running import run_playbook
from headwater.diagnosis.playbooks.worlds import Case, Window, World, read_world, write_world
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose, RunRecord, Scope

_PURPOSE = Purpose(who="playbooks", entrance="cli", reason="self-test of a playbook")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case and what was wrong with it; no problems means that it passed."""

    playbook: str
    case: str
    problems: tuple[str, ...]


class _Forget:
    """Hand-written rows need no audit line."""

    def record(self, run: RunRecord) -> None:
        """Keeps nothing."""


def prove_playbook(playbook: Playbook) -> list[Outcome]:
    """Every case of the page's world, then the run without the columns that it calls optional.

    Raises PlaybookInvalid where the test data is missing, wrong, or lacks a kind of case.
    """
    if not playbook.test_path.is_file():
        raise PlaybookInvalid("The playbook has no test data.", file=playbook.test_path, line=1)
    world = read_world(playbook.test_path)
    _check_kinds(world)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="playbook-") as folder:
        root = Path(folder)
        with _Store(playbook, world, root / "whole", frozenset()) as store:
            for case in world.cases:
                outcomes.append(
                    Outcome(playbook.id, case.name, _case_problems(store, playbook, case))
                )
        with _Store(playbook, world, root / "bare", frozenset(playbook.optional)) as store:
            outcomes.append(Outcome(playbook.id, "without optional columns",
                                    _bare_problems(store, playbook, world)))  # fmt: skip
    return outcomes


class _Store:
    """A store over the world's Parquet files, open while the block runs."""

    def __init__(
        self, playbook: Playbook, world: World, folder: Path, without: frozenset[str]
    ) -> None:
        folder.mkdir()
        write_world(world, folder, reads=tables_read(playbook.sql), without=without)
        self._store: EvidenceStore = open_store(
            folder, recorder=_Forget(), threads=1, workers=1, views=False
        )

    def __enter__(self) -> EvidenceStore:
        return self._store

    def __exit__(self, *_: object) -> None:
        self._store.close()


def _rows(store: EvidenceStore, playbook: Playbook, window: Window, scope: Scope) -> list[Row]:
    result = run_playbook(
        store,
        playbook,
        purpose=_PURPOSE,
        scope=scope,
        start=window.start,
        end=window.end,
    )
    return [dict(row) for row in result.dicts()]


def _case_problems(store: EvidenceStore, playbook: Playbook, case: Case) -> tuple[str, ...]:
    alone = _rows(store, playbook, case.window, Scope((case.account,)))
    among = [row for row in _rows(store, playbook, case.window, Scope(None))
             if row["account_id"] == case.account]  # fmt: skip
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
        if "None" in text or "{{" in text or "  " in text or " ." in text:
            problems.append(f"the words for the {voice} have a hole: {text}")
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


def _bare_problems(store: EvidenceStore, playbook: Playbook, world: World) -> tuple[str, ...]:
    """A store without the optional columns must still answer, and its rows still read well."""
    problems: list[str] = []
    for window in {case.window for case in world.cases}:
        for row in _rows(store, playbook, window, Scope(None)):
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
