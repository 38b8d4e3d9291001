"""Which rows of a table a query can use at all: what its conditions ask of single rows.

A row that fulfils none of a table's conditions cannot change the answer, so a copy of an account's
rows may leave it out. Pure: a checked tree in, slotted SQL out; errs on the side of too many rows.
"""

from collections.abc import Iterable, Iterator

from sqlglot import exp

from headwater.evidence.bounds import picks_by_nearness
from headwater.evidence.contract import Contract
from headwater.evidence.necessity import BEYOND_A_ROW


def sieves_of(
    base: Iterable[tuple[exp.Table, str]], contract: Contract
) -> dict[str, tuple[str, ...]]:
    """Conditions over bare columns, one for each time the query names the table.

    A table is left out that is read without a condition anywhere. Bounds of time are no
    conditions: the bounds of all queries together are tested once.
    """
    found: dict[str, list[str]] = {}
    whole: set[str] = set()
    for node, name in base:
        condition = _of_reference(node, contract.tables[name].time)
        found.setdefault(name, []).append(condition)
        if not condition:
            whole.add(name)
    return {
        name: tuple(dict.fromkeys(conditions))
        for name, conditions in found.items()
        if name not in whole
    }


def _of_reference(node: exp.Table, time: str | None) -> str:
    """What a row has to fulfil to be of use where the query names its table; "" for nothing."""
    select = node.find_ancestor(exp.Select)
    if select is None or picks_by_nearness(select) or select.args.get("laterals"):
        return ""
    joins = select.args.get("joins") or ()
    alone = not joins
    join = node.parent if isinstance(node.parent, exp.Join) else None
    tests: list[exp.Expr] = []
    if _kept_by_where(node, join, select):
        tests += _conjuncts(select.args.get("where"))
    if join is not None and (join.side or "").upper() in ("", "LEFT"):
        tests += _conjuncts(join.args.get("on"))
    alias = node.alias_or_name.lower()
    bare = [_bare(test) for test in tests if _of_one_row(test, alias, time, alone=alone)]
    return " AND ".join(sorted(dict.fromkeys(bare)))


def _kept_by_where(node: exp.Table, join: exp.Join | None, select: exp.Select) -> bool:
    """Whether WHERE sees the table's rows as they are, with no row of NULLs put in their place."""
    joins: list[exp.Join] = select.args.get("joins") or []
    if join is None:
        source = select.args.get("from_")
        if source is None or source.this is not node:
            return False
    elif join not in joins or (join.side or "").upper():
        return False
    return all((each.side or "").upper() in ("", "LEFT") for each in joins)


def _conjuncts(test: exp.Expr | None) -> Iterator[exp.Expr]:
    match test:
        case exp.Where() | exp.Paren():
            yield from _conjuncts(test.this)
        case exp.And():
            yield from _conjuncts(test.this)
            yield from _conjuncts(test.expression)
        case exp.Expr():
            yield test


def _of_one_row(test: exp.Expr, alias: str, time: str | None, *, alone: bool) -> bool:
    columns = list(test.find_all(exp.Column))
    return (
        any(each.name.lower() != time for each in columns)
        and test.find(*BEYOND_A_ROW) is None
        and all(each.table.lower() == alias or (not each.table and alone) for each in columns)
    )


def _bare(test: exp.Expr) -> str:
    copied = test.copy()
    for column in copied.find_all(exp.Column):
        column.set("table", None)
    return f"({copied.sql('duckdb', identify=True, comments=False)})"
