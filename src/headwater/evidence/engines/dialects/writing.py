"""Tools that the dialects share: snippets of an engine's SQL, and what patterns may hold."""

import re
from functools import lru_cache

from sqlglot import exp, parse_one

from headwater.evidence.errors import QueryRefused

# Marks a call that a pass has written, so that no rule takes it for a person's.
OURS = "headwater"


def refused(what: str, engine: str, instead: str) -> QueryRefused:
    """The refusal of a construct that an engine cannot answer as DuckDB does."""
    return QueryRefused(
        f"{what} cannot be answered the same on {engine}.", param="sql", hint=instead
    )


def written(dialect: str, text: str, **values: exp.Expr) -> exp.Expr:
    """`text` in an engine's SQL, with `__name` standing for the given nodes."""
    made = _parsed(dialect, text).copy()
    for column in list(made.find_all(exp.Column)):
        name = column.name
        if not name.startswith("__"):
            continue
        value = values[name.removeprefix("__")].copy()
        if column is made:
            return value
        column.replace(_held(value))
    return made


def _held(value: exp.Expr) -> exp.Expr:
    """Brackets around what would bind more loosely than where it is put."""
    loose = isinstance(value, exp.Binary | exp.Unary | exp.Between | exp.In | exp.Case)
    loose = loose and not isinstance(value, exp.Paren)
    return exp.Paren(this=value) if loose else value


@lru_cache(maxsize=1_000)
def _parsed(dialect: str, text: str) -> exp.Expr:
    made = parse_one(text, read=dialect)
    for call in made.find_all(exp.Anonymous):
        call.meta[OURS] = True
    return made


def called(name: str, *values: exp.Expr) -> exp.Expr:
    """A call of an engine's own function, marked as our writing."""
    made = exp.Anonymous(this=name, expressions=[each.copy() for each in values])
    made.meta[OURS] = True
    return made


def outermost(node: exp.Expr) -> exp.Expr:
    """An aggregate with the FILTER and OVER that belong to it."""
    while isinstance(node.parent, exp.Filter | exp.Window | exp.IgnoreNulls) and (
        node.parent.this is node
    ):
        node = node.parent
    return node


def number(node: exp.Expr | None) -> int | None:
    """A plain whole number, None for anything else."""
    if isinstance(node, exp.Literal) and node.is_int:
        return int(node.name)
    return None


def text_of(node: exp.Expr | None) -> str | None:
    """A plain text literal, None for anything else."""
    return node.name if isinstance(node, exp.Literal) and node.is_string else None


# A class in a class means three things: a POSIX name, an equivalence, in Java a union.
_RISKY = re.compile(r"\\[^.\\/$^*+?()\[\]{}|-]|\(\?|[*+?}][?+]|\[\^?[^\]]*(?:\[|&&)|\{,")


def pattern(node: exp.Expr | None, engine: str) -> str:
    """A regular expression that means the same everywhere. Raises QueryRefused for any other."""
    text = text_of(node)
    if text is None:
        raise refused("A regular expression that is no plain text", engine, "Write it out.")
    if _RISKY.search(text):
        raise refused(
            f"The regular expression {text!r}", engine,
            "Use plain characters, ., [a-z], ( ), |, *, +, ?, {n}, ^ and $ only.",
        )  # fmt: skip
    return text


_FORMAT = re.compile(r"%(-?[A-Za-z%])|([^%])")


def time_format(node: exp.Expr | None, engine: str, codes: dict[str, str], quote: str) -> str:
    """A strftime format in an engine's own codes. Raises QueryRefused for any without one.

    `quote` goes around letters that stand for themselves.
    """
    text = text_of(node)
    if text is None:
        raise refused("A time format that is no plain text", engine, "Write it out.")
    made = []
    for match in _FORMAT.finditer(text):
        code, plain = match[1], match[2]
        if code and code not in codes:
            known = " ".join(f"%{each}" for each in codes)
            raise refused(f"strftime's %{code}", engine, f"Use {known} only.")
        if plain and (plain in "'\"\\" or not plain.isascii()):
            raise refused(f"strftime with {plain!r}", engine, "Join the text with || instead.")
        if code:
            made.append(codes[code])
        else:
            made.append(f"{quote}{plain}{quote}" if plain.isalpha() else plain)
    return "".join(made)


def json_path(node: exp.JSONExtractScalar, engine: str) -> list[str | int]:
    """The keys and places of a plain JSON path. Raises QueryRefused for any other."""
    path = node.expression
    steps: list[str | int] = []
    for part in path.expressions if isinstance(path, exp.JSONPath) else [None]:
        if isinstance(part, exp.JSONPathRoot):
            continue
        if isinstance(part, exp.JSONPathKey) and isinstance(part.this, str):
            steps.append(part.this)
        elif isinstance(part, exp.JSONPathSubscript) and isinstance(part.this, int):
            if part.this < 0:
                raise refused("A JSON place counted from the end", engine, "Count from 0.")
            steps.append(part.this)
        else:
            raise refused("This JSON path", engine, "Write $.key and [0] only.")
    for step in steps:
        if isinstance(step, str) and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", step):
            raise refused(f"The JSON key {step!r}", engine, "Use keys of letters, digits and _.")
    return steps


def plain_path(node: exp.Expr, engine: str) -> list[str]:
    """The keys of a path such as $.a.b. Raises QueryRefused for any other."""
    text = text_of(node) or ""
    if not re.fullmatch(r"\$(\.[A-Za-z_][A-Za-z0-9_]*)+", text):
        raise refused("This JSON path", engine, "Write $.key and $.key.key only.")
    return text.split(".")[1:]
