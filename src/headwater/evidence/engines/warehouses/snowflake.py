"""Snowflake by its connector: the session's zone, week and types are part of the proof."""

import os
from collections.abc import Iterable, Sequence
from typing import Any

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract
from headwater.evidence.engines.interface import missing_driver
from headwater.evidence.engines.warehouses.address import Address, parse
from headwater.evidence.engines.warehouses.base import Stored, WarehouseBackend
from headwater.kit.errors import HeadwaterError

_OPTIONS = frozenset(["warehouse", "role", "host", "port", "protocol"])
_COLUMNS = """
SELECT table_name, column_name, data_type, numeric_scale, collation_name
FROM {catalog}.information_schema.columns WHERE table_schema = ?
"""
_SESSION = {
    "TIMEZONE": "UTC",
    "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
    "WEEK_START": 1,
    "WEEK_OF_YEAR_POLICY": 0,
    # One statement and no more, whatever the account allows.
    "MULTI_STATEMENT_COUNT": 1,
    "QUOTED_IDENTIFIERS_IGNORE_CASE": False,
    "QUERY_TAG": "headwater",
}
_DEADLINE = "ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = {seconds:d}"
_WHOLE = frozenset(["number"])
# Cancelled by somebody, and by the statement's own deadline.
_STOPPED = (604, 630)


class SnowflakeBackend(WarehouseBackend):
    """A database and schema, whose names are in capitals, as Snowflake makes them."""

    title = "Snowflake"
    sqlglot = "snowflake"
    types = {
        "text": "VARCHAR",
        "timestamp": "TIMESTAMP_NTZ",
        "date": "DATE",
        "boolean": "BOOLEAN",
        "integer": "BIGINT",
        "bigint": "BIGINT",
        "double": "DOUBLE",
    }
    fits = {
        "text": frozenset(["text"]),
        "timestamp": frozenset(["timestamp_ntz"]),
        "date": frozenset(["date"]),
        "boolean": frozenset(["boolean"]),
        "integer": _WHOLE,
        "bigint": _WHOLE,
        "double": frozenset(["float"]),
    }
    texts = dict.fromkeys(("variant", "object", "array"), "TO_JSON(__x)")
    moments = dict.fromkeys(
        ("timestamp_tz", "timestamp_ltz"),
        "CAST(CONVERT_TIMEZONE('UTC', __x) AS TIMESTAMP_NTZ)",
    )
    by_bytes = "COLLATE(__x, '')"

    def __init__(self, address: str, contract: Contract) -> None:
        super().__init__(contract)
        found = parse(address, 2, _OPTIONS)
        try:
            import snowflake.connector as driver
        except ImportError as error:
            raise missing_driver("snowflake-connector-python", "snowflake") from error
        self._database, self._schema = (each.upper() for each in found.path)
        try:
            self._connection: Any = driver.connect(**_arguments(found))
        except driver.errors.Error as error:
            raise errors.StoreNotFound(
                f"Snowflake does not answer: {_first_line(error)}.",
                param="evidence",
                hint="Check account and user; the secret is SNOWFLAKE_PASSWORD, SNOWFLAKE_TOKEN "
                "or SNOWFLAKE_PRIVATE_KEY_FILE of the environment.",
            ) from error
        self._cursor: Any = None

    def columns(self) -> Iterable[Stored]:
        """Every column of the schema; a number with places behind the point is no whole one."""
        catalog = exp.to_identifier(self._database, quoted=True).sql("snowflake")
        for table, column, kind, scale, collation in self.fetch(
            _COLUMNS.format(catalog=catalog), (self._schema,), 60.0
        ):
            places = f"({scale})" if scale else ""
            yield Stored(str(table), str(column), f"{str(kind).lower()}{places}", bool(collation))

    def named(self, name: str) -> str:
        """In capitals, as names that nobody quotes are."""
        return name.upper()

    def source(self, table: str) -> exp.Table:
        """The table with its database and schema."""
        return exp.table_(table, db=self._schema, catalog=self._database, quoted=True)

    def fetch(self, sql: str, values: Sequence[str], seconds: float) -> Iterable[Sequence[Any]]:
        """The rows. The server stops the statement at its deadline, whoever is left to ask."""
        with self._connection.cursor() as cursor:
            self._cursor = cursor
            try:
                cursor.execute(_DEADLINE.format(seconds=int(seconds) + 1))
                cursor.execute(sql, list(values) or None)
                yield from cursor
            finally:
                self._cursor = None

    def write(self, sql: str) -> None:
        """One statement, committed by itself."""
        with self._connection.cursor() as cursor:
            cursor.execute(sql)

    def cancel(self) -> None:
        """Has the server cancel the statement, by another cursor of the session."""
        running = self._cursor.sfqid if self._cursor is not None else None
        if running:
            with self._connection.cursor() as cursor:
                cursor.execute("SELECT SYSTEM$CANCEL_QUERY(?)", [running])

    def explained(self, error: Exception) -> HeadwaterError:
        """By the server's number of the error."""
        if getattr(error, "errno", None) in _STOPPED:
            return errors.QueryTimeout("The query was stopped.")
        return errors.QueryFailed(f"Snowflake: {_first_line(error)}.")

    def close(self) -> None:
        """Ends the session."""
        self._connection.close()


def _arguments(found: Address) -> dict[str, Any]:
    secrets: dict[str, Any] = {}
    if token := os.environ.get("SNOWFLAKE_TOKEN"):
        secrets = {"authenticator": "PROGRAMMATIC_ACCESS_TOKEN", "token": token}
    elif key := os.environ.get("SNOWFLAKE_PRIVATE_KEY_FILE"):
        secrets = {
            "authenticator": "SNOWFLAKE_JWT",
            "private_key_file": key,
            "private_key_file_pwd": os.environ.get("SNOWFLAKE_PRIVATE_KEY_FILE_PWD"),
        }
    elif password := os.environ.get("SNOWFLAKE_PASSWORD"):
        secrets = {"password": password}
    return {
        "account": found.host,
        "user": found.user,
        "database": found.path[0].upper(),
        "schema": found.path[1].upper(),
        "paramstyle": "qmark",
        "session_parameters": dict(_SESSION),
        "login_timeout": 20,
        "client_store_temporary_credential": False,
        **{name: found.options[name] for name in _OPTIONS if name in found.options},
        **secrets,
    }


def _first_line(error: Exception) -> str:
    said = getattr(error, "msg", None) or str(error) or type(error).__name__
    return " ".join(str(said).split()).rstrip(".")[:300]
