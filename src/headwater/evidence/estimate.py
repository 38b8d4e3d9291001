"""What a query will have to read, told by the footers of the files. Runs in the worker."""

from collections.abc import Mapping
from typing import Any

from headwater.evidence.bounds import Bounds
from headwater.evidence.catalogue import Catalogue
from headwater.evidence.contract import Contract, Table
from headwater.evidence.template import ParamValue, Template, fill_slots, literal


def estimate(
    connection: Any,
    catalogue: Catalogue,
    contract: Contract,
    template: Template,
    params: Mapping[str, ParamValue],
    accounts: tuple[str, ...] | None,
) -> dict[str, tuple[int, int]]:
    """For each table (rows, compressed bytes) of the row groups that may hold what is asked for.

    A query that names a table twice reads it twice; a row group is read whole or not at all.
    """
    return {
        name: _of_table(connection, catalogue, contract.tables[name], template, params, accounts)
        for name in sorted(template.tables)
        if catalogue.state(name).present
    }


def _of_table(
    connection: Any,
    catalogue: Catalogue,
    table: Table,
    template: Template,
    params: Mapping[str, ParamValue],
    accounts: tuple[str, ...] | None,
) -> tuple[int, int]:
    needed = sorted({column for name, column in template.needs if name == table.name})
    tests = [
        *_time_tests(table, template.bounds.get(table.name), params),
        *_account_tests(table, accounts),
    ]
    files = ", ".join(literal(path) for path in catalogue.files(table.name))
    listed = ", ".join(literal(name) for name in needed) or "NULL"
    keep = " AND ".join(tests) or "TRUE"
    rows = connection.execute(
        "SELECT coalesce(sum(n), 0), coalesce(sum(size), 0) FROM ("
        "SELECT max(row_group_num_rows) AS n, "
        f"sum(total_compressed_size) FILTER (WHERE column_name IN ({listed})) AS size "
        "FROM (SELECT *, lower(path_in_schema) AS column_name "
        f"FROM parquet_metadata([{files}])) GROUP BY file_name, row_group_id HAVING {keep})"
    ).fetchall()
    uses = template.references.count(table.name)
    return int(rows[0][0]) * uses, int(rows[0][1]) * uses


def _time_tests(table: Table, bounds: Bounds | None, params: Mapping[str, ParamValue]) -> list[str]:
    """Tests on a row group's statistics; a group without them is kept."""
    if bounds is None or table.time is None:
        return []
    tests = []
    for values, choice, stat, sign in (
        (bounds.lows, "least", "max", ">="),
        (bounds.highs, "greatest", "min", "<="),
    ):
        if values:
            listed = ", ".join(f"CAST({fill_slots(text, params)} AS TIMESTAMP)" for text in values)
            found = (
                f"max(TRY_CAST(stats_{stat}_value AS TIMESTAMP)) "
                f"FILTER (WHERE column_name = {literal(table.time)})"
            )
            tests.append(f"coalesce({found} {sign} {choice}({listed}), TRUE)")
    return tests


def _account_tests(table: Table, accounts: tuple[str, ...] | None) -> list[str]:
    if accounts is None or table.account is None:
        return []
    column = f"FILTER (WHERE column_name = {literal(table.account)})"
    each = [
        f"({literal(name)} BETWEEN max(stats_min_value) {column} AND max(stats_max_value) {column})"
        for name in accounts
    ]
    return [f"coalesce({' OR '.join(each) or 'FALSE'}, TRUE)"]
