"""The guard: text in, a checked and scoped query template out. The text itself is never run.

Pure: no engine, no files. The tree is parsed, checked node by node against an allow-list, every
base table becomes a sub-select bounded to the scope's accounts, and new SQL is written from the
tree. Parameters, scope and row limit are slots in that SQL, filled with typed literals per run,
so that one text is parsed once.
"""

import logging
import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from sqlglot import Dialect, ErrorLevel, exp
from sqlglot.errors import SqlglotError

from headwater.evidence.bounds import time_bounds
from headwater.evidence.checks import NAME, check_node
from headwater.evidence.contract import Contract, Table
from headwater.evidence.errors import QueryRefused
from headwater.evidence.necessity import needs_of
from headwater.evidence.sieve import sieves_of
from headwater.evidence.template import NONCE, Template, split_slots

MAX_CHARACTERS = 20_000
MAX_NESTING = 80
MAX_BRACKETS = 200
MAX_NODES = 10_000

_DIALECT = Dialect.get_or_raise("duckdb")

logging.getLogger("sqlglot").setLevel(logging.CRITICAL)


def compile_query(sql: str, contract: Contract, *, scoped: bool) -> Template:
    """The checked template of `sql`. Which relation stands for a table is decided per run.

    With `scoped`, every table that names an account is bounded by the scope slot.
    Raises QueryRefused naming the construct at fault.
    """
    try:
        root = _checked_tree(sql).copy()
        base = list(base_tables(root, frozenset(), partial(_known_table, contract=contract)))
        needs = _columns_read(root, base, contract)
        params = frozenset(_name_params(root))
        limit = _take_limit(root)
        sliceable = _columns_go_by_name(root)
        bounds = time_bounds(base, contract)
        necessary, sieves = needs_of(root), sieves_of(base, contract)
        names = _plain_names(root)
        _name_unnamed(root)
        for node, name in base:
            node.replace(_scoped(node, contract.tables[name], scoped=scoped))
        text = root.sql("duckdb", identify=True, comments=False, unsupported_level=ErrorLevel.RAISE)
    except RecursionError as error:
        raise QueryRefused(
            "The query is nested too deeply.", hint="Split it into common table expressions."
        ) from error
    except SqlglotError as error:
        raise QueryRefused(
            f"The query cannot be read as SQL: {_first_line(error)}.",
            param="sql",
            hint="Check quotes, brackets and commas near that place; the dialect is DuckDB's.",
        ) from error
    references = tuple(name for _, name in base)
    return Template(
        pieces=split_slots(text),
        tables=frozenset(references),
        references=references,
        needs=needs,
        params=params,
        limit=limit,
        sliceable=sliceable,
        bounds=bounds,
        necessary=necessary,
        sieves=sieves,
        names=names,
        tree=root,
    )


@lru_cache(maxsize=2)
def _checked_tree(sql: str) -> exp.Query:
    """The tree of a text; a page's self-test asks for it with a scope and without in turn."""
    root = parse_select(sql)
    _check_nodes(root)
    return root


def _plain_names(root: exp.Query) -> tuple[str, ...]:
    """The result's columns where each is a column or has an alias; else none are told."""
    named = all(isinstance(each, exp.Alias | exp.Column) for each in root.selects)
    names = tuple(root.named_selects)
    return names if named and names and "*" not in names else ()


def _name_unnamed(root: exp.Query) -> None:
    """Names sub-selects among the results by their text, as the engine would name its own."""
    for select in root.find_all(exp.Select):
        for projection in list(select.expressions):
            if projection.find(exp.Query) and not isinstance(projection, exp.Alias):
                text = projection.sql("duckdb", comments=False)[:60]
                named = exp.Alias(alias=exp.to_identifier(text, quoted=True))
                projection.replace(named)
                named.set("this", projection)  # the node itself: others hold on to its tables


def _columns_go_by_name(root: exp.Query) -> bool:
    """Whether leaving out columns that nobody names cannot change the query's meaning."""
    natural = any(join.args.get("method") == "NATURAL" for join in root.find_all(exp.Join))
    renamed = any(alias.columns for alias in root.find_all(exp.TableAlias))
    return not (natural or renamed)


def _first_line(error: Exception) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")


def parse_select(sql: str) -> exp.Query:
    """The one SELECT in a text, its size bounded first. Raises QueryRefused and SqlglotError."""
    if "\0" in sql or NONCE in sql:
        raise QueryRefused(
            "The query holds a character that SQL does not allow.",
            param="sql",
            hint="Type the query anew, or paste it as plain text.",
        )
    if len(sql) > MAX_CHARACTERS:
        raise QueryRefused(
            f"The query is longer than {MAX_CHARACTERS} characters.",
            param="sql",
            hint="Give long lists of values through a join or several queries.",
        )
    depth = deepest = brackets = 0
    tokens = _DIALECT.tokenize(sql)
    for token in tokens:
        if token.text in ("(", "[", "{"):
            brackets, depth = brackets + 1, depth + 1
            deepest = max(deepest, depth)
        elif token.text in (")", "]", "}"):
            depth -= 1
    if deepest > MAX_NESTING or brackets > MAX_BRACKETS:
        raise QueryRefused(
            f"The query nests deeper than {MAX_NESTING} or has more than {MAX_BRACKETS} brackets.",
            param="sql",
            hint="Name inner parts in a WITH clause, and use IN for lists of values.",
        )
    statements = [tree for tree in _DIALECT.parser().parse(tokens, sql) if tree is not None]
    if len(statements) != 1:
        raise QueryRefused(
            "Exactly one SELECT statement is allowed.",
            param="sql",
            hint="Run statements one by one; combine rows of several with UNION ALL.",
        )
    root = statements[0]
    if not isinstance(root, exp.Select | exp.SetOperation | exp.Subquery):
        raise QueryRefused(
            f"Only SELECT is allowed, not {root.key.upper()}.",
            param="sql",
            hint="Evidence is read-only. Begin with SELECT or WITH.",
        )
    return root


def _check_nodes(root: exp.Query) -> None:
    for count, node in enumerate(root.walk()):
        if count > MAX_NODES:
            raise QueryRefused(
                f"The query has more than {MAX_NODES} parts.",
                param="sql",
                hint="Use IN for long chains of OR, or ask in several queries.",
            )
        check_node(node)


def base_tables(
    node: exp.Expr, visible: frozenset[str], known: Callable[[str], str]
) -> Iterator[tuple[exp.Table, str]]:
    """(node, what `known` says it is) of every base table, seeing CTE names only where SQL does.

    `known` gets the lower-case name. Raises what it raises, and QueryRefused for no plain name.
    """
    if isinstance(node, exp.Table):
        name = _table_name(node)
        if name not in visible:
            yield node, known(name)
    with_ = node.args.get("with_")
    for cte in with_.expressions if with_ else ():
        yield from base_tables(cte.this, visible, known)
        visible |= {cte.alias.lower()}
    for child in node.iter_expressions():
        if not isinstance(child, exp.With):
            yield from base_tables(child, visible, known)


def _table_name(node: exp.Table) -> str:
    extra = {key for key, value in node.args.items() if value} - {
        "this",
        "alias",
        "joins",
        "laterals",
    }
    if not isinstance(node.this, exp.Identifier) or extra:
        raise QueryRefused(
            f"{node.sql('duckdb', comments=False)} is not a plain table name.",
            param="sql",
            hint="Use a table of the contract by its bare name.",
        )
    return node.name.lower()


def _known_table(name: str, contract: Contract) -> str:
    if name in contract.tables:
        return name
    near = contract.nearest(name)
    raise QueryRefused(
        f"There is no table {name!r} in the evidence contract.",
        param="sql",
        hint=f"Did you mean {near}?" if near else "See `headwater evidence check`.",
    )


def _columns_read(
    root: exp.Query, base: list[tuple[exp.Table, str]], contract: Contract
) -> frozenset[tuple[str, str]]:
    """(table, column) pairs, erring on the side of too many where a bare name is ambiguous."""
    sources: dict[int, list[tuple[str, Table]]] = {}
    needs: set[tuple[str, str]] = set()
    for node, name in base:
        table = contract.tables[name]
        select = node.find_ancestor(exp.Select)
        sources.setdefault(id(select), []).append((node.alias_or_name.lower(), table))
        if table.account:
            needs.add((name, table.account))
    for column in root.find_all(exp.Column):
        needs |= _resolve(column, sources)
    for star in root.find_all(exp.Star):
        if isinstance(star.parent, exp.Select):
            for _, table in sources.get(id(star.parent), ()):
                needs |= {(table.name, name) for name in table.columns}
    for join in root.find_all(exp.Join):
        for using in join.args.get("using") or ():
            for _, table in sources.get(id(join.find_ancestor(exp.Select)), ()):
                needs |= {(table.name, c) for c in table.columns if c == using.name.lower()}
    return frozenset(needs)


def _resolve(
    column: exp.Column, sources: dict[int, list[tuple[str, Table]]]
) -> set[tuple[str, str]]:
    name, owner = column.name.lower(), column.table.lower()
    select = column.find_ancestor(exp.Select)
    while select is not None:
        found: set[tuple[str, str]] = set()
        for alias, table in sources.get(id(select), ()):
            whole_row = isinstance(column.this, exp.Star) or (not owner and name == alias)
            if (owner and owner != alias) or (not owner and not whole_row and name == ""):
                continue
            if whole_row and name not in table.columns:
                found |= {(table.name, each) for each in table.columns}
            elif name in table.columns:
                found.add((table.name, name))
        if found:
            return found
        select = select.find_ancestor(exp.Select)
    return set()


def _name_params(root: exp.Query) -> Iterator[str]:
    for node in root.find_all(exp.Placeholder):
        name = node.name
        if not NAME.match(name):
            raise QueryRefused(
                "Parameters are written $name.",
                param="sql",
                hint="Write $since for a parameter called since; ? and $1 have no name.",
            )
        yield name
        node.set("this", f"hw{NONCE}_p_{name}")


def _take_limit(root: exp.Query) -> int | str | None:
    """The query's own limit (a number or a parameter's name), replaced by the limit slot."""
    own: int | str | None = None
    clause = root.args.get("limit")
    if clause is not None:
        value = clause.expression
        if isinstance(value, exp.Placeholder):
            own = value.name.removeprefix(f"hw{NONCE}_p_")
        elif isinstance(value, exp.Literal) and value.is_int:
            own = int(value.name)
        else:
            raise QueryRefused("LIMIT must be a whole number.", hint="Write LIMIT 100.")
    root.set("limit", exp.Limit(expression=exp.Placeholder(this=f"hw{NONCE}_limit")))
    return own


def _scoped(node: exp.Table, table: Table, *, scoped: bool) -> exp.Subquery:
    columns = exp.column(f"hw{NONCE}_cols_{table.name}")
    inner = exp.select(columns).from_(
        exp.Table(this=exp.to_identifier(f"hw{NONCE}_from_{table.name}"))
    )
    if scoped and table.account:
        slot = exp.Placeholder(this=f"hw{NONCE}_scope")
        inner = inner.where(exp.In(this=exp.column(table.account), expressions=[slot]))
    alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(node.name))
    return exp.Subquery(
        this=inner,
        alias=alias,
        joins=node.args.get("joins"),
        laterals=node.args.get("laterals"),
    )
