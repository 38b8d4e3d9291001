"""What a warehouse calls things: the words that the shared rules write a query with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from headwater.evidence.engines.dialects.writing import refused, written
from headwater.evidence.errors import QueryRefused


@dataclass(frozen=True, slots=True)
class Words:
    """An engine's types and functions as snippets of its SQL; `__x` stands for a value.

    `{unit}` in a snippet is a unit of time, as `units` names it.
    """

    title: str
    sqlglot: str
    whole: str
    double: str
    text: str
    moment: str
    fail: str
    try_whole: str
    try_date: str
    truncated: str
    moved: str
    boundaries: str
    epoch: str
    local: str
    moment_text: str
    formatted: str
    codes: Mapping[str, str]
    parts: Mapping[str, str]
    day_name: str
    month_name: str
    unnest: str
    unnested: str
    series: str
    matches: str
    fits: str
    json_node: str
    json_text: str
    json_scalar: str
    json_length: str
    json_valid: str
    json_root: str = "$."
    quote: str = ""
    unnested_moment: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    # Which signs in a pattern mean the very beginning and end of the text.
    begin: str = "^"
    end: str = "$"
    # Whole numbers of any size, so that a range has to be tested.
    boundless: bool = False

    def sql(self, text: str, **values: exp.Expr) -> exp.Expr:
        """A snippet with values in it."""
        return written(self.sqlglot, text, **values)

    def failing(self, why: str, kind: str | None = None) -> str:
        """A snippet over `__x` that fails when it is reached; it must never be folded before."""
        made = self.fail.replace("{why}", why)
        return made if kind is None else f"CAST({made} AS {kind})"

    def unit(self, name: str) -> str:
        """The engine's word for a unit of time."""
        return self.units.get(name, name.upper())

    def refusal(self, what: str, instead: str) -> QueryRefused:
        """The refusal of what this engine cannot answer as DuckDB does."""
        return refused(what, self.title, instead)

    def as_moment(self, node: exp.Expr, *, date: bool) -> exp.Expr:
        """A date as the time at which it begins; any other time as it is."""
        return self.sql(f"CAST(__x AS {self.moment})", x=node) if date else node.copy()
