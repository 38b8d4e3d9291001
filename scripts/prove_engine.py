"""Write an engine's list of proven constructs from a run: `prove_engine.py ENGINE URL`.

Without a URL for postgres, one is started and removed. The list is never written by hand.
"""

import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from headwater.evidence.engines.conformance import suite
from headwater.evidence.engines.conformance.targets import loaded, reference
from headwater.evidence.engines.constructs import EVERYTHING

PROVEN = Path(__file__).parents[1] / "src/headwater/evidence/engines/proven"


def main(engine: str, url: str | None) -> int:
    from with_postgres import throwaway_server

    with throwaway_server() if url is None else nullcontext(url) as address:
        return prove(engine, address)


def prove(engine: str, address: str) -> int:
    """Runs the suite without the list, writes the list; 1 when an answer differs."""
    shown: set[str] = set()
    differs = 0
    with tempfile.TemporaryDirectory() as folder:
        world = Path(folder)
        world.chmod(0o755)
        suite.write_world(world)
        with reference(world) as duckdb, loaded(address, world, EVERYTHING) as target:
            for case, outcome in zip(suite.cases(), suite.verify(target, duckdb), strict=True):
                if outcome.verdict == suite.PASS:
                    shown |= suite.constructs_of(case.sql)
                else:
                    sys.stdout.write(f"{outcome.verdict} {outcome.case}: {outcome.detail}\n")
                differs += outcome.verdict == suite.DIFFERS
    (PROVEN / f"{engine}.txt").write_text("\n".join(sorted(shown)) + "\n")
    sys.stdout.write(f"{len(shown)} constructs, {differs} queries differ\n")
    return 1 if differs else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None))
