"""Working time: the worked examples, an oracle that steps through minutes, and the command."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from headwater.cli.main import cli
from headwater.kit.calendars.errors import CalendarRefused, InstantRefused
from headwater.kit.calendars.files import calendar_from, read_calendar
from headwater.kit.calendars.frozen import frozen, thawed
from headwater.kit.calendars.rules import Calendar, Shift
from headwater.kit.calendars.working_time import WorkingTime


class _Plain(yaml.SafeLoader):
    """Times stay text, since YAML would drop their offsets."""


_Plain.yaml_implicit_resolvers = {
    key: [each for each in pairs if each[0] != "tag:yaml.org,2002:timestamp"]
    for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
TABLE = yaml.load(Path(__file__).with_name("working_time.yaml").read_text(), Loader=_Plain)
CALENDARS = {name: calendar_from(keys, name) for name, keys in TABLE["calendars"].items()}
MINUTE = timedelta(minutes=1)
DUBLIN = """
time_zone = "Europe/Dublin"
[hours]
monday = ["09:00-17:00"]
[[holidays]]
country = "IE"
[[exceptions]]
date = 2026-11-30
closed = true
"""


@pytest.mark.parametrize("example", TABLE["examples"], ids=lambda row: f"{row[0]}: {row[5]}")
def test_worked_examples(example: list) -> None:
    name, question, start, given, answer, _ = example
    times = WorkingTime(CALENDARS[name])
    at = datetime.fromisoformat(start)
    if question == "between":
        end = datetime.fromisoformat(given)
        assert times.between(at, end).total_seconds() == answer
        assert times.between(end, at).total_seconds() == -answer
    else:
        assert times.add(at, timedelta(seconds=given)) == datetime.fromisoformat(answer)


def _stepped(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Working minutes, by looking at the wall clock each minute and at how far it has come."""
    shifts = []
    day = (start - timedelta(days=3)).date()
    while day <= (end + timedelta(days=2)).date():
        midnight = datetime(day.year, day.month, day.day)
        for shift in calendar.shifts(day):
            shifts.append(
                (midnight + shift.start * MINUTE / 60, midnight + shift.end * MINUTE / 60)
            )
        day += timedelta(days=1)
    furthest = datetime(1970, 1, 1)
    at, count = start - timedelta(days=2), 0
    while at < end:
        furthest = max(furthest, at.astimezone(calendar.zone).replace(tzinfo=None))
        if at >= start:
            count += any(opens <= furthest < closes for opens, closes in shifts)
        at += MINUTE
    return count


_ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
_CHANGES = [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 4, 4), datetime(2026, 11, 1), datetime(2026, 3, 8), datetime(2026, 1, 1)]  # noqa: E501  # fmt: skip
_SHIFT = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(
    lambda pair: Shift(pair[0] * 60, (pair[0] + pair[1]) * 60)
)
_HOURS = st.dictionaries(st.integers(0, 6), st.lists(_SHIFT, max_size=3).map(tuple))


@st.composite
def _questions(draw: st.DrawFn) -> tuple[Calendar, datetime, datetime]:
    around = draw(st.sampled_from(_CHANGES)).replace(tzinfo=UTC)
    start = around + MINUTE * draw(st.integers(-1500, 1500))
    calendar = Calendar(
        "random",
        ZoneInfo(draw(st.sampled_from(_ZONES))),
        draw(_HOURS),
        exceptions=draw(
            st.dictionaries(
                st.integers(-1, 2).map(lambda days: (around + timedelta(days=days)).date()),
                st.lists(_SHIFT, max_size=2).map(tuple),
                max_size=2,
            )
        ),
    )
    return calendar, start, start + MINUTE * draw(st.integers(0, 2500))


@settings(max_examples=60, deadline=None)
@given(_questions())
def test_between_equals_stepping_through_minutes(question: tuple) -> None:
    calendar, start, end = question
    minutes = _stepped(calendar, start, end)
    assert WorkingTime(calendar).between(start, end) == minutes * MINUTE


FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)
_A_MINUTE_A_WEEK = Calendar("short", ZoneInfo("Europe/Berlin"), {0: (Shift(0, 60),)})


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(_questions(), st.integers(-500_000, 500_000).filter(bool))
@example((_A_MINUTE_A_WEEK, _CHANGES[0].replace(tzinfo=UTC), None), -176_041)
def test_add_is_the_first_instant_forward_and_the_last_backward(
    question: tuple, seconds: int
) -> None:
    calendar, start, _ = question
    times, amount = WorkingTime(calendar), timedelta(seconds=seconds)
    try:
        found = times.add(start, amount)
    except InstantRefused:
        end = LAST if seconds > 0 else FIRST
        assert abs(times.between(start, end)) <= abs(amount), "there was time enough"
        return
    assert times.between(start, found) == amount
    nearer = found - timedelta(microseconds=1 if seconds > 0 else -1)
    assert abs(times.between(start, nearer)) < abs(amount)


def test_what_cannot_be_kept_is_refused() -> None:
    good = {"time_zone": "UTC", "hours": {"monday": ["09:00-17:00"]}}
    for change, said in [
        ({"time_zone": "Mars/Olympus"}, "no time zone"),
        ({"time_zone": "../etc/passwd"}, "no time zone"),
        ({"hours": {"mondy": []}}, "does not know 'mondy'"),
        ({"hours": {"monday": ["9-17"]}}, "no stretch of a day"),
        ({"hours": {"monday": ["09:00-09:00"]}}, "no stretch of a day"),
        ({"hours": {"monday": ["09:00-24:01"]}}, "no stretch of a day"),
        ({"holidays": [{"country": "XX"}]}, "No public holidays are known for 'XX'"),
        ({"holidays": [{"country": "DE", "region": "QQ"}]}, "'DE-QQ'"),
        ({"holidays": [{"country": False}]}, "needs a country"),
        ({"exceptions": [{"date": "2026-02-30", "closed": True}]}, "no date"),
        ({"exceptions": [{"date": "2026-02-03"}]}, "must be closed or have hours"),
        ({"exceptions": [{"date": date(2026, 2, 3), "closed": True}] * 2}, "given twice"),
    ]:
        with pytest.raises(CalendarRefused) as refused:
            calendar_from(good | change, "x")
        assert said in str(refused.value)


def test_what_cannot_be_answered_is_refused() -> None:
    times = WorkingTime(CALENDARS["berlin"])
    at = datetime(2026, 11, 23, tzinfo=UTC)
    with pytest.raises(InstantRefused, match="no offset"):
        times.between(at, datetime(2026, 11, 24))
    with pytest.raises(InstantRefused, match="knows the years"):
        times.between(at, datetime(2150, 1, 1, tzinfo=UTC))
    with pytest.raises(InstantRefused, match="no working time"):
        WorkingTime(calendar_from({"time_zone": "UTC"}, "shut")).add(at, MINUTE)


def _run(*arguments: str, stdin: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["calendar", *arguments], input=stdin)
    return result.exit_code, result.output


def test_the_command_answers_one_and_many(tmp_path: Path) -> None:
    path = tmp_path / "dublin.toml"
    path.write_text(DUBLIN)
    assert read_calendar(path).name == "dublin"
    start, end = "2026-11-23T16:00:00Z", "2026-12-07T10:00:00Z"
    assert _run("between", "--calendar", str(path), start, end) == (0, "7200\n")
    code, out = _run("add", "--calendar", str(path), start, "7200", "--json")
    assert (code, json.loads(out)["end"]) == (0, "2026-12-07T10:00:00+00:00")
    code, out = _run("add", "--calendar", str(path), "--json", "--", end, "-7200")
    assert (code, json.loads(out)["end"]) == (0, "2026-11-23T16:00:00+00:00")
    lines = json.dumps({"start": start, "end": end, "id": "a"}) + "\n\n"
    lines += json.dumps({"start": end, "end": start})
    code, out = _run("between", "--calendar", str(path), "--input", "-", "--json", stdin=lines)
    assert code == 0
    answers = [json.loads(line) for line in out.splitlines()]
    assert [each["seconds"] for each in answers] == [7200, -7200]
    assert answers[0]["id"] == "a"


def test_the_command_names_the_line_at_fault(tmp_path: Path) -> None:
    path = tmp_path / "dublin.toml"
    path.write_text(DUBLIN)
    good = json.dumps({"start": "2026-11-23T16:00:00Z", "end": "2026-11-23T16:00:01Z"})
    for bad, said in [
        ("{", "not JSON"),
        ("{\udcff}", "not JSON"),
        ("[]", "no JSON object"),
        ('{"start": "2026-11-23T16:00:00Z"}', "end is missing"),
        ('{"start": "yesterday", "end": 3}', "'yesterday', which is no instant"),
        (good.replace("Z", ""), "no offset"),
    ]:
        source = tmp_path / "pairs.jsonl"
        source.write_bytes(f"{good}\n\n{bad}\n".encode("utf-8", "surrogateescape"))
        code, out = _run("between", "--calendar", str(path), "--input", str(source))
        assert code == 1
        assert "pairs.jsonl, line 3: " in out
        assert said in out


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(_questions(), st.integers(0, 100_000))
def test_until_is_the_last_instant_with_no_more_time_passed(question: tuple, seconds: int) -> None:
    calendar, start, _ = question
    times, amount = WorkingTime(calendar), timedelta(seconds=seconds)
    try:
        found = times.until(start, amount)
    except InstantRefused:
        assert times.between(start, LAST) <= amount
        return
    assert times.between(start, found) == amount
    assert times.between(start, found + timedelta(microseconds=1)) > amount


def test_a_frozen_calendar_says_the_same() -> None:
    for name, calendar in CALENDARS.items():
        again = thawed(json.loads(json.dumps(frozen(calendar, year=2026))))
        for year in (2025, 2026, 2030):
            assert list(again.spans(year)) == list(calendar.spans(year)), name
