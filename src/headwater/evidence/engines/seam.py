"""The seam: a checked query in DuckDB's dialect in, another engine's SQL out, or a refusal.

Nothing goes out that the engine's allow-list does not hold, and the allow-list holds only what
the conformance suite has seen give DuckDB's answer there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlglot import ErrorLevel, exp
from sqlglot.errors import OptimizeError, SqlglotError

from headwater.evidence.contract import Contract
from headwater.evidence.engines.binding import SOURCE
from headwater.evidence.engines.constructs import EVERYTHING, constructs
from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.normal import typed
from headwater.evidence.errors import QueryRefused

ADVICE: dict[str, str] = {
    "cast double as text": "Return the number as it is; round() it if it should be short.",
    "order by ?": "Wrap the expression in CAST(... AS type).",
    "lateral": "Number the rows with row_number() in a CTE and join to it.",
    "asof join": "Join on the keys and keep the latest row by row_number().",
    "strftime": "Use %Y %m %d %H %M %S only.",
}


@dataclass(frozen=True, slots=True)
class Translated:
    """A query for one engine, and what it is made of."""

    sql: str
    constructs: frozenset[str]


def translate(
    tree: exp.Query,
    contract: Contract,
    tables: frozenset[str],
    dialect: Dialect,
    allowed: frozenset[str],
    relation: Callable[[str], exp.Expr] | None = None,
) -> Translated:
    """SQL in the engine's dialect. Raises QueryRefused naming the construct at fault.

    `relation` gives what stands for a table. `allowed` is the engine's list; EVERYTHING leaves
    the check out, which only the finding of that list may do.
    """
    try:
        full = typed(tree, contract, tables)
        found = constructs(full)
        if allowed is not EVERYTHING:
            _check(found, allowed, dialect)
        rewritten = dialect.rewrite(full)
        if relation is not None:
            _put_relations(rewritten, relation)
        text = rewritten.sql(
            dialect.sqlglot, identify=True, comments=False, unsupported_level=ErrorLevel.RAISE
        )
    except (OptimizeError, SqlglotError) as error:
        first = str(error).strip().splitlines()[0]
        raise QueryRefused(
            f"The query cannot be written for {dialect.title}: {first}", param="sql"
        ) from error
    return Translated(text, frozenset(found))


def _put_relations(tree: exp.Query, relation: Callable[[str], exp.Expr]) -> None:
    """The engine's own tables where the stand-ins are, under the stand-ins' names."""
    for table in list(tree.find_all(exp.Table)):
        if not table.name.startswith(SOURCE):
            continue
        made = relation(table.name.removeprefix(SOURCE)).copy()
        made.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name, quoted=True)))
        table.replace(made)


def _check(found: dict[str, exp.Expr], allowed: frozenset[str], dialect: Dialect) -> None:
    for name in sorted(found.keys() - allowed):
        text = found[name].sql("duckdb", comments=False)
        shown = text if len(text) <= 80 else text[:77] + "..."
        word = name.partition(" ")[0]
        raise QueryRefused(
            f"{name} is not proven to give the same answer on {dialect.title}: {shown}",
            param="sql",
            hint=dialect.advice.get(name) or ADVICE.get(name) or ADVICE.get(word)
            or "See docs/evidence-engines.md for what can be written instead.",
        )  # fmt: skip


@cache
def proven(engine: str) -> frozenset[str]:
    """The constructs that the conformance suite has proven on an engine; none where unproven."""
    listed = files("headwater.evidence.engines").joinpath("proven", f"{engine}.txt")
    if not listed.is_file():
        return frozenset()
    return frozenset(line for line in listed.read_text("utf-8").splitlines() if line)
