"""The page of what runs where, from the allow-lists."""

from headwater.evidence.engines.conformance.suite import cases, constructs_of
from headwater.evidence.engines.generated import GENERATED, dialect_of, generated
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
    return "\n".join(lines) + "\n\n" + _unproven(known)


_UNPROVEN = """## Generated, unproven

For {titles} the seam writes SQL too, by rules made
from their documentation, and nothing here can run it. There every construct is refused, until
`headwater evidence verify --engine URL` has run the suite at that address: what passes is kept for
that address and runs from then on. The SQL of every query: `tests/evidence/engines/snapshots/`.

A tick below says that SQL is written, not that it gives DuckDB's answer; constructs with four
ticks are left out.
"""


def _unproven(known: set[str]) -> str:
    titles = {engine: dialect_of(engine).title for engine in GENERATED}
    sqls = {case.name: case.sql for case in cases()}
    written = {
        engine: {
            name
            for case, found in generated(engine).items()
            if isinstance(found, str)
            for name in constructs_of(sqls[case])
        }
        for engine in GENERATED
    }
    *most, last = titles.values()
    lines = [_UNPROVEN.format(titles=f"{', '.join(most)} and {last}")]
    counts = ", ".join(f"{titles[each]} {len(written[each])}" for each in GENERATED)
    lines.append(f"Of {len(known)} constructs: {counts}. No SQL is written for:\n")
    lines.append("| construct | " + " | ".join(titles.values()) + " |")
    lines.append("| --- |" + " --- |" * len(titles))
    for name in sorted(known):
        if all(name in written[engine] for engine in GENERATED):
            continue
        ticks = ["✓" if name in written[engine] else "" for engine in GENERATED]
        lines.append(f"| `{name}` | " + " | ".join(ticks) + " |")
    return "\n".join(lines) + "\n"
