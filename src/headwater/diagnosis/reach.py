"""Whom a cause reaches: accounts by day, the newly affected, the biggest and the first.

Free of Django. Days are UTC; a day counts an account from its first to its last sight, so a day
on which nothing happened between two others counts as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from headwater.diagnosis.playbooks import Playbook
from headwater.evidence.reach import counting_days, listing_accounts
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Result, Scope, Value
from headwater.kit.errors import HeadwaterError

DAY = timedelta(days=1)
MOST_ACCOUNTS = 100_000
_SECONDS = 300.0
_MEMORY = 3_000_000_000
_SIZES = frozenset(["accounts", "charges"])


@dataclass(frozen=True, slots=True)
class Affected:
    """One account that shows the cause. `volume` is in minor units of `currency`, naive UTC times.

    `payments` and `volume` are what succeeded in the window, 0 where the store has no charges.
    """

    account_id: str
    kind: str
    country: str
    modes: str
    first_seen: datetime | None
    last_seen: datetime | None
    occurrences: int
    payments: int
    volume: int
    currency: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """`affected` accounts on one day, of which `fresh` were seen for the first time."""

    day: datetime
    affected: int
    fresh: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom one playbook reaches in `[start, end)`. `truncated` says that there are more."""

    playbook: str
    title: str
    start: datetime
    end: datetime
    accounts: tuple[Affected, ...]
    days: tuple[DayCount, ...]
    truncated: bool
    run_id: str
    seconds: float

    @property
    def now(self) -> int:
        """Accounts that showed it within the last day of the window."""
        return sum(1 for each in self.accounts if each.last_seen and each.last_seen >= self._recent)

    @property
    def fresh(self) -> int:
        """Accounts that showed it for the first time within the last day of the window."""
        return sum(
            1 for each in self.accounts if each.first_seen and each.first_seen >= self._recent
        )

    @property
    def first(self) -> tuple[Affected, ...]:
        """The accounts in the order in which the cause reached them."""
        known = [each for each in self.accounts if each.first_seen is not None]
        return tuple(sorted(known, key=lambda each: (each.first_seen or self.end, each.account_id)))

    @property
    def _recent(self) -> datetime:
        return self.end - DAY


@dataclass(frozen=True, slots=True)
class Spread:
    """The days of one playbook, or why they could not be counted."""

    playbook: str
    days: tuple[DayCount, ...] = ()
    accounts: int = 0
    problem: str = ""


def reach_of(
    store: EvidenceStore, playbook: Playbook, *, purpose: Purpose, start: datetime, end: datetime
) -> Reach:
    """Every account that shows the playbook's cause in `[start, end)`, naive UTC, biggest first.

    Raises QueryRefused, QueryFailed, QueryTimeout.
    """
    result = store.query(
        listing_accounts(playbook.sql),
        purpose=purpose,
        scope=Scope(None),
        params={"window_start": start, "window_end": end},
        limits=Limits(rows=MOST_ACCOUNTS, seconds=_SECONDS),
        optional=playbook.optional_tables | _SIZES,
    )
    accounts = tuple(_affected(row) for row in result.dicts())
    spans = [
        (_day(each.first_seen), _day(each.last_seen or each.first_seen), 1)
        for each in accounts
        if each.first_seen is not None
    ]
    return Reach(
        playbook=playbook.id,
        title=playbook.title,
        start=start,
        end=end,
        accounts=accounts,
        days=days_of(spans, start, end),
        truncated=result.truncated,
        run_id=result.run_id,
        seconds=result.seconds,
    )


def spread_of_all(
    store: EvidenceStore,
    playbooks: Mapping[str, Playbook],
    *,
    purpose: Purpose,
    start: datetime,
    end: datetime,
) -> dict[str, Spread]:
    """The days of every playbook in one pass, in which what many of them read is read once."""
    answers = store.query_many(
        {name: counting_days(each.sql) for name, each in playbooks.items()},
        purpose=purpose,
        scope=Scope(None),
        params={"window_start": start, "window_end": end},
        limits=Limits(rows=MOST_ACCOUNTS, seconds=_SECONDS, memory_bytes=_MEMORY),
        optional={name: each.optional_tables for name, each in playbooks.items()},
    )
    return {name: _spread(name, answer, start, end) for name, answer in answers.items()}


def days_of(
    spans: Iterable[tuple[datetime, datetime, int]], start: datetime, end: datetime
) -> tuple[DayCount, ...]:
    """Every day of `[start, end)` with its accounts, from (first day, last day, accounts).

    An account first seen before the window counts as affected from the first day on, and is
    fresh on none.
    """
    # A window by default ends a second after its last row: that second is no day of its own.
    begins, ends = _day(start), _day(max(start, end - timedelta(seconds=2)))
    count = (ends - begins) // DAY + 1
    affected, fresh = [0] * count, [0] * count
    for first, last, accounts in spans:
        low, high = (first - begins) // DAY, (last - begins) // DAY
        if 0 <= low < count:
            fresh[low] += accounts
        for place in range(max(low, 0), min(high, count - 1) + 1):
            affected[place] += accounts
    return tuple(DayCount(begins + n * DAY, affected[n], fresh[n]) for n in range(count))


def as_dict(reach: Reach, *, wrote_in: int | None) -> dict[str, Any]:
    """The reach as plain data; `wrote_in` is None where no cases are at hand."""
    return {
        "playbook": reach.playbook,
        "title": reach.title,
        "from": reach.start,
        "to": reach.end,
        "accounts": len(reach.accounts),
        "now": reach.now,
        "fresh": reach.fresh,
        "wrote_in": wrote_in,
        "truncated": reach.truncated,
        "days": [asdict(each) for each in reach.days],
        "biggest": [asdict(each) for each in reach.accounts[:10]],
        "first": [asdict(each) for each in reach.first[:10]],
    }


def table_of(reach: Reach) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[Value, ...]]]:
    """Columns, types and rows of the accounts, for files."""
    columns = (
        "account_id", "kind", "country", "modes", "first_seen", "last_seen", "occurrences",
        "payments", "volume", "currency",
    )  # fmt: skip
    types = ("text",) * 4 + ("timestamp",) * 2 + ("bigint",) * 3 + ("text",)
    rows = [tuple(getattr(each, name) for name in columns) for each in reach.accounts]
    return columns, types, rows


def _spread(name: str, answer: Result | HeadwaterError, start: datetime, end: datetime) -> Spread:
    if isinstance(answer, HeadwaterError):
        return Spread(name, problem=answer.message)
    spans = [
        (first, last, int(str(accounts)))
        for first, last, accounts in answer.rows
        if isinstance(first, datetime) and isinstance(last, datetime)
    ]
    total = sum(accounts for *_, accounts in spans)
    return Spread(name, days_of(spans, start, end), total)


def _affected(row: Mapping[str, Value]) -> Affected:
    first, last = row["first_seen"], row["last_seen"]
    return Affected(
        account_id=str(row["account_id"]),
        kind=str(row["kind"]),
        country=str(row["country"] or ""),
        modes=str(row["modes"] or ""),
        first_seen=first if isinstance(first, datetime) else None,
        last_seen=last if isinstance(last, datetime) else None,
        occurrences=int(float(str(row["occurrences"] or 0))),
        payments=int(str(row["payments"] or 0)),
        volume=int(str(row["volume"] or 0)),
        currency=str(row["currency"] or ""),
    )


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
