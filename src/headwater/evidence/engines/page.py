"""The page of what runs where, from the allow-lists."""

from headwater.evidence.engines.conformance.suite import cases, constructs_of
from headwater.evidence.engines.seam import proven
from headwater.evidence.errors import QueryRefused

ENGINES = {"postgres": "PostgreSQL", "spark": "Spark", "clickhouse": "ClickHouse"}
_HEAD = """\
# Which construct runs on which engine

Written by `headwater evidence engines`; a test fails when this page and the lists differ. Queries
are written in DuckDB's dialect, and DuckDB runs everything below. A construct has a tick where a
query of the conformance suite that holds it gave DuckDB's answer on that engine. Without a tick it
is refused there by name, before it runs.

Types are part of a construct: engines agree on `max (int)` more readily than on `max (text)`.
`number` means any of int, decimal, double; `zoned` is a timestamp with time zone.
"""


def engines_page() -> str:
    """The page as Markdown."""
    known: set[str] = set()
    for case in cases():
        try:
            known |= constructs_of(case.sql)
        except QueryRefused:
            continue
    lists = {name: proven(name) for name in ENGINES}
    counts = ", ".join(
        f"{title} {len(lists[name] & known)}" for name, title in ENGINES.items() if lists[name]
    )
    lines = [_HEAD, f"Of {len(known)} constructs in {len(cases())} queries: {counts}.\n"]
    lines.append("| construct | DuckDB | " + " | ".join(ENGINES.values()) + " |")
    lines.append("| --- |" + " --- |" * (len(ENGINES) + 1))
    for name in sorted(known):
        ticks = ["✓" if name in lists[engine] else "" for engine in ENGINES]
        lines.append(f"| `{name}` | ✓ | " + " | ".join(ticks) + " |")
    return "\n".join(lines) + "\n"
