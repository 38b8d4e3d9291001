"""The SQL that the seam writes for engines that nobody here can run, to be read and compared.

One text per engine with every query of the conformance suite. Tables stand under their bare names,
and letters of an unsettled case, of which there are hundreds, under one word.
"""

import re
from functools import cache
from importlib import import_module

from sqlglot import exp

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.binding import SOURCE, bind
from headwater.evidence.engines.conformance.suite import PARAMS, cases
from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.dialects.spark.texts import LETTERS as SPARK_LETTERS
from headwater.evidence.engines.dialects.warehouse.texts import LOWER_RISKS, UPPER_RISKS
from headwater.evidence.engines.normal import typed
from headwater.evidence.engines.seam import written
from headwater.evidence.errors import QueryRefused
from headwater.evidence.guard import compile_query

GENERATED = ("snowflake", "bigquery", "trino", "databricks")
_ROWS = 2_000
_HEAD = """\
-- What the seam writes for {title}, query by query of the conformance suite. Not run there: each
-- construct is refused until `headwater evidence verify --engine URL` has proven it.
-- Renew: headwater evidence engines --sql {name} > tests/evidence/engines/snapshots/{name}.sql
"""
_CLAUSES = re.compile(
    r" (?=(?:FROM|WHERE|GROUP BY|HAVING|ORDER BY|UNION|EXCEPT|INTERSECT|LIMIT|OFFSET|JOIN"
    r"|(?:LEFT|FULL|CROSS|ASOF) JOIN) )"
)
_LETTERS = (*SPARK_LETTERS, UPPER_RISKS, LOWER_RISKS)


def dialect_of(engine: str) -> Dialect:
    """The dialect of a generated engine."""
    module = import_module(f"headwater.evidence.engines.dialects.{engine}")
    found: Dialect = getattr(module, engine.upper())
    return found


@cache
def generated(engine: str) -> dict[str, str | QueryRefused]:
    """SQL, or why there is none, by the name of each query of the suite."""
    dialect = dialect_of(engine)
    made: dict[str, str | QueryRefused] = {}
    for name, full in _suite():
        try:
            made[name] = full if isinstance(full, QueryRefused) else _text(full, dialect)
        except QueryRefused as refusal:
            made[name] = refusal
    return made


def generated_page(engine: str) -> str:
    """What `generated` says, as one text for people."""
    parts = [_HEAD.format(title=dialect_of(engine).title, name=engine)]
    for name, found in generated(engine).items():
        if isinstance(found, QueryRefused):
            parts.append(f"-- case: {name}\n-- refused: {found}\n")
        else:
            parts.append(f"-- case: {name}\n{_short(found)}\n")
    return "\n".join(parts)


def _text(full: exp.Query, dialect: Dialect) -> str:
    return written(full.copy(), dialect)[0].replace(SOURCE, "")


def _short(text: str) -> str:
    for letters in _LETTERS:
        text = text.replace(letters, "‹letters›")
    return _CLAUSES.sub("\n", text)


@cache
def _suite() -> tuple[tuple[str, exp.Query | QueryRefused], ...]:
    """The suite's typed trees, made once for all engines."""
    contract = load_contract()
    found: list[tuple[str, exp.Query | QueryRefused]] = []
    for case in cases():
        template = compile_query(case.sql, contract, scoped=False)
        tree = bind(template, contract, PARAMS, None, _ROWS)
        _bare_tables(tree)
        found.append((case.name, typed(tree, contract, template.tables)))
    return tuple(found)


def _bare_tables(tree: exp.Query) -> None:
    """A table by its name, for the sub-select around it only names all its columns."""
    for inner in list(tree.find_all(exp.Subquery)):
        table = inner.this.find(exp.Table) if isinstance(inner.this, exp.Select) else None
        plain = table is not None and table.name.startswith(SOURCE)
        if plain and table is not None and table.find_ancestor(exp.Select) is inner.this:
            named = exp.to_table(table.name)
            named.set("alias", inner.args["alias"].copy())
            inner.replace(named)
