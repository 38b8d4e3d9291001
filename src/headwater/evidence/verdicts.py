"""The guard's verdict on a text, and the engine's own parser as a second opinion on it.

Both depend on the text and the contract alone, not on any lake: one verdict serves every engine
of the process. Lives in the worker.
"""

import atexit
import re
import threading
from functools import cache, lru_cache
from typing import Any

import duckdb

from headwater.evidence import errors
from headwater.evidence.catalogue import view_of
from headwater.evidence.contract import load_contract
from headwater.evidence.guard import compile_query
from headwater.evidence.locked import engine_message, locked_connection
from headwater.evidence.template import Source, Template

_KEPT = 1_024
_TIMED_FRAME = re.compile(r"(?<= RANGE BETWEEN )INTERVAL '\d+' [A-Z]+(?= PRECEDING)")
_one_at_a_time = threading.Lock()


@lru_cache(maxsize=_KEPT)
def checked_template(sql: str, *, scoped: bool) -> Template:
    """The template of a text that both parsers agree on. Raises QueryRefused, QueryFailed."""
    template = compile_query(sql, load_contract(), scoped=scoped)
    _second_opinion(template)
    return template


@cache
def second_parser() -> Any:
    """A connection without data; naming tables binds views where there are any."""
    return locked_connection(None, 1, 100_000_000)


atexit.register(second_parser.cache_clear)  # the engine's binding complains of what is left open


def _second_opinion(template: Template) -> None:
    """The engine's own parser must see one SELECT over our views and no other table."""
    nothing = dict.fromkeys(template.params)
    text = template.fill(nothing, (), 1, _view)
    # Naming tables binds joins too, and without tables no column can be an ASOF join's time
    # or the value that a window's interval is counted from.
    text = _TIMED_FRAME.sub("UNBOUNDED", text.replace(" ASOF ", " "))
    try:
        with _one_at_a_time:
            statements = second_parser().extract_statements(text)
            seen = second_parser().get_table_names(text, qualified=True)
    except duckdb.Error as error:
        raise errors.QueryFailed(engine_message(error)) from error
    ours = {view_of(name) for name in template.tables}
    select = duckdb.StatementType.SELECT
    if len(statements) != 1 or statements[0].type != select or not seen <= ours:
        raise errors.QueryRefused(
            "The query reads something beyond the contract's tables.",
            param="sql",
            hint="Use the contract's tables by their bare names.",
        )


def _view(name: str) -> Source:
    return Source(view_of(name), tuple(load_contract().tables[name].columns))
