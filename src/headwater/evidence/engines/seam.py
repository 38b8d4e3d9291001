"""The seam: a checked query in DuckDB's dialect in, another engine's SQL out, or a refusal.

Nothing goes out that the engine's allow-list does not hold, and the allow-list holds only what
the conformance suite has seen give DuckDB's answer there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sqlglot import ErrorLevel, exp
from sqlglot.errors import OptimizeError, SqlglotError

from headwater.evidence.contract import Contract
from headwater.evidence.engines.binding import GIVEN, SOURCE
from headwater.evidence.engines.constructs import EVERYTHING, constructs
from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.normal import typed
from headwater.evidence.errors import QueryRefused
from headwater.evidence.template import NONCE

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
    # What stands for the engine's placeholders, in their order.
    values: tuple[str, ...] = ()


def translate(
    tree: exp.Query,
    contract: Contract,
    tables: frozenset[str],
    dialect: Dialect,
    allowed: frozenset[str],
    relation: Callable[[str], exp.Expr] | None = None,
    remedy: Callable[[str], str] | None = None,
) -> Translated:
    """SQL in the engine's dialect. Raises QueryRefused naming the construct at fault.

    `relation` gives what stands for a table. `allowed` is the engine's list; EVERYTHING leaves
    the check out, which only the finding of that list may do. `remedy` says of a construct how the
    list grows.
    """
    try:
        full = typed(tree, contract, tables)
    except (OptimizeError, SqlglotError) as error:
        raise _unwritable(dialect, error) from error
    found = constructs(full)
    if allowed is not EVERYTHING:
        _check(found, allowed, dialect, remedy)
    text, values = written(full, dialect, relation)
    return Translated(text, frozenset(found), values)


def written(
    full: exp.Query, dialect: Dialect, relation: Callable[[str], exp.Expr] | None = None
) -> tuple[str, tuple[str, ...]]:
    """A typed tree as the engine's SQL, and the values for its placeholders; changes the tree.

    Raises QueryRefused.
    """
    try:
        rewritten = dialect.rewrite(full)
        if relation is not None:
            _put_relations(rewritten, relation)
        values = _take_values(rewritten) if dialect.placeholder else {}
        text = rewritten.sql(
            dialect.sqlglot, identify=True, comments=False, unsupported_level=ErrorLevel.RAISE,
            copy=False,
        )  # fmt: skip
    except (OptimizeError, SqlglotError) as error:
        raise _unwritable(dialect, error) from error
    if not values:
        return text, ()
    order = _TAKEN.findall(text)
    sign = dialect.placeholder or ""
    return _TAKEN.sub(lambda _: sign, text), tuple(values[name] for name in order)


def _unwritable(dialect: Dialect, error: Exception) -> QueryRefused:
    first = str(error).strip().splitlines()[0]
    return QueryRefused(
        f"The query cannot be written for {dialect.title}: {first}",
        param="sql",
        hint="See docs/evidence-engines.md for what can be written instead.",
    )


# No text of a person's can hold it, for the number is drawn anew by every process.
_TAKEN = re.compile(f"hw{NONCE}_value_\\d+")


def _take_values(tree: exp.Query) -> dict[str, str]:
    """Puts a name in the place of every text from outside, and gives the text of each name.

    Beside a GROUP BY the same text has to be the same text to the engine, so there it stays a
    literal, escaped by the dialect.
    """
    taken: dict[str, str] = {}
    for node in list(tree.find_all(exp.Literal)):
        if not node.meta.get(GIVEN) or not _may_be_bound(node):
            continue
        name = f"hw{NONCE}_value_{len(taken)}"
        taken[name] = node.name
        node.replace(exp.Var(this=name))
    return taken


def _may_be_bound(node: exp.Expr) -> bool:
    clause = node.find_ancestor(exp.Where, exp.Join, exp.Select)
    if isinstance(clause, exp.Select):
        return not clause.args.get("group")
    return True


def _put_relations(tree: exp.Query, relation: Callable[[str], exp.Expr]) -> None:
    """The engine's own tables where the stand-ins are, under the stand-ins' names."""
    for table in list(tree.find_all(exp.Table)):
        if not table.name.startswith(SOURCE):
            continue
        made = relation(table.name.removeprefix(SOURCE)).copy()
        made.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name, quoted=True)))
        table.replace(made)


def _check(
    found: dict[str, exp.Expr],
    allowed: frozenset[str],
    dialect: Dialect,
    remedy: Callable[[str], str] | None,
) -> None:
    for name in sorted(found.keys() - allowed):
        text = found[name].sql("duckdb", comments=False)
        shown = text if len(text) <= 80 else text[:77] + "..."
        word = name.partition(" ")[0]
        raise QueryRefused(
            f"{name} is not proven to give the same answer on {dialect.title}: {shown}",
            param="sql",
            hint=remedy(name) if remedy else dialect.advice.get(name)
            or ADVICE.get(name) or ADVICE.get(word)
            or "See docs/evidence-engines.md for what can be written instead.",
        )  # fmt: skip


@cache
def proven(engine: str) -> frozenset[str]:
    """The constructs that the conformance suite has proven on an engine; none where unproven."""
    listed = files("headwater.evidence.engines").joinpath("proven", f"{engine}.txt")
    if not listed.is_file():
        return frozenset()
    return frozenset(line for line in listed.read_text("utf-8").splitlines() if line)
