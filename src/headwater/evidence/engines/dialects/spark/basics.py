"""What Spark's other modules build with."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.writing import written

TITLE = "Spark"


def sql(text: str, **values: exp.Expr) -> exp.Expr:
    return written("spark", text, **values)


def fail(what: str, kind: str) -> str:
    return f"CAST(RAISE_ERROR('{what}') AS {kind})"


def call(text: str, value: exp.Expr) -> exp.Expr:
    """A plain function call, or one with a number added; written so that nothing reads it anew."""
    match = re.fullmatch(r"(\w+)\(__x\)( [+-] \d)?", text)
    assert match is not None  # noqa: S101 (constants above)
    made: exp.Expr = exp.Anonymous(this=match[1], expressions=[value.copy()])
    if match[2]:
        kind = exp.Sub if "-" in match[2] else exp.Add
        made = kind(this=made, expression=exp.Literal.number(int(match[2][-1])))
    return made


def call_of(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this=name, expressions=[node.this.copy(), node.expression.copy()])

    return rule
