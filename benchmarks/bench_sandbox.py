"""Time, rows and memory of building worlds.

python benchmarks/bench_sandbox.py                 # the demo's world and a million requests
python benchmarks/bench_sandbox.py --large DIR     # and a hundred million, kept in DIR
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from headwater.sandbox.build import build_world
from headwater.sandbox.spec import WorldSpec

_WORLDS = {
    "demo": WorldSpec(accounts=300, days=30),
    "1M requests": WorldSpec(accounts=3_000, days=30, requests=1_000_000, cases_per_cause=20),
}
_LARGE = WorldSpec(accounts=50_000, days=30, requests=100_000_000, cases_per_cause=20)


def measure(name: str, spec: WorldSpec, folder: Path) -> None:
    """Builds one world and prints a line about it."""
    started, worked = time.monotonic(), time.process_time()
    built = build_world(folder, spec)
    wall, own = time.monotonic() - started, time.process_time() - worked
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = own + children.ru_utime + children.ru_stime
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    sources = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(source).ru_maxrss for source in sources)
    print(
        f"{name:14} {built.rows['api_request_logs']:>12,} requests {sum(built.rows.values()):>12,} "
        f"rows {built.cases:>5} cases {wall:8.1f} s wall {total:8.1f} s CPU "
        f"{size / 1e6:8.0f} MB {peak / 1024:6.0f} MiB largest process"
    )


def main() -> None:
    """Builds the worlds asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=Path, help="also build 100 million requests, here")
    large: Path | None = parser.parse_args().large
    with tempfile.TemporaryDirectory() as folder:
        for name, spec in _WORLDS.items():
            measure(name, spec, Path(folder) / name)
    if large:
        measure("100M requests", _LARGE, large)


if __name__ == "__main__":
    main()
