"""The same query in fewer constructs: what DuckDB writes short, written out for every engine.

Each rewrite keeps DuckDB's meaning, and the conformance suite runs the rewritten form on DuckDB
too. They come before the allow-list, so what is written out needs no support anywhere.
"""

from collections.abc import Callable

from sqlglot import exp
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from headwater.evidence.contract import ENGINE_TYPES, Contract
from headwater.evidence.engines.binding import SOURCE
from headwater.evidence.engines.families import metadata
from headwater.evidence.errors import QueryRefused


def typed(tree: exp.Query, contract: Contract, tables: frozenset[str]) -> exp.Query:
    """A copy with stars expanded, every column qualified and every node typed."""
    schema: dict[str, object] = {
        SOURCE + name: {
            column: ENGINE_TYPES[kind] for column, kind in contract.tables[name].columns.items()
        }
        for name in tables
    }
    tree = tree.copy()
    _expand_all(tree)
    _own_columns_in_having(tree)
    # Sub-selects must have their order made explicit before their own rewrites move it.
    full = qualify(
        tree,
        schema=schema or None,
        dialect="duckdb",
        validate_qualify_columns=False,
        quote_identifiers=True,
    )
    _explicit_null_order(full)
    _write_out_windows(full)
    rewritten = _order_by_values(_rewrite_selects(full))
    return annotate(rewritten, schema)


def annotate(tree: exp.Query, schema: dict[str, object]) -> exp.Query:
    """Types on every node. A number with a point is a decimal, as in DuckDB."""
    for number in tree.find_all(exp.Literal):
        plain = not number.is_string and "." in number.name and "e" not in number.name.lower()
        if plain and not isinstance(number.parent, exp.Cast | exp.DataTypeParam):
            places = len(number.name.partition(".")[2])
            number.replace(
                exp.cast(number.copy(), f"DECIMAL({max(len(number.name) - 1, 1)}, {places})")
            )
    return annotate_types(
        tree, schema=schema or None, dialect="duckdb", expression_metadata=metadata()
    )


def _expand_all(tree: exp.Query) -> None:
    """GROUP BY ALL and ORDER BY ALL by the select list."""
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if group is not None and group.args.get("all"):
            keys = [
                each.unalias().copy() for each in select.expressions if not each.find(exp.AggFunc)
            ]
            select.set("group", exp.Group(expressions=keys) if keys else None)
        order = select.args.get("order")
        if order is not None and len(order.expressions) == 1:
            only = order.expressions[0]
            if only.this.name.upper() == "ALL" and not only.this.args.get("table"):
                order.set(
                    "expressions",
                    [
                        exp.Ordered(
                            this=exp.Literal.number(place + 1),
                            desc=only.args.get("desc"),
                            nulls_first=only.args.get("nulls_first"),
                        )
                        for place in range(len(select.expressions))
                    ],
                )


def _own_columns_in_having(tree: exp.Query) -> None:
    """In HAVING a FILTER means the table's column even where a result has the same name."""
    for having in tree.find_all(exp.Having):
        select = having.parent
        if not isinstance(select, exp.Select):
            continue
        results = {each.alias for each in select.expressions if isinstance(each, exp.Alias)}
        for filtered in having.find_all(exp.Filter):
            for column in filtered.expression.find_all(exp.Column):
                if column.table or column.name not in results:
                    continue
                source = select.args.get("from_")
                if source is None or select.args.get("joins") or not source.this.alias_or_name:
                    raise QueryRefused(
                        f"{column.name} in the FILTER of HAVING may mean two things.",
                        param="sql",
                        hint=f"Write table.{column.name}.",
                    )
                column.set("table", exp.to_identifier(source.this.alias_or_name, quoted=True))


def _explicit_null_order(tree: exp.Query) -> None:
    """DuckDB sorts NULLs last either way; the parser has noted it, other places leave it out."""
    for ordered in tree.find_all(exp.Ordered):
        ordered.set("nulls_first", bool(ordered.args.get("nulls_first")))


def _rewrite_selects(tree: exp.Query) -> exp.Query:
    for select in list(tree.find_all(exp.Select)):
        distinct = select.args.get("distinct")
        if select.args.get("qualify"):
            made = _without_qualify(select)
        elif distinct is not None and distinct.args.get("on"):
            made = _without_distinct_on(select)
        else:
            continue
        if select is tree:
            tree = made
    return tree


def _without_qualify(select: exp.Select) -> exp.Select:
    condition = select.args["qualify"].this

    def keep(inner: exp.Select) -> exp.Expr:
        inner.set("qualify", None)
        test = condition.copy()
        # QUALIFY may name the select list's own columns.
        named = {each.alias_or_name: each.unalias() for each in inner.expressions}
        for column in list(test.find_all(exp.Column)):
            if not column.table and column.name in named:
                replacement = named[column.name].copy()
                if column is test:
                    test = replacement
                else:
                    column.replace(replacement)
        return _add(inner, test, "hw_keep")

    return _outside(select, keep)


def _without_distinct_on(select: exp.Select) -> exp.Select:
    on = select.args["distinct"].args["on"]
    keys = on.expressions if isinstance(on, exp.Tuple) else [on]

    def keep(inner: exp.Select) -> exp.Expr:
        inner.set("distinct", None)
        order = inner.args.get("order")
        by = _resolved_order(inner, order.expressions if order else [])
        number = exp.Window(
            this=exp.RowNumber(),
            partition_by=[_resolved(inner, key) for key in keys],
            order=exp.Order(expressions=by) if by else None,
        )
        return exp.EQ(this=_add(inner, number, "hw_place"), expression=exp.Literal.number(1))

    return _outside(select, keep)


def _outside(select: exp.Select, keep: Callable[[exp.Select], exp.Expr]) -> exp.Select:
    """`select` as a sub-select that `keep` adds a test to; order and limit move outside."""
    parent = select.parent
    inner = select.copy()
    with_ = inner.args.get("with_")
    test = keep(inner)
    wanted = [each.alias_or_name for each in select.expressions]
    order = inner.args.get("order")
    outer_order = [
        exp.Ordered(
            this=_add(inner, _resolved(inner, each.this), f"hw_sort{place}"),
            desc=each.args.get("desc"),
            nulls_first=each.args.get("nulls_first"),
        )
        for place, each in enumerate(order.expressions if order else [])
    ]
    outer = exp.select(
        *(exp.alias_(exp.column(name, "hw_q", quoted=True), name, quoted=True) for name in wanted)
    )
    for key in ("limit", "offset", "distinct", "with_"):
        outer.set(key, inner.args.get(key))
        inner.set(key, None)
    inner.set("order", None)
    outer.set("with_", with_)
    outer = outer.from_(
        exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("hw_q", quoted=True)))
    )
    outer = outer.where(test)
    if outer_order:
        outer.set("order", exp.Order(expressions=outer_order))
    if parent is not None:
        select.replace(outer)
    return outer


def _write_out_windows(tree: exp.Query) -> None:
    """`OVER w` by what WINDOW says of w."""
    for select in tree.find_all(exp.Select):
        named = {each.name: each for each in select.args.get("windows") or ()}
        if not named:
            continue
        for window in list(select.find_all(exp.Window)):
            if window.alias in named and window.parent is not select:
                meant = named[window.alias]
                for key in ("partition_by", "order", "spec"):
                    value = meant.args.get(key)
                    window.set(
                        key,
                        [each.copy() for each in value]
                        if isinstance(value, list)
                        else value and value.copy(),
                    )
                window.set("alias", None)
        select.set("windows", None)


def _order_by_values(tree: exp.Query) -> exp.Query:
    """ORDER BY over values, not over names of results, which engines look up differently."""
    for query in list(tree.find_all(exp.Query)):
        order = query.args.get("order")
        if order is None or isinstance(query, exp.Subquery):
            continue
        if isinstance(query, exp.Select) and not query.args.get("distinct"):
            order.set("expressions", _resolved_order(query, order.expressions))
            continue
        made = _order_outside(query)
        if query is tree:
            tree = made
    return tree


def _order_outside(query: exp.Query) -> exp.Select:
    """DISTINCT and set operations may only be ordered by their results: ordered from outside."""
    parent, inner = query.parent, query.copy()
    names = list(query.named_selects)
    outer = exp.select(
        *(exp.alias_(exp.column(name, "hw_o", quoted=True), name, quoted=True) for name in names)
    )
    order = inner.args["order"]
    for ordered in order.expressions:
        value = ordered.this
        if isinstance(value, exp.Literal) and value.is_int:
            ordered.set("this", exp.column(names[int(value.name) - 1], "hw_o", quoted=True))
            continue
        for column in list(ordered.find_all(exp.Column)):
            owned = _named_result(query, column)
            column.replace(exp.column(owned, "hw_o", quoted=True))
    for key in ("limit", "offset", "with_"):
        outer.set(key, inner.args.get(key))
        inner.set(key, None)
    inner.set("order", None)
    outer = outer.from_(
        exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("hw_o", quoted=True)))
    )
    outer.set("order", order)
    if parent is not None:
        query.replace(outer)
    return outer


def _named_result(query: exp.Query, column: exp.Column) -> str:
    for each in query.selects:
        if (not column.table and each.alias_or_name == column.name) or each.unalias() == column:
            return str(each.alias_or_name)
    raise QueryRefused(
        f"ORDER BY {column.name} is not among the results.",
        param="sql",
        hint="With DISTINCT or UNION, sort by a column of the select list.",
    )


def _add(inner: exp.Select, value: exp.Expr, name: str) -> exp.Column:
    inner.append("expressions", exp.alias_(value, name, quoted=True))
    return exp.column(name, "hw_q", quoted=True)


def _resolved(inner: exp.Select, value: exp.Expr) -> exp.Expr:
    """An ORDER BY or key expression with the select list's names written out."""
    if isinstance(value, exp.Literal) and value.is_int:
        chosen: exp.Expr = inner.expressions[int(value.name) - 1].unalias().copy()
        return chosen
    if isinstance(value, exp.Column) and not value.table:
        for each in inner.expressions:
            if each.alias_or_name == value.name:
                named: exp.Expr = each.unalias().copy()
                return named
    return value.copy()


def _resolved_order(inner: exp.Select, order: list[exp.Expr]) -> list[exp.Expr]:
    made = []
    for each in order:
        ordered = each.copy()
        ordered.set("this", _resolved(inner, each.this))
        made.append(ordered)
    return made
