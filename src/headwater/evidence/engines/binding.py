"""A checked template and the values of one run, joined as a tree: nothing is pasted as text."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlglot import exp

from headwater.evidence.bounds import comparisons_of
from headwater.evidence.contract import ENGINE_TYPES, Contract, Table
from headwater.evidence.errors import QueryRefused
from headwater.evidence.masks import MASK, hidden_columns
from headwater.evidence.template import NONCE, ParamValue, Template
from headwater.evidence.types import Reader, Role
from headwater.kit.clock import as_naive_utc

# Stands for a contract table until the engine puts its own relation there; a query's own names
# may not begin so.
SOURCE = "hw_src_"
# Marks a text that came from outside, for engines that take values apart from the query.
GIVEN = "headwater_given"
_SLOT = f"hw{NONCE}_"


def bind(
    template: Template,
    contract: Contract,
    params: Mapping[str, ParamValue],
    accounts: tuple[str, ...] | None,
    rows: int,
    reader: Reader = Reader(),  # noqa: B008 (frozen)
) -> exp.Query:
    """The query in DuckDB's dialect over `hw_src_TABLE`, with every slot filled by a literal.

    Columns that `reader` may not see are masked where their table is read.

    Raises QueryRefused for a missing parameter or a value that SQL cannot hold.
    """
    template.require(params)
    tree = template.tree.copy()
    fenced: list[tuple[exp.Select, Table]] = []
    for node in list(tree.find_all(exp.Placeholder, exp.Column, exp.Table)):
        name = node.name if isinstance(node, exp.Placeholder | exp.Column | exp.Table) else ""
        if not name.startswith(_SLOT):
            continue
        slot = name.removeprefix(_SLOT)
        if slot == "scope":
            _fill_list(node, [literal(account) for account in accounts or ()] or [exp.null()])
        elif slot == "limit":
            node.replace(exp.Literal.number(template.row_limit(params, rows)))
        elif slot.startswith("p_"):
            node.replace(literal(params[slot.removeprefix("p_")]))
        elif slot.startswith("cols_"):
            _fill_list(node, _columns(contract.tables[slot.removeprefix("cols_")], reader))
        else:
            table = contract.tables[slot.removeprefix("from_")]
            if accounts is not None and table.account and reader.role is not Role.SYSTEM:
                select = node.find_ancestor(exp.Select)
                assert select is not None  # noqa: S101 (each table has its own sub-select)
                fenced.append((select, table))
            node.replace(exp.to_table(SOURCE + table.name))
    for select, table in fenced:
        _fence(select, table)
    return tree


def _fence(select: exp.Select, table: Table) -> None:
    """Keeps the scope's test before the query's own conditions: see `evidence.barrier`.

    Only a plain bound on the table's time is let in with it, so that an index on account and
    time serves: such a test never fails, and takes as long on one row as on another.
    """
    source = select.parent
    if table.time and isinstance(source, exp.Subquery):
        for kind, value in list(comparisons_of(source, table.time)):
            time = exp.column(table.time, quoted=True)
            select.where(kind(this=time, expression=value.copy()), copy=False)
    select.set("offset", exp.Offset(expression=exp.Literal.number(0)))


def _columns(table: Table, reader: Reader) -> list[exp.Expr]:
    hidden = hidden_columns(table, reader)
    return [
        exp.alias_(_mask(kind), name, quoted=True)
        if name in hidden
        else exp.column(name, quoted=True)
        for name, kind in table.columns.items()
    ]


def _mask(kind: str) -> exp.Expr:
    return exp.Literal.string(MASK) if kind == "text" else exp.cast(exp.null(), ENGINE_TYPES[kind])


def _fill_list(slot: exp.Expr, values: list[exp.Expr]) -> None:
    parent, key = slot.parent, slot.arg_key
    assert parent is not None and key is not None  # noqa: S101 (a slot is always in a list)
    listed = parent.args[key]
    at = next(index for index, each in enumerate(listed) if each is slot)
    parent.set(key, [*listed[:at], *values, *listed[at + 1 :]])


def literal(value: ParamValue) -> exp.Expr:
    """`value` as a typed literal node; each dialect escapes it its own way. Raises QueryRefused."""
    match value:
        case None:
            return exp.null()
        case bool():
            return exp.Boolean(this=value)
        case int():
            return exp.Literal.number(value) if value >= 0 else exp.Paren(
                this=exp.Neg(this=exp.Literal.number(-value))
            )  # fmt: skip
        case float():
            return exp.cast(exp.Literal.string(repr(value)), "DOUBLE")
        case datetime():
            text = as_naive_utc(value).isoformat(sep=" ")
            return exp.cast(exp.Literal.string(text), "TIMESTAMP")
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), "DATE")
        case str() if "\0" not in value:
            made = exp.Literal.string(value)
            made.meta[GIVEN] = True
            return made
    raise QueryRefused(f"A parameter of type {type(value).__name__} cannot be used in a query.")
