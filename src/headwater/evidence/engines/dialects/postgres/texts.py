"""PostgreSQL: text, its case and order, patterns, and JSON."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.letters import NEWEST
from headwater.evidence.engines.dialects.postgres.basics import TITLE, sql
from headwater.evidence.engines.dialects.regex import has_one_way
from headwater.evidence.engines.dialects.writing import (
    json_path,
    number,
    pattern,
    plain_path,
    refused,
    text_of,
)
from headwater.evidence.engines.families import family


def like(node: exp.Expr) -> exp.Expr:
    if isinstance(node.parent, exp.Escape):
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string(""))


def ilike(node: exp.Expr) -> exp.Expr:
    pair = [lower(exp.Lower(this=each.copy())) for each in (node.this, node.expression)]
    return exp.Escape(
        this=exp.Like(this=pair[0], expression=pair[1]), expression=exp.Literal.string("")
    )


def lower(node: exp.Expr) -> exp.Expr:
    """By Unicode's plain table of letters, whatever the database's language is.

    A column of another collation would mean its own table, and Turkish its own i.
    """
    value = node.this
    word = "LOWER" if isinstance(node, exp.Lower) else "UPPER"
    if word == "UPPER":
        # DuckDB has the capital of ß, the table has none.
        value = sql("TRANSLATE(__x, 'ß', 'ẞ')", x=value)
    # The outer collation keeps what is compared with it later from being of two orders.
    return sql(
        f'CASE WHEN __x ~ __r THEN CAST(CAST(\'a letter without a settled case\' || __x AS INTEGER)'
        f' AS TEXT) ELSE {word}(__v COLLATE "pg_c_utf8") END COLLATE "C"',
        x=node.this, v=value, r=exp.Literal.string(f"[{NEWEST}]"),
    )  # fmt: skip


def _regex(node: exp.Expr) -> str:
    text = pattern(node.expression, TITLE)
    if "." in text and "[^" in text:
        raise refused("A regular expression with both . and [^", TITLE, "Write [^...] for the dot.")
    return f"(?p){text}" if "." in text else text


def matches(node: exp.Expr) -> exp.Expr:
    return sql("__x ~ __p", x=node.this, p=exp.Literal.string(_regex(node)))


_ONE_WAY = "Write the pattern so that each character can be matched by one part of it only."


def regex_replaced(node: exp.Expr) -> exp.Expr:
    flags = text_of(node.args.get("modifiers")) or ""
    instead = text_of(node.args.get("replacement"))
    text = _regex(node)
    plain = text.removeprefix("(?p)")
    if flags not in ("", "g") or instead is None or "\\" in instead or not has_one_way(plain):
        raise refused("This regexp_replace", TITLE, f"{_ONE_WAY} Use the flag 'g' or none.")
    return sql(
        "REGEXP_REPLACE(__x, __p, __r, __f)", x=node.this, p=exp.Literal.string(text),
        r=exp.Literal.string(instead), f=exp.Literal.string(flags),
    )  # fmt: skip


def regex_extracted(node: exp.Expr) -> exp.Expr:
    group = node.args.get("group")
    place = 0 if group is None else number(group)
    text = pattern(node.expression, TITLE)
    flags = "(?p)" if "." in text else ""
    if place is None or not has_one_way(text) or (flags and "[^" in text):
        raise refused("This regexp_extract", TITLE, f"{_ONE_WAY} Give a plain number of a group.")
    return sql(
        f"CASE WHEN NOT __x IS NULL THEN COALESCE((REGEXP_MATCH(__x, __p))[{place + 1}], '') END",
        x=node.this, p=exp.Literal.string(f"{flags}({text})"),
    )  # fmt: skip


def json_text(node: exp.Expr) -> exp.Expr:
    assert isinstance(node, exp.JSONExtractScalar)  # noqa: S101 (by its place in the rules)
    steps = json_path(node, TITLE)
    path = exp.Literal.string("{" + ",".join(map(str, steps)) + "}")
    found = sql("CAST(__x AS JSONB) #> __p", x=node.this, p=path)
    # Text of a whole object is spaced another way, and 1.50 keeps its nought: fail, not differ.
    return sql(
        "CASE JSONB_TYPEOF(__v) "
        "WHEN 'object' THEN CAST(CAST('a JSON object as text' || __t AS INTEGER) AS TEXT) "
        "WHEN 'array' THEN CAST(CAST('a JSON array as text' || __t AS INTEGER) AS TEXT) "
        "WHEN 'number' THEN CASE WHEN __t ~ '^-?[0-9]+$' THEN __t "
        "ELSE CAST(CAST('a JSON fraction as text' || __t AS INTEGER) AS TEXT) END ELSE __t END",
        v=exp.Paren(this=found), t=sql("CAST(__x AS JSONB) #>> __p", x=node.this, p=path),
    )  # fmt: skip


def contains(node: exp.Expr) -> exp.Expr:
    if family(node.this) != "text":
        raise refused("contains on a list", TITLE, "Unnest the list and compare.")
    return sql("STRPOS(__x, __y) > 0", x=node.this, y=node.expression)


def ends(node: exp.Expr) -> exp.Expr:
    return sql("RIGHT(__x, LENGTH(__y)) = __y", x=node.this, y=node.expression)


def split(node: exp.Expr) -> exp.Expr:
    return sql(
        "CASE WHEN __x = '' THEN ARRAY[''] ELSE STRING_TO_ARRAY(__x, __y) END",
        x=node.this, y=node.expression,
    )  # fmt: skip


def json_length(values: list[exp.Expr]) -> exp.Expr:
    steps = plain_path(values[1], TITLE) if len(values) > 1 else []
    return sql(
        "CASE WHEN JSONB_TYPEOF(CAST(__x AS JSONB) #> __p) = 'array' "
        "THEN JSONB_ARRAY_LENGTH(CAST(__x AS JSONB) #> __p) "
        "WHEN NOT CAST(__x AS JSONB) #> __p IS NULL THEN 0 END",
        x=values[0], p=exp.Literal.string("{" + ",".join(map(str, steps)) + "}"),
    )  # fmt: skip


def positive(key: str, what: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        place = number(node.args.get(key))
        if place is None or place < 1:
            raise refused(f"{what} counted from the end", TITLE, "Use a plain number from 1 on.")
        return node

    return rule
