"""Trino over its HTTP protocol: every query in a read-only transaction of its own."""

import os
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from typing import Any

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract
from headwater.evidence.engines.interface import missing_driver
from headwater.evidence.engines.warehouses.address import parse
from headwater.evidence.engines.warehouses.base import Stored, WarehouseBackend
from headwater.kit.errors import HeadwaterError

_OPTIONS = frozenset(["tls"])
_COLUMNS = """
SELECT table_name, column_name, data_type FROM {catalog}.information_schema.columns
WHERE table_schema = ?
"""
_REQUEST_SECONDS = 30.0
_READ_ONLY = "START TRANSACTION READ ONLY"
_BEGUN = "X-Trino-Started-Transaction-Id"


class TrinoBackend(WarehouseBackend):
    """A catalogue and schema; `TRINO_PASSWORD` or `TRINO_TOKEN` is sent over TLS only."""

    title = "Trino"
    sqlglot = "trino"
    types = {
        "text": "VARCHAR",
        "timestamp": "TIMESTAMP(6)",
        "date": "DATE",
        "boolean": "BOOLEAN",
        "integer": "BIGINT",
        "bigint": "BIGINT",
        "double": "DOUBLE",
    }
    fits = {
        "text": frozenset(["varchar"]),
        "timestamp": frozenset(["timestamp(6)"]),
        "date": frozenset(["date"]),
        "boolean": frozenset(["boolean"]),
        "integer": frozenset(["tinyint", "smallint", "integer", "bigint"]),
        "bigint": frozenset(["tinyint", "smallint", "integer", "bigint"]),
        "double": frozenset(["double"]),
    }
    texts = {"json": "JSON_FORMAT(__x)"}
    moments = {
        f"timestamp({places}) with time zone": ("CAST(AT_TIMEZONE(__x, 'UTC') AS TIMESTAMP(6))")
        for places in range(13)
    }

    def __init__(self, address: str, contract: Contract) -> None:
        super().__init__(contract)
        found = parse(address, 2, _OPTIONS)
        try:
            from trino import auth, dbapi, exceptions
        except ImportError as error:
            raise missing_driver("trino", "trino") from error
        self._dbapi, self._exceptions = dbapi, exceptions
        password, token = os.environ.get("TRINO_PASSWORD"), os.environ.get("TRINO_TOKEN")
        secret: Any = None
        if password:
            secret = auth.BasicAuthentication(found.user, password)
        elif token:
            secret = auth.JWTAuthentication(token)
        tls = found.options.get("tls", "yes" if secret or found.port == 443 else "no")
        if secret and tls != "yes":
            raise errors.StoreNotFound(
                "A secret is sent to Trino over TLS only.",
                param="evidence",
                hint="Leave out tls=no, or unset TRINO_PASSWORD and TRINO_TOKEN.",
            )
        self._catalog, self._schema = found.path
        self._arguments = {
            "host": found.host,
            "port": found.port or (443 if tls == "yes" else 8080),
            "user": found.user or "headwater",
            "catalog": self._catalog,
            "schema": self._schema,
            "http_scheme": "https" if tls == "yes" else "http",
            "auth": secret,
            "source": "headwater",
            "timezone": "UTC",
            "encoding": None,
            "max_attempts": 3,
            "request_timeout": _REQUEST_SECONDS,
            # Otherwise the driver first asks the server whether it knows EXECUTE IMMEDIATE.
            "legacy_prepared_statements": False,
        }
        self._cursor: Any = None

    def columns(self) -> Iterable[Stored]:
        """Every column of the schema, types of a length without it."""
        catalog = exp.to_identifier(self._catalog, quoted=True).sql("trino")
        for table, column, kind in self.fetch(
            _COLUMNS.format(catalog=catalog), (self._schema,), _REQUEST_SECONDS
        ):
            plain = "varchar" if str(kind).startswith("varchar") else str(kind)
            yield Stored(str(table), str(column), plain)

    def source(self, table: str) -> exp.Table:
        """The table with its catalogue and schema."""
        return exp.table_(table, db=self._schema, catalog=self._catalog, quoted=True)

    def fetch(self, sql: str, values: Sequence[str], seconds: float) -> Iterable[Sequence[Any]]:
        """Rows as they come. The server stops the query too when its time is over."""
        limits = {"query_max_run_time": f"{max(int(seconds) + 1, 1)}s"}
        with closing(self._dbapi.connect(**self._arguments, session_properties=limits)) as opened:
            self._begin_read_only(opened)
            self._cursor = opened.cursor()
            try:
                self._cursor.execute(sql, list(values) or None)
                while row := self._cursor.fetchone():
                    yield row
            finally:
                self._cursor = None
                with suppress(self._exceptions.Error):  # the server has ended it by itself
                    opened.cursor().execute("ROLLBACK").fetchall()

    def _begin_read_only(self, opened: Any) -> None:
        """The driver's own way to begin knows no READ ONLY, so its steps are taken here."""
        request = opened._create_request()
        response = request.post(_READ_ONLY)
        begun, status = response.headers.get(_BEGUN), request.process(response)
        while status.next_uri:
            response = request.get(status.next_uri)
            begun, status = response.headers.get(_BEGUN) or begun, request.process(response)
        if not begun:
            raise errors.QueryFailed("Trino began no read-only transaction.")
        request.transaction_id = begun

    def write(self, sql: str) -> None:
        """One statement, committed by itself."""
        with closing(self._dbapi.connect(**self._arguments)) as opened:
            opened.cursor().execute(sql).fetchall()

    def cancel(self) -> None:
        """Tells the server to stop the query."""
        if self._cursor is not None:
            self._cursor.cancel()

    def explained(self, error: Exception) -> HeadwaterError:
        """By the server's own name of the error."""
        name, kind = getattr(error, "error_name", ""), getattr(error, "error_type", "")
        if name in ("EXCEEDED_TIME_LIMIT", "ABANDONED_QUERY"):
            return errors.QueryTimeout("The query was stopped.")
        if kind == "INSUFFICIENT_RESOURCES":
            return errors.QueryLimit(
                "The query needs more memory than it may use.", hint="Narrow the time window."
            )
        said = getattr(error, "message", None) or str(error) or type(error).__name__
        return errors.QueryFailed(f"Trino: {str(said).splitlines()[0].rstrip('.')[:300]}.")
