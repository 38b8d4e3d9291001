"""The watch as a recurring job."""

from datetime import datetime, timedelta

from django.conf import settings

from headwater.diagnosis.reach import DAY
from headwater.diagnosis.tasks import Reading, warm_reading
from headwater.diagnosis.watch import acts, queries
from headwater.diagnosis.watch.baseline import level
from headwater.diagnosis.watch.counting import count_day, data_end, has_data, onset_of, stands_out
from headwater.evidence.acts import keep_runs
from headwater.evidence.types import Purpose
from headwater.kit.actors import Actor
from headwater.kit.clock import as_naive_utc, utc_now
from headwater.kit.jobs.acts import enqueue
from headwater.kit.jobs.registry import Effects, Payload, job

EVERY_SECONDS = 3600
# How far a new installation looks back for a history, and how much of it one turn reads.
HISTORY_DAYS = 42
_DAYS_A_TURN = 1
_PURPOSE = Purpose("Headwater", "job", "watch the reach of every cause")
Counts = dict[str, tuple[int, int]]


@job(
    "diagnosis.watch_reach",
    atomic=False,
    every_seconds=EVERY_SECONDS,
    first_after_seconds=EVERY_SECONDS,
)
def watch_reach(payload: Payload) -> Effects | None:
    """Counts the days that are missing and the running one; opens problems where reach rose."""
    reading = warm_reading()
    until = data_end(reading.store.tables().values(), as_naive_utc(utc_now()))
    if until is None:
        return None
    today = _day(until - timedelta(microseconds=1))
    done = queries.closed_days()
    past = [today - n * DAY for n in range(HISTORY_DAYS, 0, -1)]
    missing = [day for day in past if queries.aware(day) not in done]
    days = missing[:_DAYS_A_TURN]
    more = len(missing) > len(days)
    if not more:
        days.append(today)
    try:
        counted = {
            day: count_day(reading.store, reading.playbooks, day, until=until, purpose=_PURPOSE)
            if has_data(reading.store, day, purpose=_PURPOSE)
            else {}
            for day in days
        }
        # An old day is history, not news.
        news = [day for day in days if day >= today - DAY and not more]
        rises = [rise for day in news for rise in _rises(reading, day, counted[day], until)]
    finally:
        keep_runs()
    return lambda: _store(counted, rises, over=until, more=more)


def _rises(reading: Reading, day: datetime, counts: Counts, until: datetime) -> list[acts.Rise]:
    at = level(settings.HEADWATER_WATCH_FALSE_ALARMS, len(reading.playbooks))
    rises = []
    for name, pair in counts.items():
        histories = queries.histories(name, before=queries.aware(day))
        found = stands_out(name, pair, histories, queries.aware(day), at=at)
        if found is None:
            continue
        page = reading.playbooks[name]
        onset = onset_of(reading.store, page, day, until=until, purpose=_PURPOSE)
        rises.append(
            acts.Rise(
                name,
                page.title,
                page.sql,
                queries.aware(day),
                found.measure,
                found.verdict,
                at,
                onset,
            )
        )
    return rises


def _store(
    counted: dict[datetime, Counts], rises: list[acts.Rise], *, over: datetime, more: bool
) -> None:
    for day, counts in counted.items():
        acts.keep_counts(queries.aware(day), counts or _EMPTY, closed=day + DAY <= over)
    for rise in rises:
        acts.open_problem(rise, actor=Actor.system())
    if more:
        enqueue("diagnosis.watch_reach", {}, dedupe="watch:history")


# Marks a day as counted where there was nothing to count.
_EMPTY: Counts = {"": (0, 0)}


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
