"""Spark: text, its case, patterns, and JSON."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.letters import DEPENDING, NEWER, NEWEST, SEVERAL
from headwater.evidence.engines.dialects.spark.basics import TITLE, fail, sql
from headwater.evidence.engines.dialects.writing import json_path, number, pattern, refused, text_of

_UPPER = SEVERAL + NEWER + NEWEST
_LOWER = DEPENDING + NEWER + NEWEST
# What stands in the queries for both, longest first.
LETTERS = (_UPPER, _LOWER)


def like(node: exp.Expr) -> exp.Expr:
    if isinstance(node.parent, exp.Escape):
        return node
    text = text_of(node.expression)
    if text is None:
        raise refused("LIKE with a pattern that is no plain text", TITLE, "Use contains.")
    node.set("expression", exp.Literal.string(text.replace("\\", "\\\\")))
    return node


def ilike(node: exp.Expr) -> exp.Expr:
    pair = [cased(exp.Lower(this=each.copy())) for each in (node.this, node.expression)]
    text = text_of(node.expression)
    if text is None or "\\" in text:
        raise refused("This ILIKE", TITLE, "Write a plain pattern without a backslash.")
    return exp.Like(this=pair[0], expression=pair[1])


def cased(node: exp.Expr) -> exp.Expr:
    word, risky = ("LOWER", _LOWER) if isinstance(node, exp.Lower) else ("UPPER", _UPPER)
    failed = fail(f"{word.lower()} of a letter that Java changes by its own rules", "STRING")
    return sql(
        f"CASE WHEN __x RLIKE __r THEN {failed} ELSE {word}(__x) END",
        x=node.this, r=exp.Literal.string(f"[{risky}]"),
    )  # fmt: skip


def _regex(node: exp.Expr) -> str:
    """Java reads lines in its own way; with these two changes it reads them as RE2 does."""
    text = pattern(node.expression, TITLE)
    bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", text)
    if "$" in bare.removesuffix("$"):
        raise refused("A regular expression with $ inside", TITLE, "Use $ at the end only.")
    if bare.endswith("$"):
        text = text[:-1] + "\\z"
    return f"(?d){text}"


def matches(node: exp.Expr) -> exp.Expr:
    return sql("__x RLIKE __p", x=node.this, p=exp.Literal.string(_regex(node)))


def regex_replaced(node: exp.Expr) -> exp.Expr:
    flags = text_of(node.args.get("modifiers")) or ""
    instead = text_of(node.args.get("replacement"))
    text = _regex(node)
    if flags not in ("", "g") or instead is None or "\\" in instead or "$" in instead:
        raise refused("This regexp_replace", TITLE, "Use plain text, and the flag 'g' or none.")
    if not flags:
        groups = len(re.findall(r"(?<!\\)\(", re.sub(r"\[[^\]]*\]", "", text.removeprefix("(?d)"))))
        text = f"(?d)\\A((?s:.*?))(?:{text.removeprefix('(?d)')})((?s:.*))\\z"
        instead = f"$1{instead}${groups + 2}"
    return exp.Anonymous(
        this="REGEXP_REPLACE",
        expressions=[node.this.copy(), exp.Literal.string(text), exp.Literal.string(instead)],
    )


def regex_extracted(node: exp.Expr) -> exp.Expr:
    group = node.args.get("group")
    place = 0 if group is None else number(group)
    if place is None:
        raise refused("This regexp_extract", TITLE, "Use a plain number of a group.")
    return exp.Anonymous(
        this="REGEXP_EXTRACT",
        expressions=[
            node.this.copy(), exp.Literal.string(_regex(node)), exp.Literal.number(place)
        ],
    )  # fmt: skip


def path_text(steps: list[str | int]) -> exp.Expr:
    return exp.Literal.string(
        "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    )


def json_text(node: exp.Expr) -> exp.Expr:
    assert isinstance(node, exp.JSONExtractScalar)  # noqa: S101 (by its place in the rules)
    path = path_text(json_path(node, TITLE))
    kind = exp.Anonymous(
        this="SCHEMA_OF_VARIANT",
        expressions=[
            exp.Anonymous(
                this="VARIANT_GET",
                expressions=[
                    exp.Anonymous(this="PARSE_JSON", expressions=[node.this.copy()]),
                    path,
                    exp.Literal.string("variant"),
                ],
            )
        ],
    )
    text = exp.Anonymous(this="GET_JSON_OBJECT", expressions=[node.this.copy(), path.copy()])
    failed = fail("a JSON fraction, object or array as text", "STRING")
    return sql(
        f"CASE WHEN __k RLIKE '^(DECIMAL|DOUBLE|FLOAT|OBJECT|ARRAY)' THEN {failed} ELSE __t END",
        k=kind, t=text,
    )  # fmt: skip


def positive(key: str, what: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        place = number(node.args.get(key))
        if place is None or place < 1:
            raise refused(f"{what} counted from the end", TITLE, "Use a plain number from 1 on.")
        return node

    return rule
