"""What the editor can complete: the contract's tables and columns, and functions."""

from functools import lru_cache
from typing import Any

from headwater.evidence import allowed
from headwater.evidence.contract import load_contract

KEYWORDS = """
    SELECT FROM WHERE GROUP BY ORDER LIMIT JOIN LEFT ON USING AND OR NOT IN IS NULL BETWEEN LIKE
    ILIKE CASE WHEN THEN ELSE END AS DISTINCT HAVING UNION ALL WITH FILTER OVER PARTITION QUALIFY
    DESC ASC EXISTS INTERVAL CAST TRUE FALSE
""".split()
# The handful that nearly every question needs comes from the engine's own names.
_COMMON = """
    count sum avg min max coalesce nullif lower upper length substr replace trim split_part
    date_trunc date_diff date_part strftime strptime epoch median quantile_cont mode any_value
    string_agg list array_agg row_number rank lag lead first_value last_value count_if arg_max
    arg_min greatest least round floor ceil abs json_extract json_extract_string regexp_matches
    regexp_extract regexp_replace contains starts_with to_timestamp unnest
""".split()


@lru_cache(maxsize=1)
def completions() -> dict[str, Any]:
    """`{"tables": {name: {"about", "columns": {name: type}}}, "functions", "keywords"}`."""
    tables = {
        table.name: {"about": table.grain, "columns": dict(table.columns)}
        for table in load_contract().tables.values()
    }
    functions = sorted({*_COMMON, *allowed.NAMED_FUNCTIONS})
    return {"tables": tables, "functions": functions, "keywords": KEYWORDS}
