"""Between which times a query can read each table at all: what its WHERE clauses say.

A row outside these times cannot change the answer, so a copy of an account's rows may leave it
out. Pure: a checked tree in, slotted SQL out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from headwater.evidence.contract import Contract

# A bound has to be known before any row is read.
_ROW_BOUND = (exp.Column, exp.Query, exp.AggFunc, exp.Window, exp.Lambda)
_MIRRORED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GTE: exp.LTE,
    exp.GT: exp.LT,
    exp.LTE: exp.GTE,
    exp.LT: exp.GT,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """SQL expressions, one for each time the query names the table. Empty means unbounded."""

    lows: tuple[str, ...] = ()
    highs: tuple[str, ...] = ()


def time_bounds(base: Iterable[tuple[exp.Table, str]], contract: Contract) -> dict[str, Bounds]:
    """Bounds of every table that is bounded wherever the query names it."""
    lows: dict[str, list[str]] = {}
    highs: dict[str, list[str]] = {}
    open_below: set[str] = set()
    open_above: set[str] = set()
    for node, name in base:
        time = contract.tables[name].time
        low, high = _of_reference(node, time) if time else (None, None)
        lows.setdefault(name, []).append(low or "")
        highs.setdefault(name, []).append(high or "")
        open_below |= set() if low else {name}
        open_above |= set() if high else {name}
    return {
        name: Bounds(
            lows=() if name in open_below else tuple(dict.fromkeys(lows[name])),
            highs=() if name in open_above else tuple(dict.fromkeys(highs[name])),
        )
        for name in lows
        if name not in open_below or name not in open_above
    }


def _of_reference(node: exp.Table, time: str) -> tuple[str | None, str | None]:
    low = high = None
    for kind, value in comparisons_of(node, time):
        text = value.sql("duckdb", comments=False)
        if kind in (exp.GTE, exp.GT):
            low = text
        elif kind in (exp.LTE, exp.LT):
            high = text
    return low, high


def comparisons_of(
    node: exp.Table | exp.Subquery, time: str
) -> Iterator[tuple[type[exp.Expr], exp.Expr]]:
    """What `WHERE` compares the time of a table with, where that is known before any row is."""
    select = node.find_ancestor(exp.Select)
    where = select.args.get("where") if select else None
    if select is None or where is None or picks_by_nearness(select):
        return
    alias = node.alias_or_name.lower()
    alone = len(select.args.get("joins") or ()) == 0 and not select.args.get("laterals")
    for kind, column, value in _comparisons(where.this):
        ours = column.table.lower() == alias or (not column.table and alone)
        if ours and column.name.lower() == time and not value.find(*_ROW_BOUND):
            yield kind, value


def picks_by_nearness(select: exp.Select) -> bool:
    """ASOF and positional joins pair a row by which others are there; WHERE comes too late."""
    joins = select.find_all(exp.Join)
    return any(join.args.get("method") or join.args.get("kind") == "POSITIONAL" for join in joins)


def _comparisons(test: exp.Expr) -> Iterator[tuple[type[exp.Expr], exp.Column, exp.Expr]]:
    """Comparisons of a column that must hold for a row to be kept."""
    if isinstance(test, exp.Paren):
        yield from _comparisons(test.this)
    elif isinstance(test, exp.And):
        yield from _comparisons(test.this)
        yield from _comparisons(test.expression)
    elif isinstance(test, exp.Between):
        if test.args.get("symmetric") or not isinstance(test.this, exp.Column):
            return
        yield exp.GTE, test.this, test.args["low"]
        yield exp.LTE, test.this, test.args["high"]
    elif type(test) in _MIRRORED:
        if isinstance(test.this, exp.Column):
            yield type(test), test.this, test.expression
        elif isinstance(test.expression, exp.Column):
            yield _MIRRORED[type(test)], test.expression, test.this
