"""How each engine's SQL differs from DuckDB's, as passes over a typed tree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

Rule = Callable[[exp.Expr], exp.Expr]


@dataclass(frozen=True, slots=True)
class Dialect:
    """An engine's dialect. `rules` rewrite a node by its class, children first.

    A rule returns the node itself, or another one in its place; it raises Refused for a shape
    that the engine cannot answer as DuckDB does. `before` sees the tree whole.
    """

    name: str
    title: str
    sqlglot: str
    rules: Mapping[type[exp.Expr], Rule]
    before: tuple[Callable[[exp.Query], None], ...] = ()
    advice: Mapping[str, str] = field(default_factory=dict)
    # How a bound value is written; None where values go as literals.
    placeholder: str | None = None

    def rewrite(self, tree: exp.Query) -> exp.Query:
        """The tree in the engine's terms. Raises QueryRefused."""
        for step in self.before:
            step(tree)
        for node in list(reversed(list(tree.walk(bfs=False)))):
            rule = self.rules.get(type(node))
            if rule is None:
                continue
            made = rule(node)
            if made is not node:
                if made.type is None:
                    made.type = node.type
                node.replace(made)
        return tree
