"""Snowflake: the nearest row in time, by its own ASOF join."""

from sqlglot import exp

from headwater.evidence.engines.dialects.warehouse.words import Words

_TURNED: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.GTE: exp.LTE,
    exp.GT: exp.LT,
    exp.LTE: exp.GTE,
    exp.LT: exp.GT,
}


def nearest(w: Words, tree: exp.Query) -> None:
    """Keys in ON, the comparison of times in MATCH_CONDITION, rows without a match taken out."""
    for join in list(tree.find_all(exp.Join)):
        if not join.args.get("method"):
            continue
        select, on = join.find_ancestor(exp.Select), join.args.get("on")
        owner = join.this.alias_or_name
        tests: list[exp.Expr] = list(on.flatten()) if isinstance(on, exp.And) else []
        times = [each for each in tests if type(each) in _TURNED]
        keys = [each for each in tests if isinstance(each, exp.EQ)]
        if select is None or len(times) != 1 or len(times) + len(keys) != len(tests):
            raise w.refusal("This ASOF join", "Compare one time of each table with >= .")
        early, match = _turned(times[0], owner)
        if early is None:
            raise w.refusal("This ASOF join", "Compare one time of each table with >= .")
        inner = str(join.args.get("side") or "").upper() != "LEFT"
        join.set("side", None)
        join.set("match_condition", match)
        join.set("on", exp.and_(*[each.copy() for each in keys]) if keys else None)
        if inner:
            select.where(exp.Not(this=exp.Is(this=early, expression=exp.null())), copy=False)


def _turned(test: exp.Expr, owner: str) -> tuple[exp.Expr | None, exp.Expr]:
    """The joined table's time, and the comparison with that time on its right."""
    if isinstance(test.expression, exp.Column) and test.expression.table == owner:
        return test.expression.copy(), test.copy()
    if isinstance(test.this, exp.Column) and test.this.table == owner:
        turned = _TURNED[type(test)](this=test.expression.copy(), expression=test.this.copy())
        return test.this.copy(), turned
    return None, test
