"""A page's words as they are sent: the letter of every matching row of its own test data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from headwater.diagnosis.answers import Reader, verified_answer
from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.playbooks.page import evidence_ids
from headwater.diagnosis.playbooks.selftest import Asked
from headwater.diagnosis.playbooks.worlds import read_world
from headwater.diagnosis.values import Diagnosis, Finding, Searched

_READER = Reader(name="", text="", product="Support")


@dataclass(frozen=True, slots=True)
class SampleLetter:
    """What a user and an engineer would read about one case of a page's test data."""

    playbook: str
    case: str
    mode: str
    letter: str
    engineer: str


def sample_letters(playbook: Playbook) -> Iterator[SampleLetter]:
    """The words for every test case that matches, as if it were certain.

    Raises PlaybookInvalid where the test data is missing or wrong.
    """
    world = read_world(playbook.test_path)
    asked = Asked(playbook, world)
    for case in world.cases:
        rows = asked.rows(case.window, (case.account, *case.connected))
        if rows:
            found = _finding(playbook, rows)
            searched = Searched(case.window.start, case.window.end)
            told = Diagnosis("", case.account, (found,), (), searched, 0.0)
            yield SampleLetter(
                playbook.id,
                case.name,
                found.modes[0],
                verified_answer(_READER, told).body,
                found.explanation_engineer,
            )


def _finding(playbook: Playbook, rows: list[dict[str, Any]]) -> Finding:
    words = playbook.explain(rows[0])
    ids = [each for row in rows for each in evidence_ids(row)]
    return Finding(
        playbook=playbook.id,
        title=playbook.title,
        modes=tuple(dict.fromkeys(playbook.mode_of(row) for row in rows)),
        probability=1.0,
        evidence_ids=tuple(dict.fromkeys(ids)),
        first_seen=min(_moment(row["first_seen"]) for row in rows),
        last_seen=max(_moment(row["last_seen"]) for row in rows),
        explanation_user=words.user,
        explanation_engineer=words.engineer,
        docs=playbook.docs,
        sql=playbook.sql,
        columns=tuple(rows[0]),
        rows=tuple(rows),
        what_to_do=playbook.what_to_do,
        reasons=(),
        run_id="",
    )


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
