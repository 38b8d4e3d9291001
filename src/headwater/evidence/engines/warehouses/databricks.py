"""Databricks SQL by its connector: Spark's SQL, in a session with ANSI mode and UTC."""

import os
from collections.abc import Iterable, Sequence
from typing import Any

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract
from headwater.evidence.engines.interface import missing_driver
from headwater.evidence.engines.warehouses.address import parse
from headwater.evidence.engines.warehouses.base import Stored, WarehouseBackend
from headwater.kit.errors import HeadwaterError

_OPTIONS = frozenset(["http_path"])
# By itself the connector tries for a quarter of an hour; a worker has one minute to start.
_PATIENCE = {
    "_retry_stop_after_attempts_count": 3,
    "_retry_stop_after_attempts_duration": 30,
    "_socket_timeout": 30,
}
_COLUMNS = """
SELECT table_name, column_name, full_data_type FROM {catalog}.information_schema.columns
WHERE table_schema = ?
"""
_WHOLE = frozenset(["tinyint", "smallint", "int", "bigint"])


class DatabricksBackend(WarehouseBackend):
    """A catalogue and schema; the token comes from `DATABRICKS_TOKEN`."""

    title = "Databricks"
    sqlglot = "spark"
    types = {
        "text": "STRING",
        "timestamp": "TIMESTAMP_NTZ",
        "date": "DATE",
        "boolean": "BOOLEAN",
        "integer": "BIGINT",
        "bigint": "BIGINT",
        "double": "DOUBLE",
    }
    fits = {
        "text": frozenset(["string"]),
        "timestamp": frozenset(["timestamp_ntz"]),
        "date": frozenset(["date"]),
        "boolean": frozenset(["boolean"]),
        "integer": _WHOLE,
        "bigint": _WHOLE,
        "double": frozenset(["double"]),
    }
    texts = {"variant": "TO_JSON(__x)"}
    by_bytes = "COLLATE(__x, 'UTF8_BINARY')"

    def __init__(self, address: str, contract: Contract) -> None:
        super().__init__(contract)
        found = parse(address, 2, _OPTIONS)
        if "http_path" not in found.options:
            raise errors.StoreNotFound(
                "databricks:// does not say which warehouse answers.",
                param="evidence",
                hint="Add ?http_path=/sql/1.0/warehouses/ID, as the warehouse's page shows it.",
            )
        try:
            from databricks import sql
        except ImportError as error:
            raise missing_driver("databricks-sql-connector", "databricks") from error
        self._catalog, self._schema = found.path
        try:
            self._connection: Any = sql.connect(
                server_hostname=found.host,
                http_path=found.options["http_path"],
                access_token=os.environ.get("DATABRICKS_TOKEN"),
                catalog=self._catalog,
                session_configuration={"ANSI_MODE": "true", "TIMEZONE": "UTC"},
                user_agent_entry="headwater",
                enable_telemetry=False,
                **_PATIENCE,
            )
        except Exception as error:  # it raises whatever its transport does
            raise errors.StoreNotFound(
                f"Databricks does not answer: {_first_line(error)}.",
                param="evidence",
                hint="Check the host and http_path; the token is DATABRICKS_TOKEN.",
            ) from error
        self._cursor: Any = None

    def columns(self) -> Iterable[Stored]:
        """Every column of the schema."""
        catalog = exp.to_identifier(self._catalog, quoted=True).sql("databricks")
        for table, column, kind in self.fetch(
            _COLUMNS.format(catalog=catalog), (self._schema,), 60.0
        ):
            plain, _, collation = str(kind).lower().partition(" collate ")
            own = collation not in ("", "utf8_binary")
            yield Stored(str(table), str(column), plain.strip(), own)

    def source(self, table: str) -> exp.Table:
        """The table with its catalogue and schema."""
        return exp.table_(table, db=self._schema, catalog=self._catalog, quoted=True)

    def fetch(self, sql: str, values: Sequence[str], seconds: float) -> Iterable[Sequence[Any]]:
        """The rows, after they are all there."""
        with self._connection.cursor() as cursor:
            self._cursor = cursor
            try:
                cursor.execute(sql, parameters=list(values) or None)
                for row in cursor:
                    yield tuple(row)
            finally:
                self._cursor = None

    def write(self, sql: str) -> None:
        """One statement, committed by itself."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def cancel(self) -> None:
        """Cancels the statement where it runs."""
        if self._cursor is not None:
            self._cursor.cancel()

    def explained(self, error: Exception) -> HeadwaterError:
        """By what the server says."""
        return errors.QueryFailed(f"Databricks: {_first_line(error)}.")

    def close(self) -> None:
        """Ends the session."""
        self._connection.close()


def _first_line(error: Exception) -> str:
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return said.rstrip(".")[:300]
