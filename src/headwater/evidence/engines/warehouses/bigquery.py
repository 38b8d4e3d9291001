"""BigQuery by its jobs: a dry run says first that a query is a SELECT and what it would read."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract
from headwater.evidence.engines.interface import missing_driver
from headwater.evidence.engines.warehouses.address import parse
from headwater.evidence.engines.warehouses.base import Stored, WarehouseBackend
from headwater.kit.errors import HeadwaterError

_OPTIONS = frozenset(["location", "billed_bytes", "endpoint"])
_COLUMNS = "SELECT table_name, column_name, data_type, collation_name FROM {schema}"
_WHOLE = frozenset(["int64"])
_PATIENCE = 20.0
_TIMED_OUT = frozenset(["stopped", "timeout"])


class BigqueryBackend(WarehouseBackend):
    """A dataset, by the machine's own Google credentials."""

    title = "BigQuery"
    sqlglot = "bigquery"
    types = {
        "text": "STRING",
        "timestamp": "DATETIME",
        "date": "DATE",
        "boolean": "BOOL",
        "integer": "INT64",
        "bigint": "INT64",
        "double": "FLOAT64",
    }
    fits = {
        "text": frozenset(["string"]),
        "timestamp": frozenset(["datetime"]),
        "date": frozenset(["date"]),
        "boolean": frozenset(["bool"]),
        "integer": _WHOLE,
        "bigint": _WHOLE,
        "double": frozenset(["float64"]),
    }
    texts = {"json": "TO_JSON_STRING(__x)"}
    moments = {"timestamp": "DATETIME(__x, 'UTC')"}
    by_bytes = "COLLATE(__x, '')"

    def __init__(self, address: str, contract: Contract) -> None:
        super().__init__(contract)
        found = parse(address, 1, _OPTIONS)
        try:
            from google.auth import exceptions
            from google.auth.credentials import AnonymousCredentials
            from google.cloud import bigquery
        except ImportError as error:
            raise missing_driver("google-cloud-bigquery", "bigquery") from error
        self._driver = bigquery
        # By itself the client asks again for ten minutes; a worker has one to start.
        self._retry = bigquery.DEFAULT_RETRY.with_timeout(_PATIENCE)
        self._project, (self._dataset,) = found.host, found.path
        self._location = found.options.get("location")
        self._billed = found.options.get("billed_bytes")
        more: dict[str, Any] = {}
        if endpoint := found.options.get("endpoint"):
            # An emulator of the protocol: no secret goes to an address that somebody wrote.
            more["client_options"] = {"api_endpoint": endpoint}
            more["credentials"] = AnonymousCredentials()
        try:
            self._client = bigquery.Client(project=self._project, **more)
        except exceptions.GoogleAuthError as error:
            raise errors.StoreNotFound(
                "There are no Google credentials here.",
                param="evidence",
                hint="Set GOOGLE_APPLICATION_CREDENTIALS to a service account's file.",
            ) from error
        self._job: Any = None

    def columns(self) -> Iterable[Stored]:
        """Every column of the dataset, decimals and texts of a length by their bare type."""
        schema = exp.table_("COLUMNS", db="INFORMATION_SCHEMA", quoted=True).sql("bigquery")
        where = exp.table_(self._dataset, db=self._project, quoted=True).sql("bigquery")
        for table, column, kind, collation in self.fetch(
            _COLUMNS.format(schema=f"{where}.{schema}"), (), 60.0
        ):
            own = bool(collation) and str(collation).upper() != "NULL"
            yield Stored(str(table), str(column), str(kind).lower().partition("(")[0], own)

    def source(self, table: str) -> exp.Table:
        """The table with its project and dataset."""
        return exp.table_(table, db=self._dataset, catalog=self._project, quoted=True)

    def fetch(self, sql: str, values: Sequence[str], seconds: float) -> Iterable[Sequence[Any]]:
        """The rows of the job. What is no SELECT is not run at all."""
        looked = self._started(sql, self._config(values, dry_run=True))
        if looked.statement_type != "SELECT":
            raise errors.QueryRefused(
                "BigQuery takes this for something else than one SELECT.", param="sql"
            )
        config = self._config(values, job_timeout_ms=int(seconds * 1000) + 1000)
        self._job = self._started(sql, config)
        try:
            for row in self._job.result(timeout=seconds + 2, retry=self._retry, job_retry=None):
                yield tuple(row.values())
        finally:
            self._job = None

    def _started(self, sql: str, config: Any) -> Any:
        return self._client.query(
            sql,
            job_config=config,
            location=self._location,
            retry=self._retry,
            job_retry=None,
            timeout=_PATIENCE,
        )

    def _config(self, values: Sequence[str], **more: Any) -> Any:
        bound = [self._driver.ScalarQueryParameter(None, "STRING", value) for value in values]
        billed = {"maximum_bytes_billed": int(self._billed)} if self._billed else {}
        return self._driver.QueryJobConfig(
            query_parameters=bound, labels={"source": "headwater"}, **billed, **more
        )

    def write(self, sql: str) -> None:
        """One statement, waited for."""
        self._started(sql, self._driver.QueryJobConfig()).result(retry=self._retry)

    def cancel(self) -> None:
        """Cancels the job where it runs."""
        if self._job is not None:
            self._job.cancel()

    def explained(self, error: Exception) -> HeadwaterError:
        """By the reason that the service gives."""
        found = getattr(error, "errors", None) or [{}]
        reason = str(found[0].get("reason", ""))
        if reason in _TIMED_OUT or isinstance(error, TimeoutError):
            return errors.QueryTimeout("The query was stopped.")
        if reason in ("resourcesExceeded", "bytesBilledLimitExceeded", "responseTooLarge"):
            return errors.QueryLimit(
                "The query reads or needs more than it may.", hint="Narrow the time window."
            )
        said = getattr(error, "message", None) or str(error) or type(error).__name__
        return errors.QueryFailed(f"BigQuery: {str(said).splitlines()[0].rstrip('.')[:300]}.")

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()
