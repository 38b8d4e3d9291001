"""How many comparable accounts show the same sign: what makes evidence say much or little."""

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Protocol

from headwater.diagnosis.playbooks import Playbook
from headwater.evidence.reach import count_accounts
from headwater.evidence.types import EvidenceStore, Purpose
from headwater.kit.clock import as_naive_utc
from headwater.kit.errors import HeadwaterError
from headwater.kit.places import cache_folder

GRID = timedelta(days=7)
# Raise when the meaning of a stored count changes, so that older files are not read.
_FORMAT = 3
_EPOCH = datetime(2001, 1, 1)  # noqa: DTZ001 (a Monday, naive UTC as in the evidence)
# Accounts that could show a sign: those that called the API, else all there were.
_ACTIVE = """
    SELECT DISTINCT account_id FROM api_request_logs
    WHERE created >= $window_start AND created < $window_end"""
_KNOWN = "SELECT id AS account_id FROM accounts WHERE created < $window_end"


@dataclass(frozen=True, slots=True)
class Rate:
    """Of `comparable` accounts, `matching` show the sign and `as_strong` at least as strongly."""

    matching: int
    as_strong: int
    comparable: int


@dataclass(frozen=True, slots=True)
class Size:
    """How big a sign is: how often it was seen, and the playbook's own grade where it gives one."""

    occurrences: float = 0.0
    strength: float | None = None

    @property
    def buckets(self) -> tuple[int, int]:
        """The same half octaves as in the SQL, of the count and of thousandths of the grade."""
        return _half_octave(self.occurrences), _half_octave(1000 * (self.strength or 0.0))


def _half_octave(value: float) -> int:
    return 0 if value < 1 else math.floor(2 * math.log(value) / math.log(2))


class BaseRates(Protocol):
    """Where base rates come from."""

    def rate(
        self, playbook: Playbook, *, mode: str, kind: str, size: Size, end: datetime
    ) -> Rate | None:
        """The rate for one mode and kind of account, or None when it cannot be known."""
        ...


class NoBaseRates:
    """Knows nothing: evidence then counts the same however common it is."""

    def rate(
        self, playbook: Playbook, *, mode: str, kind: str, size: Size, end: datetime
    ) -> Rate | None:
        """Always None."""
        return None


@dataclass(frozen=True, slots=True)
class Counts:
    """Accounts of one playbook and window: {(kind, mode): {size in buckets: accounts}}."""

    accounts: Mapping[tuple[str, str], Mapping[tuple[int, int], int]]

    def matching(self, kind: str, mode: str, size: Size) -> tuple[int, int]:
        """(accounts that match, accounts where both sizes are at least as big)."""
        found = self.accounts.get((kind, mode), {})
        often, strong = size.buckets
        bigger = (n for (o, s), n in found.items() if o >= often and s >= strong)
        return sum(found.values()), sum(bigger)


class StoredBaseRates:
    """Counts over the whole evidence store, computed once and kept in `folder`."""

    def __init__(
        self, store: EvidenceStore, folder: Path, *, window: timedelta = timedelta(days=30)
    ) -> None:
        self._store = store
        self._folder = folder
        self._window = window
        self._tables = store.tables()
        self._fingerprint = store.fingerprint()
        self._counts: dict[str, Counts] = {}
        self._unknown: set[tuple[str, datetime]] = set()
        self._lock = Lock()

    def rate(
        self, playbook: Playbook, *, mode: str, kind: str, size: Size, end: datetime
    ) -> Rate | None:
        """Reads the counts from memory, then disk, then the store (seconds on a large one)."""
        until = grid_end(end)
        if (playbook.id, until) in self._unknown:
            return None
        try:
            comparable = self._count("comparable", self._active_sql(), until)
            shown = self._count(playbook.id, playbook.sql, until, playbook.optional_tables)
        except HeadwaterError:
            # Too big or broken to count: the diagnosis goes on and says so. Not tried again,
            # since every case of the week would wait for the same failure.
            self._unknown.add((playbook.id, until))
            return None
        kind = kind if self._present("accounts") else "direct"
        total = sum(comparable.accounts.get((kind, ""), {}).values())
        matching, as_strong = shown.matching(kind, mode, size)
        # The account itself matches, and an account that matches can be compared.
        return Rate(max(matching, 1), max(as_strong, 1), max(total, matching, 1))

    def _count(
        self, name: str, sql: str, until: datetime, optional: frozenset[str] = frozenset()
    ) -> Counts:
        key = hashlib.sha256(
            f"{_FORMAT}|{self._fingerprint}|{self._window}|{until}|{sql}".encode()
        ).hexdigest()[:32]
        with self._lock:
            if key not in self._counts:
                path = self._folder / f"{name}-{key}.json"
                counts = _read(path)
                if counts is None:
                    counts = self._ask(sql, until, name, optional)
                    _write(path, counts)
                self._counts[key] = counts
            return self._counts[key]

    def _ask(self, sql: str, until: datetime, name: str, optional: frozenset[str]) -> Counts:
        counted = count_accounts(
            self._store,
            sql,
            purpose=Purpose("system", "job", f"base rate of {name}"),
            params={"window_start": until - self._window, "window_end": until},
            optional=optional,
        )
        accounts: dict[tuple[str, str], dict[tuple[int, int], int]] = {}
        for each in counted:
            accounts.setdefault((each.kind, each.mode), {})[each.often, each.strong] = each.accounts
        return Counts(accounts)

    def _active_sql(self) -> str:
        return _ACTIVE if self._present("api_request_logs") else _KNOWN

    def _present(self, table: str) -> bool:
        state = self._tables.get(table)
        return state is not None and state.present


def grid_end(end: datetime) -> datetime:
    """The end of the base window: `end` rounded up to a grid of 7 days, naive UTC."""
    passed = as_naive_utc(end) - _EPOCH
    return _EPOCH + GRID * math.ceil(passed / GRID)


def default_folder() -> Path:
    """Where counts are kept: under HEADWATER_HOME, else the user's cache folder."""
    return cache_folder() / "base_rates"


def _read(path: Path) -> Counts | None:
    try:
        data = json.loads(path.read_text("utf-8"))
        return Counts(
            {
                (kind, mode): {(int(often), int(strong)): int(n) for often, strong, n in counts}
                for kind, mode, counts in data
            }
        )
    except (OSError, ValueError, TypeError):
        # Absent or half-written by an older crash: ask the store again.
        return None


def _write(path: Path, counts: Counts) -> None:
    data = [
        [kind, mode, [[*size, n] for size, n in sorted(found.items())]]
        for (kind, mode), found in sorted(counts.accounts.items())
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file)
        Path(temporary).replace(path)
    except OSError:
        # A cache that cannot be written costs time, not correctness.
        return
