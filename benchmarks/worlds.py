"""Sandbox worlds for benchmarks: built once, then read."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from headwater.diagnosis.reading import case_from_json
from headwater.diagnosis.values import CaseInput


@dataclass(frozen=True)
class Labelled:
    """A case and its planted cause; `playbook` is None where nothing was planted."""

    case: CaseInput
    playbook: str | None
    mode: str | None


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


def labelled_cases(folder: Path, covers: dict[str, str]) -> list[Labelled]:
    """Every case of the world with its truth; `covers` maps a failure mode to its playbook."""
    truth = {
        line["case_id"]: line
        for line in map(json.loads, (folder / "truth.jsonl").read_text("utf-8").splitlines())
    }
    cases = []
    for text in (folder / "cases.jsonl").read_text("utf-8").splitlines():
        case = case_from_json(text)
        mode = truth[case.case_id].get("mode")
        cases.append(Labelled(case, covers.get(mode) if mode else None, mode))
    return cases
