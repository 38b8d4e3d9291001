"""BigQuery: patterns by RE2, as DuckDB's own, but with one group at most; LIKE with backslashes."""

from sqlglot import exp

from headwater.evidence.engines.dialects.warehouse import texts
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called, text_of


def like(w: Words, node: exp.Expr) -> exp.Expr:
    """A backslash always escapes here, and there is no other way to."""
    if isinstance(node.parent, exp.Escape):
        return node
    plain, one = text_of(node.expression), exp.Literal.string("\\")
    made: exp.Expr = called("REPLACE", node.expression, one, exp.Literal.string("\\\\"))
    if plain is not None:
        made = exp.Literal.string(plain.replace("\\", "\\\\"))
    node.set("expression", made)
    return node


def escaped(w: Words, node: exp.Expr) -> exp.Expr:
    """LIKE … ESCAPE by this engine's only escape."""
    test, sign = node.this, text_of(node.expression)
    plain = text_of(test.expression)
    if not isinstance(test, exp.Like) or plain is None or sign is None or len(sign) != 1:
        raise w.refusal("This LIKE", "Write a plain pattern, and one sign to escape with.")
    made, place = "", 0
    while place < len(plain):
        if plain[place] == sign and place + 1 < len(plain):
            place += 1
            made += "\\" + plain[place]
        else:
            made += "\\\\" if plain[place] == "\\" else plain[place]
        place += 1
    return exp.Like(this=test.this.copy(), expression=exp.Literal.string(made))


def concat_ws(w: Words, node: exp.Expr) -> exp.Expr:
    separator, *parts = texts.texts_only(w, node)
    listed = exp.Array(expressions=[each.copy() for each in parts])
    return called("ARRAY_TO_STRING", listed, separator)


def split_part(w: Words, node: exp.Expr) -> exp.Expr:
    texts.positive("part_index", "split_part", w, node)
    by = texts.plain_delimiter(w, node.args.get("delimiter"), "split_part")
    place = int(node.args["part_index"].name) - 1
    found = w.sql(f"SPLIT(__x, __d)[SAFE_OFFSET({place})]", x=node.this, d=by)
    return texts.or_empty(w, found, node.this)


def hashed(w: Words, node: exp.Expr) -> exp.Expr:
    return w.sql("TO_HEX(MD5(__x))", x=node.this)


def regex_replaced(w: Words, node: exp.Expr) -> exp.Expr:
    text, instead, every = texts.replacement(w, node)
    if not every:
        text, instead = texts.first_only(text, instead, "\\")
    values = exp.Literal.string(text), exp.Literal.string(instead)
    return called("REGEXP_REPLACE", node.this, *values)


def regex_extracted(w: Words, node: exp.Expr) -> exp.Expr:
    """Only the asked group stays one; without any the whole match is given."""
    group, text = texts.group_of(w, node), texts.anchored(w, node.expression)
    opened = texts.groups(text)
    for count, place in reversed(list(enumerate(opened, start=1))):
        if count != group:
            text = f"{text[:place]}(?:{text[place + 1 :]}"
    found = called("REGEXP_EXTRACT", node.this, exp.Literal.string(text))
    return texts.or_empty(w, found, node.this)
