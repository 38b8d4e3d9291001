"""Worlds for benchmarks: the sandbox's, built once, or any folder with cases and their truth."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from headwater.diagnosis.reading import case_from_json
from headwater.diagnosis.values import CaseInput


@dataclass(frozen=True)
class Labelled:
    """A case and its planted cause; without `modes` nothing was planted.

    `modes` are the failure modes that are right answers, the planted one first; `objects` the
    ids at fault.
    """

    case: CaseInput
    modes: tuple[str, ...]
    objects: frozenset[str]


def build(folder: Path, *, accounts: int, days: int, seed: int, cases_per_cause: int) -> Path:
    """The world in `folder`, built unless a finished one is there."""
    if not (folder / "truth.jsonl").exists():
        sizes = {
            "accounts": accounts,
            "days": days,
            "seed": seed,
            "cases-per-cause": cases_per_cause,
        }
        command = [sys.executable, "-m", "headwater.cli.main", "sandbox", "build", str(folder)]
        for name, value in sizes.items():
            command += [f"--{name}", str(value)]
        subprocess.run(command, check=True)
    return folder


def labelled_cases(folder: Path) -> list[Labelled]:
    """Every case of the world with its truth."""
    truth = {
        line["case_id"]: line
        for line in map(json.loads, (folder / "truth.jsonl").read_text("utf-8").splitlines())
    }
    cases = []
    for text in (folder / "cases.jsonl").read_text("utf-8").splitlines():
        case = case_from_json(text)
        told = truth[case.case_id]
        modes = dict.fromkeys([told.get("mode"), *(told.get("modes_ok") or ())])
        cases.append(
            Labelled(
                case,
                tuple(mode for mode in modes if mode),
                frozenset(_strings(told.get("objects") or ())),
            )
        )
    return cases


def _strings(values: Iterable[object]) -> Iterable[str]:
    return (str(value) for value in values)
