"""What ClickHouse's own parser must see in a query before it runs: our views, nothing outside.

Embedded ClickHouse has no role that may not read files, so this stands beneath the guard there.
"""

from collections.abc import Sequence

from headwater.evidence.errors import QueryRefused

_ROOT = ("SelectWithUnionQuery", "SelectIntersectExceptQuery")
# What a SELECT has right below it; a format or a file to write to would stand there too.
_BELOW_ROOT = ("ExpressionList", "SelectQuery", "Set", *_ROOT)
# Functions of an expression that look at anything but their arguments.
_OUTSIDE = (
    *("file", "url", "s3", "remote", "executable", "mysql", "postgresql", "sqlite", "mongodb"),
    *("dict", "joinGet", "sleep", "getSetting", "getMacro", "hostName", "catboost", "hasColumn"),
)
_CATALOGUES = ("system.", "information_schema.", "INFORMATION_SCHEMA.")


def refuse_beyond_views(tree: Sequence[str]) -> None:
    """Raises QueryRefused for a syntax tree (lines of EXPLAIN AST) that reaches beyond views."""
    words = [line.strip() for line in tree]
    if not words or not words[0].startswith(_ROOT):
        raise _refusal(words[0] if words else "nothing")
    for place, (line, word) in enumerate(zip(tree[1:], words[1:], strict=True), 1):
        kind, _, rest = word.partition(" ")
        name = rest.split(" ")[0]
        depth = len(line) - len(line.lstrip(" "))
        if depth == 0 or (depth == 1 and kind not in _BELOW_ROOT):
            raise _refusal(word)
        if words[place - 1].startswith("TableExpression"):
            if kind not in ("TableIdentifier", "Subquery") or "." in name:
                raise _refusal(name)
        elif name.startswith({"Function": _OUTSIDE, "Identifier": _CATALOGUES}.get(kind, ())):
            raise _refusal(name)


def _refusal(what: str) -> QueryRefused:
    return QueryRefused(
        f"ClickHouse would read something beyond the contract's tables: {what}.",
        param="sql",
        hint="Use the contract's tables by their bare names.",
    )
