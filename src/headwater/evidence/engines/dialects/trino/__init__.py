"""Trino 4xx: exact, standard and strict; what it lacks is written out by lists and lambdas."""

from functools import partial

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.dialects.trino.lists import quantile, text_lists
from headwater.evidence.engines.dialects.warehouse import numbers, shapes, texts
from headwater.evidence.engines.dialects.warehouse.rules import ends, shared_rules, steps
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called, number

WORDS = Words(
    title="Trino",
    sqlglot="trino",
    whole="BIGINT",
    double="DOUBLE",
    text="VARCHAR",
    moment="TIMESTAMP(6)",
    fail="CAST('{why}: ' || __x AS BIGINT)",
    try_whole="TRY_CAST(TRIM(__x) AS BIGINT)",
    try_date="TRY_CAST(__x AS DATE)",
    truncated="DATE_TRUNC('{unit}', __x)",
    moved="DATE_ADD('{unit}', __n, __x)",
    # date_diff counts what has gone by, so both ends are cut first.
    boundaries="DATE_DIFF('{unit}', DATE_TRUNC('{unit}', __a), DATE_TRUNC('{unit}', __b))",
    epoch="TO_UNIXTIME(WITH_TIMEZONE(__x, 'UTC'))",
    local="CAST(AT_TIMEZONE(WITH_TIMEZONE(__x, 'UTC'), __z) AS TIMESTAMP(6))",
    moment_text=(
        "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM "
        "CAST(CAST(__x AS TIMESTAMP(6)) AS VARCHAR)))"
    ),
    formatted="DATE_FORMAT(__x, __f)",
    codes={"Y": "%Y", "m": "%m", "d": "%d", "H": "%H", "M": "%i", "S": "%s", "y": "%y",
           "j": "%j", "B": "%M", "b": "%b", "A": "%W", "a": "%a", "-d": "%e", "-m": "%c"},
    parts={"year": "YEAR(__x)", "month": "MONTH(__x)", "day": "DAY(__x)", "hour": "HOUR(__x)",
           "minute": "MINUTE(__x)", "second": "SECOND(__x)", "quarter": "QUARTER(__x)",
           "week": "WEEK(__x)", "isoyear": "YEAR_OF_WEEK(__x)", "doy": "DAY_OF_YEAR(__x)",
           "isodow": "DAY_OF_WEEK(__x)", "dow": "MOD(DAY_OF_WEEK(__x), 7)"},
    day_name="DATE_FORMAT(__x, '%W')",
    month_name="DATE_FORMAT(__x, '%M')",
    unnest="CROSS JOIN UNNEST(__x) AS hw_u(hw_v)",
    unnested="hw_u.hw_v",
    series="SEQUENCE(__a, __b, INTERVAL '{count}' {unit})",
    matches="REGEXP_LIKE(__x, __p)",
    fits="REGEXP_LIKE(__x, __p)",
    json_node="JSON_EXTRACT(JSON_PARSE(__x), __p)",
    json_text="JSON_FORMAT(__v)",
    json_scalar="JSON_EXTRACT_SCALAR(JSON_PARSE(__x), __p)",
    json_length="JSON_ARRAY_LENGTH(__v)",
    json_valid="NOT TRY(JSON_PARSE(__x)) IS NULL",
    units={each: each for each in "second minute hour day week month quarter year".split()},
    begin="\\A",
    end="\\z",
)  # fmt: skip


def _divided(w: Words, node: exp.Expr) -> exp.Expr:
    """Doubles are divided by zero as IEEE says, as in DuckDB."""
    return w.sql("__a / __b", a=numbers.double(w, node.this), b=numbers.double(w, node.expression))


def _whole_division(w: Words, node: exp.Expr) -> exp.Expr:
    numbers.whole_only(w, node)
    return w.sql("__a / __b", a=node.this, b=node.expression)


def _left(w: Words, node: exp.Expr) -> exp.Expr:
    made = texts.first_letters(w, node)
    return w.sql("SUBSTR(__x, 1, __n)", x=node.this, n=node.expression) if made is node else made


def _right(w: Words, node: exp.Expr) -> exp.Expr:
    texts.positive("expression", "right", w, node)
    return w.sql("SUBSTR(__x, GREATEST(LENGTH(__x) - __n + 1, 1))", x=node.this, n=node.expression)


def _split_part(w: Words, node: exp.Expr) -> exp.Expr:
    texts.positive("part_index", "split_part", w, node)
    texts.plain_delimiter(w, node.args.get("delimiter"), "split_part")
    found = called("SPLIT_PART", node.this, node.args["delimiter"], node.args["part_index"])
    return texts.or_empty(w, found, node.this)


def _regex_replaced(w: Words, node: exp.Expr) -> exp.Expr:
    text, instead, every = texts.replacement(w, node)
    if not every:
        text, instead = texts.first_only(text, instead, "$")
    values = exp.Literal.string(text), exp.Literal.string(instead)
    return called("REGEXP_REPLACE", node.this, *values)


def _regex_extracted(w: Words, node: exp.Expr) -> exp.Expr:
    group, text = texts.group_of(w, node), texts.anchored(w, node.expression)
    values = exp.Literal.string(text), exp.Literal.number(group)
    found = called("REGEXP_EXTRACT", node.this, *values)
    return texts.or_empty(w, found, node.this)


def _repeated(w: Words, node: exp.Expr) -> exp.Expr:
    """repeat makes a list here; padding nothing with the text repeats it."""
    times = number(node.args.get("times"))
    if times is None:
        raise w.refusal("repeat by what is no plain number", "Write the number.")
    return w.sql("RPAD('', LENGTH(__x) * __n, __x)", x=node.this, n=node.args["times"])


def _contains(w: Words, node: exp.Expr) -> exp.Expr:
    return w.sql("STRPOS(__x, __y) > 0", x=node.this, y=node.expression)


def _hash(w: Words, node: exp.Expr) -> exp.Expr:
    return w.sql("LOWER(TO_HEX(MD5(TO_UTF8(__x))))", x=node.this)


_OWN = {
    exp.Div: _divided, exp.IntDiv: _whole_division, exp.Left: _left, exp.Right: _right,
    exp.SplitPart: _split_part, exp.RegexpReplace: _regex_replaced,
    exp.RegexpExtract: _regex_extracted, exp.Repeat: _repeated, exp.Contains: _contains,
    exp.EndsWith: ends, exp.MD5: _hash, exp.PercentileCont: quantile, exp.Median: quantile,
    exp.PercentileDisc: quantile,
}  # fmt: skip
TRINO = Dialect(
    name="trino",
    title=WORDS.title,
    sqlglot=WORDS.sqlglot,
    placeholder="?",
    before=steps(WORDS, shapes.no_nearest, text_lists),
    rules={**shared_rules(WORDS), **{kind: partial(rule, WORDS) for kind, rule in _OWN.items()}},
)
