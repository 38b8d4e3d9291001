"""Allowed queries, bred with each other: what a person might write, and much that nobody would."""

import random
from collections.abc import Iterator, Sequence

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

_SWAPPED: tuple[type[exp.Expr], ...] = (
    exp.Column,
    exp.Literal,
    exp.Func,
    exp.Subquery,
    exp.Table,
    exp.Binary,
    exp.Where,
    exp.Join,
    exp.Ordered,
    exp.Select,
)
_AROUND = (
    "coalesce({0}, 'x')",
    "md5(cast({0} as varchar))",
    "count({0}) over ()",
    "max({0})",
    "list({0})",
    "string_agg(cast({0} as varchar), ',')",
    "case when {0} is not null then {0} end",
    "try_cast({0} as integer)",
    "cast({0} as integer)",
    "length(cast({0} as varchar))",
    "(select {0})",
    "row_number() over (order by {0})",
    "substr(cast({0} as varchar), 1, 5)",
    "{0} is distinct from null",
    "lag({0}) over (order by 1)",
)
_WHOLE = (
    "select * from ({0}) as q",
    "with charges as ({0}) select * from charges",
    "with q as ({0}) select count(*), max(q) from q",
    "{0} union all {0}",
    "select (select count(*) from ({0}) as q), c.* from charges as c",
    "select e.* from events as e where exists ({0})",
    "select to_json(q) from ({0}) as q",
    "select * from charges as c left join ({0}) as q on true",
    "select * from accounts natural join ({0}) as q",
)


class Breeder:
    """An endless line of mutated queries; the same seed gives the same line."""

    def __init__(self, seeds: Sequence[str], seed: int) -> None:
        self._chance = random.Random(seed)
        self._herd = [parse_one(text, read="duckdb") for text in seeds]

    def queries(self) -> Iterator[str]:
        """Mutants, each printed as SQL; many of them are refused or do not run."""
        while True:
            child = self._chance.choice(self._herd).copy()
            for _ in range(self._chance.randint(1, 4)):
                child = self._mutated(child)
            try:
                text = child.sql("duckdb")
            except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError):
                continue
            if len(text) > 3_000:
                continue
            yield text
            # A mutant joins the herd now and then, so that later ones go further.
            if self._chance.random() < 0.05:
                self._herd[self._chance.randrange(len(self._herd))] = child

    def _mutated(self, tree: exp.Expr) -> exp.Expr:
        chance = self._chance
        try:
            match chance.randrange(4):
                case 0:
                    text = chance.choice(_WHOLE).format(tree.sql("duckdb"))
                    return parse_one(text, read="duckdb")
                case 1:
                    columns = list(tree.find_all(exp.Column))
                    if columns:
                        old = chance.choice(columns)
                        text = chance.choice(_AROUND).format(old.sql("duckdb"))
                        old.replace(parse_one(text, read="duckdb"))
                case _:
                    self._swap(tree)
        except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError):
            return tree
        return tree

    def _swap(self, tree: exp.Expr) -> None:
        kind = self._chance.choice(_SWAPPED)
        mine = [node for node in tree.find_all(kind) if node.parent is not None]
        theirs = list(self._chance.choice(self._herd).find_all(kind))
        if mine and theirs:
            self._chance.choice(mine).replace(self._chance.choice(theirs).copy())
