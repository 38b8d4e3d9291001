"""Warehouses: casts, and those that may fail quietly."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects.warehouse.numbers import as_whole
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import text_of
from headwater.evidence.engines.families import family

_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?\Z")
_WHOLE = ("TINYINT", "SMALLINT", "INT", "BIGINT")
_MOMENTS = ("TIMESTAMP", "TIMESTAMPNTZ", "DATETIME")
_KNOWN = frozenset([*_WHOLE, *_MOMENTS, "DECIMAL", "DOUBLE", "TEXT", "VARCHAR", "BOOLEAN", "DATE"])
# DuckDB also reads what these match, but reads it in its own way.
_LOOSE_WHOLE = r"\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\s*"
_LOOSE_DATE = r"^\s*[-+]?[0-9]+[-/ \\][0-9]+[-/ \\][0-9]+"


def cast(w: Words, node: exp.Expr) -> exp.Expr:
    """A cast by DuckDB's rules of rounding and writing. Raises QueryRefused for any other."""
    to, given = node.args["to"].this.value, family(node.this)
    if to not in _KNOWN:
        raise w.refusal(f"A cast to {to}", "Cast to a plain number, text, date or timestamp.")
    if given == "double" and to in ("TEXT", "VARCHAR"):
        raise w.refusal("A double as text", "Return the number itself.")
    if given == "double" and to in _WHOLE:
        return as_whole(w, node.this, w.whole)
    if given == "timestamp" and to in ("TEXT", "VARCHAR"):
        return w.sql(w.moment_text, x=node.this)
    if given == "text" and to in (*_MOMENTS, "DATE"):
        text = text_of(node.this)
        if text is None or not _ISO.match(text):
            raise w.refusal("A cast from text to a time", "Write TIMESTAMP '2026-01-31 …'.")
        if "T" in text:
            node.set("this", exp.Literal.string(text.replace("T", " ")))
    if to in _MOMENTS:
        node.set("to", exp.DataType.build(w.moment, dialect=w.sqlglot))
    return node


def try_cast(w: Words, node: exp.Expr) -> exp.Expr:
    """Text as a whole number or a date, NULL where it is none."""
    kind = node.args["to"].this.value
    if family(node.this) != "text" or kind not in ("INT", "BIGINT", "DATE"):
        raise w.refusal(
            f"try_cast to {kind} from {family(node.this)}",
            "Try a cast from text to a whole number or a date.",
        )
    if kind == "DATE":
        strict, loose = "[0-9]{4}-[0-9]{2}-[0-9]{2}", w.matches
        made, failed = w.try_date, w.failing("no plain date", "DATE")
        loose_text = _LOOSE_DATE
    else:
        strict, loose = " *[-+]?[0-9]{1,30} *", w.fits
        made, failed = _in_range(w, kind), w.failing("no plain number")
        loose_text = _LOOSE_WHOLE
    return w.sql(
        f"CASE WHEN __s THEN {made} WHEN __l THEN {failed} END",
        s=w.sql(w.fits, x=node.this, p=exp.Literal.string(_fitting(w, strict))),
        l=w.sql(
            loose, x=node.this,
            p=exp.Literal.string(loose_text if kind == "DATE" else _fitting(w, loose_text)),
        ),
        x=node.this,
    )  # fmt: skip


def _fitting(w: Words, text: str) -> str:
    return text if w.fits != w.matches else f"^{text}\\z"


def _in_range(w: Words, kind: str) -> str:
    bound = 2**31 if kind == "INT" else 2**63
    if kind == "BIGINT" and not w.boundless:
        return w.try_whole
    return f"CASE WHEN {w.try_whole} >= -{bound} AND {w.try_whole} < {bound} THEN {w.try_whole} END"
