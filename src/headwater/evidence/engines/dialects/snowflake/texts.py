"""Snowflake: patterns by POSIX, whose alternatives are chosen by length, and lists of text."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects.regex import has_one_way
from headwater.evidence.engines.dialects.warehouse import texts
from headwater.evidence.engines.dialects.warehouse.shapes import sorted_upwards, text_list
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called, pattern

_ONE_WAY = "Write the pattern so that each character can be matched by one part of it only."


def matches(w: Words, node: exp.Expr) -> exp.Expr:
    """A match of the whole text for a pattern with $ at its end, which a line break might stop."""
    text = texts.anchored(w, node.expression)
    if not _ends_at_end(text):
        return w.sql(w.matches, x=node.this, p=exp.Literal.string(text))
    if "|" in _outside_groups(text):
        raise w.refusal("A regular expression with $ and |", "Put brackets around the choice.")
    inner = text[:-1]
    whole = inner[1:] if inner.startswith("^") else f"(.|\n)*({inner})"
    return w.sql(w.fits, x=node.this, p=exp.Literal.string(whole))


def _ends_at_end(text: str) -> bool:
    return re.sub(r"\\.", "..", text).endswith("$")


def _outside_groups(text: str) -> str:
    bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", text)
    depth, kept = 0, ""
    for sign in bare:
        depth += (sign == "(") - (sign == ")")
        kept += sign if depth == 0 else ""
    return kept


def _one_way(w: Words, node: exp.Expr) -> None:
    """Which of several matches is meant differs. Raises QueryRefused where there are several."""
    text = pattern(node.expression, w.title)
    if not has_one_way(text) or _ends_at_end(text):
        raise w.refusal(f"This {node.key}", _ONE_WAY)


def regex_replaced(w: Words, node: exp.Expr) -> exp.Expr:
    text, instead, every = texts.replacement(w, node)
    _one_way(w, node)
    places = exp.Literal.number(1), exp.Literal.number(0 if every else 1)
    return called(
        "REGEXP_REPLACE", node.this, exp.Literal.string(text), exp.Literal.string(instead), *places
    )


def regex_extracted(w: Words, node: exp.Expr) -> exp.Expr:
    group, text = texts.group_of(w, node), texts.anchored(w, node.expression)
    _one_way(w, node)
    one = exp.Literal.number(1)
    which = (exp.Literal.string("e"), exp.Literal.number(group)) if group else ()
    found = called("REGEXP_SUBSTR", node.this, exp.Literal.string(text), one, one, *which)
    return texts.or_empty(w, found, node.this)


def concat_ws(w: Words, node: exp.Expr) -> exp.Expr:
    separator, *parts = texts.texts_only(w, node)
    return called("ARRAY_TO_STRING", called("ARRAY_CONSTRUCT_COMPACT", *parts), separator)


def text_list_sorted(w: Words, node: exp.Expr) -> exp.Expr:
    """string_agg; a list of nothing is NULL, which is an empty text here."""
    assert isinstance(node, exp.GroupConcat)  # noqa: S101 (by its place in the rules)
    value, order, distinct = text_list(w, node)
    if distinct:
        keys: list[exp.Expr] = [
            exp.Ordered(this=each.this.copy(), desc=each.args.get("desc")) for each in order
        ]
    else:
        keys = [key for each in order for key in sorted_upwards(w, each)]
    for key in keys:
        # Where this engine puts NULLs by itself; the keys have said it already.
        key.set("nulls_first", bool(key.args.get("desc")))
    inner: exp.Expr = exp.Distinct(expressions=[value.copy()]) if distinct else value.copy()
    made: exp.Expr = called("LISTAGG", inner, node.args.get("separator") or exp.Literal.string(","))
    if keys:
        made = exp.WithinGroup(this=made, expression=exp.Order(expressions=keys))
    return w.sql("CASE WHEN COUNT(__v) > 0 THEN __l END", v=value, l=made)
