"""Snowflake: NUMBER, TIMESTAMP_NTZ and VARIANT; the session sets the zone and the week's start."""

from functools import partial

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.dialects.snowflake.joins import nearest
from headwater.evidence.engines.dialects.snowflake.texts import (
    concat_ws,
    matches,
    regex_extracted,
    regex_replaced,
    text_list_sorted,
)
from headwater.evidence.engines.dialects.warehouse import numbers, shapes
from headwater.evidence.engines.dialects.warehouse.rules import shared_rules, steps
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called
from headwater.evidence.engines.families import _decimal_scale as decimal_scale
from headwater.evidence.engines.families import family

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
# A product keeps twelve places at most unless one of its factors has more.
_PLACES = 12
WORDS = Words(
    title="Snowflake",
    sqlglot="snowflake",
    whole="BIGINT",
    double="DOUBLE",
    text="VARCHAR",
    moment="TIMESTAMP_NTZ",
    fail="CAST('{why}: ' || __x AS BIGINT)",
    try_whole="TRY_CAST(TRIM(__x) AS BIGINT)",
    try_date="TRY_TO_DATE(__x, 'YYYY-MM-DD')",
    truncated="DATE_TRUNC('{unit}', __x)",
    moved="DATEADD({unit}, __n, __x)",
    boundaries="DATEDIFF({unit}, __a, __b)",
    epoch="CAST(DATE_PART(EPOCH_MICROSECOND, __x) AS DOUBLE) / 1000000",
    local="CONVERT_TIMEZONE('UTC', __z, __x)",
    moment_text="RTRIM(RTRIM(TO_VARCHAR(__x, 'YYYY-MM-DD HH24:MI:SS.FF6'), '0'), '.')",
    formatted="TO_VARCHAR(__x, __f)",
    codes={"Y": "YYYY", "m": "MM", "d": "DD", "H": "HH24", "M": "MI", "S": "SS", "y": "YY",
           "B": "MMMM", "b": "MON", "a": "DY"},
    quote='"',
    parts={"year": "YEAR(__x)", "month": "MONTH(__x)", "day": "DAY(__x)", "hour": "HOUR(__x)",
           "minute": "MINUTE(__x)", "second": "SECOND(__x)", "quarter": "QUARTER(__x)",
           "week": "WEEKISO(__x)", "isoyear": "YEAROFWEEKISO(__x)", "doy": "DAYOFYEAR(__x)",
           "isodow": "DAYOFWEEKISO(__x)", "dow": "MOD(DAYOFWEEKISO(__x), 7)"},
    day_name=(
        "CASE DAYOFWEEKISO(__x) "
        + " ".join(f"WHEN {place} THEN '{day}'" for place, day in enumerate(_DAYS, start=1))
        + " END"
    ),
    month_name="TO_VARCHAR(__x, 'MMMM')",
    unnest=", LATERAL FLATTEN(INPUT => __x) AS hw_u",
    unnested="CAST(hw_u.VALUE AS VARCHAR)",
    unnested_moment=(
        "DATEADD(MICROSECOND, CAST(hw_u.VALUE AS BIGINT), CAST('1970-01-01' AS TIMESTAMP_NTZ))"
    ),
    series=(
        "ARRAY_GENERATE_RANGE(DATE_PART(EPOCH_MICROSECOND, __a), "
        "DATE_PART(EPOCH_MICROSECOND, __b) + 1, {seconds}000000)"
    ),
    matches="REGEXP_INSTR(__x, __p) > 0",
    fits="REGEXP_LIKE(__x, __p)",
    json_node="GET_PATH(PARSE_JSON(__x), __p)",
    json_text="TO_JSON(__v)",
    json_scalar="CAST(__v AS VARCHAR)",
    json_length="ARRAY_SIZE(__v)",
    json_valid="NOT TRY_PARSE_JSON(__x) IS NULL",
    json_root="",
    boundless=True,
)  # fmt: skip


def _whole_division(w: Words, node: exp.Expr) -> exp.Expr:
    """What is left is taken away first, for a quotient is rounded to six places."""
    numbers.whole_only(w, node)
    return w.sql("CAST((__a - MOD(__a, __b)) / __b AS BIGINT)", a=node.this, b=node.expression)


def _product(w: Words, node: exp.Expr) -> exp.Expr:
    if family(node) != "decimal":
        return node
    scale = decimal_scale(node)
    if scale is None or scale > _PLACES:
        raise w.refusal("A product of decimals with many places", "Round them, or CAST to DOUBLE.")
    return node


def _quantile(w: Words, node: exp.Expr) -> exp.Expr:
    """Exact; the argument is a double by now, for of a NUMBER three places are kept."""
    word = "PERCENTILE_DISC" if isinstance(node, exp.PercentileDisc) else "PERCENTILE_CONT"
    return w.sql(
        f"{word}(__q) WITHIN GROUP (ORDER BY __x)", q=shapes.share_of(w, node), x=node.this
    )


_OWN = {
    exp.IntDiv: _whole_division, exp.Mul: _product, exp.PercentileCont: _quantile,
    exp.Median: _quantile, exp.PercentileDisc: _quantile, exp.ConcatWs: concat_ws,
    exp.RegexpLike: matches, exp.RegexpReplace: regex_replaced,
    exp.RegexpExtract: regex_extracted, exp.GroupConcat: text_list_sorted,
    exp.Contains: lambda w, node: called("CONTAINS", node.this, node.expression),
    exp.EndsWith: lambda w, node: called("ENDSWITH", node.this, node.expression),
    exp.StartsWith: lambda w, node: called("STARTSWITH", node.this, node.expression),
}  # fmt: skip
SNOWFLAKE = Dialect(
    name="snowflake",
    title=WORDS.title,
    sqlglot=WORDS.sqlglot,
    placeholder="?",
    before=steps(WORDS, nearest, shapes.no_lateral, shapes.filters_inside),
    rules={**shared_rules(WORDS), **{kind: partial(rule, WORDS) for kind, rule in _OWN.items()}},
)
