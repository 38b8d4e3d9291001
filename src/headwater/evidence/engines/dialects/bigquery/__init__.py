"""BigQuery (GoogleSQL): DATETIME for times without zone, BIGNUMERIC for exact decimals."""

from functools import partial

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.dialects.bigquery.aggregates import quantile, text_list_sorted
from headwater.evidence.engines.dialects.bigquery.shapes import (
    fenced,
    interval_frames,
    no_trailing_offset,
)
from headwater.evidence.engines.dialects.bigquery.texts import (
    concat_ws,
    escaped,
    hashed,
    like,
    regex_extracted,
    regex_replaced,
    split_part,
)
from headwater.evidence.engines.dialects.warehouse import casts, numbers, shapes
from headwater.evidence.engines.dialects.warehouse.rules import shared_rules, steps
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called
from headwater.evidence.engines.families import _decimal_scale as decimal_scale
from headwater.evidence.engines.families import family

WORDS = Words(
    title="BigQuery",
    sqlglot="bigquery",
    whole="INT64",
    double="FLOAT64",
    text="STRING",
    moment="DATETIME",
    fail="ERROR('{why}')",
    try_whole="SAFE_CAST(TRIM(__x) AS INT64)",
    try_date="SAFE_CAST(__x AS DATE)",
    truncated="DATETIME_TRUNC(__x, {unit})",
    moved="DATETIME_ADD(__x, INTERVAL __n {unit})",
    # Both ends are cut first, so that it does not matter what the difference counts.
    boundaries="DATETIME_DIFF(DATETIME_TRUNC(__b, {unit}), DATETIME_TRUNC(__a, {unit}), {unit})",
    epoch="UNIX_MICROS(TIMESTAMP(__x, 'UTC')) / 1000000",
    local="DATETIME(TIMESTAMP(__x, 'UTC'), __z)",
    moment_text="RTRIM(RTRIM(FORMAT_DATETIME('%Y-%m-%d %H:%M:%E6S', __x), '0'), '.')",
    formatted="FORMAT_DATETIME(__f, __x)",
    codes={each: f"%{each}" for each in "Y m d H M S y j B b A a".split()},
    parts={"year": "EXTRACT(YEAR FROM __x)", "month": "EXTRACT(MONTH FROM __x)",
           "day": "EXTRACT(DAY FROM __x)", "hour": "EXTRACT(HOUR FROM __x)",
           "minute": "EXTRACT(MINUTE FROM __x)", "second": "EXTRACT(SECOND FROM __x)",
           "quarter": "EXTRACT(QUARTER FROM __x)", "week": "EXTRACT(ISOWEEK FROM __x)",
           "isoyear": "EXTRACT(ISOYEAR FROM __x)", "doy": "EXTRACT(DAYOFYEAR FROM __x)",
           "isodow": "MOD(EXTRACT(DAYOFWEEK FROM __x) + 5, 7) + 1",
           "dow": "EXTRACT(DAYOFWEEK FROM __x) - 1"},
    day_name="FORMAT_DATETIME('%A', __x)",
    month_name="FORMAT_DATETIME('%B', __x)",
    unnest="CROSS JOIN UNNEST(__x) AS hw_v",
    unnested="hw_v",
    series=(
        "ARRAY(SELECT DATETIME(hw_t, 'UTC') FROM UNNEST(GENERATE_TIMESTAMP_ARRAY("
        "TIMESTAMP(__a, 'UTC'), TIMESTAMP(__b, 'UTC'), INTERVAL __n {unit})) AS hw_t)"
    ),
    matches="REGEXP_CONTAINS(__x, __p)",
    fits="REGEXP_CONTAINS(__x, __p)",
    json_node="JSON_QUERY(PARSE_JSON(__x), __p)",
    json_text="TO_JSON_STRING(__v)",
    json_scalar="JSON_VALUE(PARSE_JSON(__x), __p)",
    json_length="ARRAY_LENGTH(JSON_QUERY_ARRAY(PARSE_JSON(__x), __p))",
    json_valid="NOT SAFE.PARSE_JSON(__x) IS NULL",
    units={"week": "WEEK(MONDAY)"},
)  # fmt: skip


def _divided(w: Words, node: exp.Expr) -> exp.Expr:
    return called("IEEE_DIVIDE", numbers.double(w, node.this), numbers.double(w, node.expression))


def _whole_division(w: Words, node: exp.Expr) -> exp.Expr:
    numbers.whole_only(w, node)
    return called("DIV", node.this, node.expression)


def _cast(w: Words, node: exp.Expr) -> exp.Expr:
    """Decimals without their nine places, and with them written out where they become text."""
    to, given = node.args["to"].this.value, family(node.this)
    if given == "decimal" and to in ("TEXT", "VARCHAR"):
        places = decimal_scale(node.this)
        if places is None:
            raise w.refusal("This decimal as text", "Cast it to DECIMAL(p, s) first.")
        return w.sql(f"FORMAT('%.{places}f', __x)", x=node.this)
    made = casts.cast(w, node)
    return _decimal(w, node) if to == "DECIMAL" else made


def _decimal(w: Words, node: exp.Expr) -> exp.Expr:
    """A decimal by its digits: a number with a point would be a double first."""
    value = node.this
    digits = isinstance(value, exp.Literal) and not value.is_string
    made = w.sql("CAST(__x AS BIGNUMERIC)", x=exp.Literal.string(value.name) if digits else value)
    sizes = node.args["to"].expressions
    if not digits and family(value) not in ("int", "null") and len(sizes) == 2:
        made = w.sql("ROUND(__x, __s)", x=made, s=sizes[1].this)
    made.type = node.type
    return made


_OWN = {
    exp.Div: _divided, exp.IntDiv: _whole_division, exp.Cast: _cast, exp.Like: like,
    exp.Escape: escaped, exp.ConcatWs: concat_ws, exp.SplitPart: split_part,
    exp.RegexpReplace: regex_replaced, exp.RegexpExtract: regex_extracted, exp.MD5: hashed,
    exp.PercentileCont: quantile, exp.Median: quantile, exp.PercentileDisc: quantile,
    exp.GroupConcat: text_list_sorted, exp.Window: interval_frames,
    exp.Contains: lambda w, node: w.sql("STRPOS(__x, __y) > 0", x=node.this, y=node.expression),
    exp.EndsWith: lambda w, node: called("ENDS_WITH", node.this, node.expression),
}  # fmt: skip
BIGQUERY = Dialect(
    name="bigquery",
    title=WORDS.title,
    sqlglot=WORDS.sqlglot,
    placeholder="?",
    before=steps(
        WORDS, shapes.no_nearest, shapes.no_lateral, shapes.filters_inside, fenced,
        no_trailing_offset,
    ),
    rules={**shared_rules(WORDS), **{kind: partial(rule, WORDS) for kind, rule in _OWN.items()}},
)  # fmt: skip
