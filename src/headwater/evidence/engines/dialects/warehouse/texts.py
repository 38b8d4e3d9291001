"""Warehouses: text, its case, patterns, and JSON."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects.letters import DEPENDING, NEWER, NEWEST, SEVERAL
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import (
    json_path,
    number,
    pattern,
    plain_path,
    text_of,
)
from headwater.evidence.engines.families import family

UPPER_RISKS = "".join(sorted({*SEVERAL, *NEWER, *NEWEST}))
LOWER_RISKS = "".join(sorted({*DEPENDING, *NEWER, *NEWEST}))
# What DuckDB's trim takes away: every space of Unicode, no tab and no line break.
SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"  # noqa: E501

# Shapes of JSON that engines write each in their way, and numbers too long for a double.
_UNSAFE = r"^(\{|\[|-?[0-9]+[.eE]|-?[0-9]{16})"


def cased(w: Words, node: exp.Expr) -> exp.Expr:
    """Letters that engines change each in their own way make the query fail, not differ."""
    word, risky = ("LOWER", LOWER_RISKS) if isinstance(node, exp.Lower) else ("UPPER", UPPER_RISKS)
    failed = w.failing(f"{word.lower()} of a letter without a settled case", w.text)
    return w.sql(
        f"CASE WHEN TRANSLATE(__x, __r, '') <> __x THEN {failed} ELSE {word}(__x) END",
        x=node.this, r=exp.Literal.string(risky),
    )  # fmt: skip


def ilike(w: Words, node: exp.Expr) -> exp.Expr:
    text = text_of(node.expression)
    if text is None or "\\" in text:
        raise w.refusal("This ILIKE", "Write a plain pattern without a backslash.")
    pair = [cased(w, exp.Lower(this=each.copy())) for each in (node.this, node.expression)]
    return exp.Like(this=pair[0], expression=pair[1])


def trimmed(w: Words, node: exp.Expr) -> exp.Expr:
    """Trims DuckDB's spaces; engines disagree on what a blank is."""
    if node.args.get("expression") is not None:
        raise w.refusal("trim of given characters", "Use replace.")
    node.set("expression", exp.Literal.string(SPACES))
    if not node.args.get("position"):
        node.set("position", "BOTH")
    return node


def positive(key: str, what: str, w: Words, node: exp.Expr) -> exp.Expr:
    place = number(node.args.get(key))
    if place is None or place < 1:
        raise w.refusal(f"{what} counted from the end", "Use a plain number from 1 on.")
    return node


def first_letters(w: Words, node: exp.Expr) -> exp.Expr:
    """left by a plain number, or by one that fails where it is negative: from the end in DuckDB."""
    plain = isinstance(node.expression.unnest(), exp.Literal | exp.Neg)
    if plain or family(node.expression) != "int":
        return positive("expression", "left", w, node)
    failed = w.failing("left counted from the end", w.text)
    return w.sql(
        f"CASE WHEN __n < 0 THEN {failed} ELSE SUBSTR(__x, 1, __n) END",
        x=node.this, n=node.expression,
    )  # fmt: skip


def plain_delimiter(w: Words, node: exp.Expr | None, what: str) -> exp.Expr:
    """A delimiter that cannot be empty. Raises QueryRefused."""
    if node is None or not text_of(node):
        raise w.refusal(f"{what} by what is no plain text", "Write the text to look for.")
    return node


def replaced(w: Words, node: exp.Expr) -> exp.Expr:
    plain_delimiter(w, node.expression, "replace")
    return node


def split(w: Words, node: exp.Expr) -> exp.Expr:
    plain_delimiter(w, node.expression, "string_split")
    return node


def texts_only(w: Words, node: exp.Expr) -> list[exp.Expr]:
    """The parts of a concat. Raises QueryRefused where one is no text."""
    parts = list(node.expressions)
    if any(family(each) not in ("text", "null") for each in parts):
        raise w.refusal("concat of what is no text", "Cast each part to VARCHAR.")
    return parts


def joined(w: Words, node: exp.Expr) -> exp.Expr:
    """concat passes over NULL."""
    parts = [w.sql("COALESCE(__x, '')", x=each) for each in texts_only(w, node)]
    made = parts[0]
    for part in parts[1:]:
        made = exp.DPipe(this=made, expression=part, safe=True)
    return exp.Paren(this=made) if len(parts) > 1 else made


def anchored(w: Words, node: exp.Expr | None) -> str:
    """A pattern whose ^ and $ mean the ends of the text. Raises QueryRefused for one inside."""
    text = pattern(node, w.title)
    bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", text)
    if "^" in bare.removeprefix("^") or "$" in bare.removesuffix("$"):
        raise w.refusal("A regular expression with ^ or $ inside", "Use them at its ends only.")
    if bare.startswith("^"):
        text = w.begin + text[1:]
    if bare.endswith("$"):
        text = text[:-1] + w.end
    return text


def matches(w: Words, node: exp.Expr) -> exp.Expr:
    return w.sql(w.matches, x=node.this, p=exp.Literal.string(anchored(w, node.expression)))


def replacement(w: Words, node: exp.Expr) -> tuple[str, str, bool]:
    """Pattern, plain replacement, and whether every match is meant. Raises QueryRefused."""
    flags = text_of(node.args.get("modifiers")) or ""
    instead = text_of(node.args.get("replacement"))
    text = anchored(w, node.expression)
    if flags not in ("", "g") or instead is None or "\\" in instead or "$" in instead:
        raise w.refusal("This regexp_replace", "Use plain text, and the flag 'g' or none.")
    if re.search(pattern(node.expression, w.title), ""):
        raise w.refusal("regexp_replace of nothing", "Write a pattern that needs a character.")
    return text, instead, flags == "g"


def groups(text: str) -> list[int]:
    """Where the groups of a pattern open."""
    hidden = re.sub(r"\\.|\[\^?\]?[^\]]*\]", lambda found: "." * len(found[0]), text)
    return [place for place, sign in enumerate(hidden) if sign == "("]


def first_only(text: str, instead: str, back: str) -> tuple[str, str]:
    """A pattern over the whole text, for engines that replace every match there is."""
    last = len(groups(text)) + 2
    return f"\\A((?s:.*?))(?:{text})((?s:.*))\\z", f"{back}1{instead}{back}{last}"


def group_of(w: Words, node: exp.Expr) -> int:
    """The group that regexp_extract asks for. Raises QueryRefused."""
    group = node.args.get("group")
    place = 0 if group is None else number(group)
    if place is None or place > len(groups(pattern(node.expression, w.title))):
        raise w.refusal("This regexp_extract", "Use a plain number of a group.")
    return place


def or_empty(w: Words, found: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Empty text where nothing was found in a text, NULL where there was none."""
    return w.sql("CASE WHEN NOT __x IS NULL THEN COALESCE(__f, '') END", x=value, f=found)


def path_text(w: Words, steps: list[str | int]) -> exp.Expr:
    """A JSON path in the engine's own form. Raises QueryRefused for the whole document."""
    if not steps or isinstance(steps[0], int):
        raise w.refusal("This JSON path", "Begin with a key: $.key.")
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return exp.Literal.string(w.json_root + text[1:])


def json_text(w: Words, node: exp.Expr) -> exp.Expr:
    """Text of a JSON value; fractions and structures, which engines write each in their way, fail.

    So do whole numbers that are too long for a double.
    """
    assert isinstance(node, exp.JSONExtractScalar)  # noqa: S101 (by its place in the rules)
    path = path_text(w, json_path(node, w.title))
    found = w.sql(w.json_node, x=node.this, p=path)
    shape = w.sql(w.json_text, v=found)
    test = w.sql(
        w.matches, x=shape, p=exp.Literal.string(_UNSAFE)
    )  # fmt: skip
    failed = w.failing("a JSON fraction, object or array as text", w.text)
    return w.sql(
        f"CASE WHEN __t THEN {failed} ELSE __s END",
        t=test, x=shape, s=w.sql(w.json_scalar, x=node.this, p=path, v=found),
    )  # fmt: skip


def json_length(w: Words, values: list[exp.Expr]) -> exp.Expr:
    steps: list[str | int] = list(plain_path(values[1], w.title)) if len(values) > 1 else []
    path = path_text(w, steps)
    found = w.sql(w.json_node, x=values[0], p=path)
    length = w.sql(w.json_length, v=found, x=values[0], p=path)
    return w.sql("COALESCE(__n, CASE WHEN NOT __v IS NULL THEN 0 END)", n=length, v=found)
