"""ClickHouse: text, its case, patterns, and JSON."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.clickhouse.basics import TITLE, call, sql, unless
from headwater.evidence.engines.dialects.letters import DEPENDING, NEWEST, SEVERAL
from headwater.evidence.engines.dialects.writing import json_path, number, pattern, refused, text_of
from headwater.evidence.engines.families import family


def cased(node: exp.Expr) -> exp.Expr:
    value = node.this
    if isinstance(node, exp.Lower):
        risky, made = DEPENDING + NEWEST, call("lowerUTF8", value)
    else:
        # DuckDB has a capital of ß, the full rules have SS.
        plain = call("replaceAll", value, exp.Literal.string("ß"), exp.Literal.string("ẞ"))
        risky, made = SEVERAL.replace("ß", "") + NEWEST, call("upperUTF8", plain)
    bad = call("match", value, exp.Literal.string(f"[{risky}]"))
    return unless(bad, "a letter whose case is settled otherwise here", made)


def length(node: exp.Expr) -> exp.Expr:
    if family(node.this) != "text":
        raise refused("The length of a list", TITLE, "Use count.")
    return call("lengthUTF8", node.this)


def matches(node: exp.Expr) -> exp.Expr:
    text = pattern(node.expression, TITLE)
    if "." in text:
        text = f"(?-s){text}"
    return exp.EQ(
        this=call("match", node.this, exp.Literal.string(text)), expression=exp.Literal.number(1)
    )


def like(node: exp.Expr) -> exp.Expr:
    if isinstance(node.parent, exp.Escape):
        return node
    text = text_of(node.expression)
    if text is None:
        raise refused("LIKE with a pattern that is no plain text", TITLE, "Use contains.")
    node.set("expression", exp.Literal.string(text.replace("\\", "\\\\")))
    return node


def escaped(node: exp.Expr) -> exp.Expr:
    """LIKE with an escape character of its own, as the one escape that there is here."""
    inner: exp.Expr = node.this
    sign = text_of(node.expression)
    text = text_of(inner.expression) if isinstance(inner, exp.Like) else None
    if text is None or not sign or len(sign) != 1:
        raise refused("This LIKE with ESCAPE", TITLE, "Use starts_with or contains.")
    made, at = "", 0
    while at < len(text):
        if text[at] == sign and at + 1 < len(text):
            at += 1
            made += "\\" + text[at] if text[at] in "%_\\" else text[at]
        else:
            made += "\\\\" if text[at] == "\\" else text[at]
        at += 1
    inner.set("expression", exp.Literal.string(made))
    return inner


def split_part(node: exp.Expr) -> exp.Expr:
    by, place = text_of(node.args["delimiter"]), number(node.args["part_index"])
    if not by or place is None or place < 1:
        raise refused("This split_part", TITLE, "Use plain text and a plain number from 1 on.")
    parts = call("splitByString", exp.Literal.string(by), call("assumeNotNull", node.this))
    part = call("arrayElement", parts, exp.Literal.number(place))
    return sql("CASE WHEN NOT __x IS NULL THEN __p END", x=node.this, p=part)


def extracted(node: exp.Expr) -> exp.Expr:
    """The engine's expressions are DuckDB's own; only the dot meets line breaks here."""
    group = node.args.get("group")
    place = 0 if group is None else number(group)
    if place is None or node.args.get("parameters"):
        raise refused("This regexp_extract", TITLE, "Use a plain number of a group and no flags.")
    text = f"(?-s){pattern(node.expression, TITLE)}"
    return call("regexpExtract", node.this, exp.Literal.string(text), exp.Literal.number(place))


def compared(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        return exp.EQ(this=call(name, node.this, node.expression), expression=exp.Literal.number(1))

    return rule


def contains(node: exp.Expr) -> exp.Expr:
    return exp.GT(
        this=call("position", node.this, node.expression), expression=exp.Literal.number(0)
    )


def positive(key: str, name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        place = number(node.args.get(key))
        if place is None or place < 1:
            raise refused(f"{name} counted from the end", TITLE, "Use a plain number from 1 on.")
        rest = [each for each in (node.args.get("length"),) if each is not None]
        return call(name, node.this, node.args[key], *rest)

    return rule


def json_text(node: exp.Expr) -> exp.Expr:
    assert isinstance(node, exp.JSONExtractScalar)  # noqa: S101 (by its place in the rules)
    steps = [
        exp.Literal.number(step + 1) if isinstance(step, int) else exp.Literal.string(step)
        for step in json_path(node, TITLE)
    ]
    kind = call("toString", call("JSONType", node.this, *steps))
    bad = sql(
        "__v = 0 OR __k IN ('Double', 'Array', 'Object')",
        v=call("isValidJSON", node.this), k=kind,
    )  # fmt: skip
    value = sql(
        "CASE WHEN __k = 'String' THEN __s WHEN __k <> 'Null' THEN __r END", k=kind,
        s=call("JSONExtractString", node.this, *steps), r=call("JSONExtractRaw", node.this, *steps),
    )  # fmt: skip
    return unless(bad, "a JSON fraction, object or array as text", value)
