"""Warehouses: which rule belongs to which class of the tree, for an engine's own words."""

from collections.abc import Callable
from functools import partial

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.warehouse import casts, numbers, shapes, texts, times
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import OURS

# Intervals are read where they are added.
_ADDED = frozenset("to_seconds to_minutes to_hours to_weeks to_months to_years".split())


def shared_rules(w: Words) -> dict[type[exp.Expr], Rule]:
    """The rules that every warehouse needs; an engine puts its own in their place."""
    whole: dict[type[exp.Expr], Callable[[Words, exp.Expr], exp.Expr]] = {
        exp.Div: numbers.divided, exp.Mod: numbers.remainder, exp.Round: numbers.rounded,
        exp.Floor: numbers.floor, exp.Ceil: numbers.floor, exp.Sqrt: numbers.floats,
        exp.Ln: numbers.floats, exp.Exp: numbers.floats, exp.Pow: numbers.floats,
        exp.Greatest: numbers.extreme_of_several, exp.Least: numbers.extreme_of_several,
        exp.Case: numbers.alike, exp.If: numbers.alike, exp.Coalesce: numbers.alike,
        exp.Lower: texts.cased, exp.Upper: texts.cased, exp.ILike: texts.ilike,
        exp.Trim: texts.trimmed, exp.Concat: texts.joined,
        exp.Replace: texts.replaced, exp.Split: texts.split, exp.RegexpLike: texts.matches,
        exp.JSONExtractScalar: texts.json_text, exp.Cast: casts.cast,
        exp.TryCast: casts.try_cast, exp.DateDiff: times.difference, exp.Extract: times.part,
        exp.DayOfWeek: times.weekday, exp.TimeToUnix: times.epoch,
        exp.TimestampTrunc: times.truncated, exp.DateTrunc: times.truncated,
        exp.DateBin: times.bucket, exp.TimeToStr: times.strftime, exp.Dayname: times.name_of,
        exp.Monthname: times.name_of, exp.Add: times.joined_time, exp.Sub: times.joined_time,
        exp.EQ: times.compared, exp.NEQ: times.compared, exp.LT: times.compared,
        exp.LTE: times.compared, exp.GT: times.compared, exp.GTE: times.compared,
        exp.GenerateSeries: times.series, exp.IgnoreNulls: shapes.any_value,
        exp.Max: shapes.extreme, exp.Min: shapes.extreme, exp.ArgMax: shapes.latest,
        exp.ArgMin: shapes.latest, exp.Is: shapes.is_boolean, exp.Window: shapes.framed,
        exp.ArrayAgg: shapes.no_list, exp.PercentileDisc: shapes.no_discrete,
        exp.Anonymous: named,
        exp.SplitPart: partial(texts.positive, "part_index", "split_part"),
        exp.Substring: partial(texts.positive, "start", "substr"),
        exp.Left: texts.first_letters,
        exp.Right: partial(texts.positive, "expression", "right"),
    }  # fmt: skip
    return {kind: partial(rule, w) for kind, rule in whole.items()}


def named(w: Words, node: exp.Expr) -> exp.Expr:
    """What the parser knows by its bare name only. Raises QueryRefused for what we do not."""
    name, values = node.name.lower(), node.expressions
    if name == "json_array_length":
        return texts.json_length(w, values)
    if name == "json_valid":
        return w.sql(f"CASE WHEN NOT __x IS NULL THEN {w.json_valid} END", x=values[0])
    if name == "suffix":
        made = exp.EndsWith(this=values[0].copy(), expression=values[1].copy())
        return ends(w, made)
    if name in _ADDED or node.meta.get(OURS):
        return node
    raise w.refusal(name, "See docs/evidence-engines.md.")


def ends(w: Words, node: exp.Expr) -> exp.Expr:
    """Whether a text ends with another, by plain lengths."""
    return w.sql(
        "LENGTH(__y) <= LENGTH(__x) AND SUBSTR(__x, LENGTH(__x) - LENGTH(__y) + 1) = __y",
        x=node.this, y=node.expression,
    )  # fmt: skip


Step = Callable[[Words, exp.Query], None]


def steps(w: Words, *first: Step) -> tuple[Callable[[exp.Query], None], ...]:
    """The passes over a whole tree, an engine's own ones first."""
    usual: tuple[Step, ...] = (
        shapes.lists_as_rows, shapes.order_by_results, times.zones, numbers.spreads
    )  # fmt: skip
    return tuple(partial(step, w) for step in (*first, *usual))
