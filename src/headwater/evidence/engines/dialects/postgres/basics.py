"""What PostgreSQL's other modules build with."""

from sqlglot import exp

from headwater.evidence.engines.dialects.writing import written
from headwater.evidence.engines.families import family

TITLE = "PostgreSQL"


def sql(text: str, **values: exp.Expr) -> exp.Expr:
    return written("postgres", text, **values)


def bytes_order(node: exp.Expr) -> exp.Expr:
    """DuckDB compares text by its bytes, whatever the database's language is."""
    return sql('__a COLLATE "C"', a=node) if family(node) == "text" else node


def kept(made: exp.Expr, was: exp.Expr) -> exp.Expr:
    made.type = was.type
    return made
