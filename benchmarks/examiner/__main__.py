"""`python -m benchmarks.examiner DIR`: an independent world with cases and their truth."""

import argparse
import json
from pathlib import Path

from benchmarks.examiner.building import build


def main() -> None:
    """Builds and prints the row counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name, standard in (("seed", 11), ("accounts", 600), ("days", 40), ("cases", 500)):
        parser.add_argument(f"--{name}", type=int, default=standard)
    parser.add_argument("--gaps", action="store_true", help="leave out optional tables and columns")
    given = parser.parse_args()
    done = build(given.folder, seed=given.seed, accounts=given.accounts, days=given.days,
                 cases=given.cases, gaps=given.gaps)  # fmt: skip
    print(json.dumps(done, indent=1))


main()
