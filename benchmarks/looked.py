"""What the engine reads for each case of a world, before any weight: made once, then kept.

Weights are fitted to it and accuracy is counted on it, so that both see the same.
"""

import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import worlds
from rich.console import Console
from rich.progress import track

from headwater.diagnosis.base_rates import StoredBaseRates
from headwater.diagnosis.engine import Engine, Examined
from headwater.diagnosis.playbooks import Playbook, load_playbooks
from headwater.diagnosis.signals import row_ids
from headwater.diagnosis.text import TextIndex
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store


@dataclass(frozen=True)
class Match:
    """A playbook that returned rows: the modes they tell of, the main row's first."""

    modes: tuple[str, ...]
    guilty: bool
    """Whether an object at fault is in the rows."""


@dataclass(frozen=True)
class Looked:
    """One case: the right modes (none: no cause), what matched, and each playbook's closeness.

    `options`: the features of every cause that matched or that the words point to, and under ""
    those of no cause.
    """

    case_id: str
    modes: tuple[str, ...]
    known: bool
    """Whether the sender could be tied to an account."""
    matched: Mapping[str, Match]
    options: Mapping[str, Mapping[str, float]]
    text: Mapping[str, float]
    seconds: float

    def right(self, playbook: str) -> bool:
        """Whether this cause names a right mode: by its rows, or by its page where it has none."""
        found = self.matched.get(playbook)
        return not set(self.modes).isdisjoint(found.modes if found else covers()[playbook])

    @property
    def causes(self) -> list[str]:
        """The playbooks among the options."""
        return sorted(name for name in self.options if name)


@cache
def covers() -> dict[str, frozenset[str]]:
    """The modes that each playbook's page covers."""
    return {name: frozenset(page.covers) for name, page in load_playbooks().items()}


def look(folder: Path, limit: int | None, console: Console) -> list[Looked]:
    """Every case (or `limit` of them, evenly taken) of the world in `folder`."""
    playbooks = load_playbooks()
    cases = worlds.labelled_cases(folder)
    if limit:
        cases = cases[:: max(1, len(cases) // limit)]
    with tempfile.TemporaryDirectory() as scratch:
        recorder = FileRecorder(Path(scratch) / "runs")
        with closing(open_store(folder / "evidence", recorder=recorder, workers=1)) as store:
            rates = StoredBaseRates(store, Path(scratch) / "rates")
            began = time.perf_counter()
            engine = Engine(store, playbooks, rates, guess_account=True)
            for each in cases:  # Base rates are computed once per window; timed apart.
                engine.warm(each.case.received_at)
            console.print(
                f"{folder}: {len(cases)} cases; start and base rates of {len(playbooks)} "
                f"playbooks {time.perf_counter() - began:.0f} s"
            )
            shown = track(cases, "Diagnosing", console=Console(stderr=True), transient=True)
            return list(_looks(engine, playbooks, shown))


def _looks(
    engine: Engine, playbooks: Mapping[str, Playbook], cases: Iterable[worlds.Labelled]
) -> Iterator[Looked]:
    text = TextIndex(playbooks)
    for each in cases:
        began = time.perf_counter()
        found = engine.examine(each.case)
        concluded = engine.conclude(found)
        seconds = time.perf_counter() - began
        scores = text.scores(f"{each.case.subject}\n{each.case.body}")
        yield Looked(
            case_id=each.case.case_id,
            modes=each.modes,
            known=found.reach.account_id is not None,
            matched={name: _match(found, name, each) for name in found.matched},
            options=concluded.weighed,
            text={name: round(score, 3) for name, score in scores.items() if score},
            seconds=seconds,
        )


def _match(found: Examined, name: str, each: worlds.Labelled) -> Match:
    match = found.matched[name]
    modes = dict.fromkeys(match.playbook.mode_of(row) for row in match.rows)
    ids = frozenset().union(*(row_ids(row) for row in match.rows))
    return Match(
        modes=tuple(modes),
        guilty=not each.objects.isdisjoint(ids),
    )


def save(path: Path, looked: Sequence[Looked]) -> None:
    """One JSON object a line."""
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in looked), "utf-8")


def read(path: Path) -> list[Looked]:
    """What `save` wrote."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        data = json.loads(line)
        data["modes"] = tuple(data["modes"])
        data["matched"] = {
            name: Match(tuple(m["modes"]), m["guilty"]) for name, m in data["matched"].items()
        }
        found.append(Looked(**data))
    return found
