"""What the engine reads for each case of a world, before any weight: made once, then kept.

Weights are fitted to it and accuracy is counted on it, so that both see the same.
"""

import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import worlds
from rich.console import Console
from rich.progress import track

from headwater.diagnosis.base_rates import StoredBaseRates
from headwater.diagnosis.engine import Engine, Examined
from headwater.diagnosis.playbooks import Playbook, load_playbooks
from headwater.diagnosis.signals import FEATURES, row_ids
from headwater.diagnosis.text import TextIndex
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store


@dataclass(frozen=True)
class Match:
    """A playbook that returned rows: the modes they tell of, the main row's first; its features."""

    modes: tuple[str, ...]
    features: tuple[float, ...]
    guilty: bool
    """Whether an object at fault is in the rows."""


@dataclass(frozen=True)
class Looked:
    """One case: the right modes (none: no cause), what matched, and each playbook's BM25."""

    case_id: str
    modes: tuple[str, ...]
    known: bool
    """Whether the sender could be tied to an account."""
    matched: Mapping[str, Match]
    text: Mapping[str, float]
    seconds: float

    def right(self, playbook: str) -> bool:
        """Whether this playbook's finding names a right mode."""
        return playbook in self.matched and not set(self.modes).isdisjoint(
            self.matched[playbook].modes
        )


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
        engine.conclude(found)
        seconds = time.perf_counter() - began
        scores = text.scores(f"{each.case.subject}\n{each.case.body}")
        yield Looked(
            case_id=each.case.case_id,
            modes=each.modes,
            known=found.reach.account_id is not None,
            matched={name: _match(found, name, each) for name in found.matched},
            text={name: round(score, 3) for name, score in scores.items() if score},
            seconds=seconds,
        )


def _match(found: Examined, name: str, each: worlds.Labelled) -> Match:
    match = found.matched[name]
    modes = dict.fromkeys(match.playbook.mode_of(row) for row in match.rows)
    ids = frozenset().union(*(row_ids(row) for row in match.rows))
    return Match(
        modes=tuple(modes),
        features=tuple(match.signals[feature].value for feature in FEATURES),
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
            name: Match(tuple(m["modes"]), tuple(m["features"]), m["guilty"])
            for name, m in data["matched"].items()
        }
        found.append(Looked(**data))
    return found
