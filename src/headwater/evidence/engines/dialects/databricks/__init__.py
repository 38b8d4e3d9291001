"""Databricks SQL: Spark's rules, proven on Spark itself, under the warehouse's own name."""

from dataclasses import replace
from functools import wraps

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.spark import SPARK
from headwater.evidence.errors import QueryRefused

_TITLE = "Databricks"


def _titled(refusal: QueryRefused) -> QueryRefused:
    """What Spark's rules refuse, said of Databricks."""
    text = str(refusal.message).replace(f"on {SPARK.title}.", f"on {_TITLE}.")
    return QueryRefused(text, param=refusal.param, hint=refusal.hint)


def _retitled(rule: Rule) -> Rule:
    @wraps(rule)
    def again(node: exp.Expr) -> exp.Expr:
        try:
            return rule(node)
        except QueryRefused as refusal:
            raise _titled(refusal) from None

    return again


def _whole(tree: exp.Query) -> None:
    for step in SPARK.before:
        try:
            step(tree)
        except QueryRefused as refusal:
            raise _titled(refusal) from None


DATABRICKS = replace(
    SPARK,
    name="databricks",
    title=_TITLE,
    # Spark's own text, for that is what has been proven; the parser would write casts otherwise.
    sqlglot="spark",
    placeholder="?",
    before=(_whole,),
    rules={kind: _retitled(rule) for kind, rule in SPARK.rules.items()},
)
