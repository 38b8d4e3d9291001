"""One day of the watch: count every playbook, hold the counts against their histories."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.reach import DAY, reach_of, spread_of_all
from headwater.diagnosis.watch.baseline import Verdict, judge
from headwater.diagnosis.watch.onset import Onset, shared_onset
from headwater.evidence.types import EvidenceStore, Purpose, Scope, TableState

# An account is fresh when it did not show the cause in the days before.
LOOK_BACK = timedelta(days=6)
# Whether anything was recorded at all: a gap in the data is no history of quiet.
_ANYTHING = """
    SELECT account_id FROM api_request_logs
    WHERE created >= $window_start AND created < $window_end LIMIT 1"""
Histories = tuple[list[tuple[datetime, int]], list[tuple[datetime, int]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A count that stands out: the measure ('affected' or 'fresh') and what was expected."""

    playbook: str
    measure: str
    verdict: Verdict


def data_end(states: Iterable[TableState], now: datetime) -> datetime | None:
    """Until when the data reaches, never later than `now`; None without any. Naive UTC."""
    known = [state.as_of for state in states if state.present and state.as_of]
    return min(max(known), now) if known else None


def has_data(store: EvidenceStore, day: datetime, *, purpose: Purpose) -> bool:
    """Whether a request was logged on this day; True where no log is kept. Naive UTC."""
    state = store.tables().get("api_request_logs")
    if state is None or not state.present:
        return True
    window: dict[str, datetime | str | int] = {"window_start": day, "window_end": day + DAY}
    found = store.query(_ANYTHING, purpose=purpose, scope=Scope(None), params=window)
    return bool(found.rows)


def count_day(
    store: EvidenceStore,
    playbooks: Mapping[str, Playbook],
    day: datetime,
    *,
    until: datetime,
    purpose: Purpose,
) -> dict[str, tuple[int, int]]:
    """(accounts seen, accounts seen first) of every playbook that could be asked. Naive UTC.

    `until` cuts a day that is not over.
    """
    end = min(day + DAY, until)
    spreads = spread_of_all(store, playbooks, purpose=purpose, start=day - LOOK_BACK, end=end)
    return {
        name: (spread.days[-1].affected, spread.days[-1].fresh)
        for name, spread in spreads.items()
        if not spread.problem
    }


def stands_out(
    playbook: str, counts: tuple[int, int], histories: Histories, day: datetime, *, at: float
) -> Found | None:
    """The measure that rose beyond its history, the less probable of the two."""
    found = []
    for measure, count, history in zip(("affected", "fresh"), counts, histories, strict=True):
        verdict = judge(history, day, count, at=at)
        if verdict is not None and verdict.rise:
            found.append(Found(playbook, measure, verdict))
    return min(found, key=lambda each: each.verdict.tail, default=None)


def onset_of(
    store: EvidenceStore, playbook: Playbook, day: datetime, *, until: datetime, purpose: Purpose
) -> Onset | None:
    """Whether the accounts of this day began at one moment. Naive UTC."""
    end = min(day + DAY, until)
    reach = reach_of(store, playbook, purpose=purpose, start=day - LOOK_BACK, end=end)
    begins = [each.first_seen for each in reach.accounts if each.first_seen]
    return shared_onset([each for each in begins if each >= day], start=day, end=day + DAY)
