"""Spark as an evidence engine: a driver in the worker, over the Parquet lake, on any cluster."""

import os
import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract, load_contract
from headwater.evidence.engines.dialects.spark import SPARK
from headwater.evidence.engines.interface import lake_of, missing_driver
from headwater.evidence.engines.lakes import LakeBackend
from headwater.evidence.engines.seam import proven
from headwater.evidence.engines.spark_wall import refuse_beyond_views, take_functions_out
from headwater.evidence.engines.translating import TranslatingEngine, sql_type, typed_null

# A cluster that is awake gives one in a few seconds.
EXECUTOR_SECONDS = 45.0
_LOOPBACK = ("127.0.0.1", "localhost")
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.caseSensitive": "false",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.runSQLOnFiles": "false",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    # It breaks plans of unions whose columns are NULL in one part, and changes no answer.
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.RemoveRedundantAliases"
    ),
}


def open_spark(
    address: str, options: Mapping[str, Any], *, allowed: frozenset[str] | None = None
) -> TranslatingEngine:
    """The engine at `spark://host:port?lake=DIR`; every worker of the cluster must see DIR.

    Raises StoreNotFound where pyspark or Java is missing or the master does not answer.
    """
    contract = load_contract()
    backend = SparkBackend(address, contract, options)
    return TranslatingEngine(
        backend, SPARK, contract, proven("spark") if allowed is None else allowed
    )


class SparkBackend(LakeBackend):
    """One Spark session. Its only tables are views over the contract's files."""

    def __init__(self, address: str, contract: Contract, options: Mapping[str, Any]) -> None:
        super().__init__(lake_of(address), contract)
        self._session = _session(address, options)
        take_functions_out(self._session)

    def run(self, sql: str, seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT; its jobs are cancelled at the deadline."""
        late = threading.Event()

        def cancel() -> None:
            late.set()
            self._session.sparkContext.cancelAllJobs()

        timer = threading.Timer(seconds, cancel)
        timer.daemon = True
        timer.start()
        try:
            refuse_beyond_views(self._session, sql, str(self._lake.root))
            return [tuple(row) for row in self._session.sql(sql).collect()]
        except errors.QueryRefused:
            raise
        except Exception as error:  # the gateway's errors have no common class
            if late.is_set():
                raise errors.QueryTimeout(
                    f"The query was stopped after {seconds:g} seconds.",
                    hint="Narrow the time window, or select fewer accounts.",
                ) from error
            raise errors.QueryFailed(f"Spark: {_first_line(error)}.") from error
        finally:
            timer.cancel()

    def close(self) -> None:
        """Ends the application on the cluster."""
        self._session.stop()

    def _make_view(self, name: str) -> None:
        table = self._contract.tables[name]
        files = self._lake.files(name)
        reader = self._session.read.option("mergeSchema", len(files) > 1)
        if any("=" in path.removeprefix(str(self._lake.root)) for path in files):
            reader = reader.option("basePath", str(self._lake.root / name))
        frame = reader.parquet(*files)
        stored = {column.lower(): column for column in frame.columns}
        columns = [
            _fitted(stored.get(column), kind, column).sql("spark", identify=True)
            for column, kind in table.columns.items()
        ]
        frame.selectExpr(*columns).createOrReplaceTempView(f"hw_lake_{name}")


def _fitted(stored: str | None, kind: str, name: str) -> exp.Expr:
    """A stored column as the contract's type; the session's zone makes zoned times naive UTC."""
    if stored is None:
        value = typed_null(kind)
    else:
        value = exp.cast(exp.column(stored, quoted=True), sql_type(kind))
    if kind == "timestamp":
        value.set("to", exp.DataType.build("TIMESTAMPNTZ"))
    return exp.alias_(value, name, quoted=True)


def _session(address: str, options: Mapping[str, Any]) -> Any:
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise missing_driver("pyspark", "spark") from error
    parts = urlsplit(address)
    builder = SparkSession.builder.master(f"spark://{parts.netloc}").appName("headwater-evidence")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    if parts.hostname in _LOOPBACK:
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        builder = builder.config("spark.driver.host", "127.0.0.1")
    memory = _executor_memory(parts.query, int(options["memory_bytes"]))
    builder = builder.config("spark.executor.memory", memory)
    builder = builder.config("spark.driver.memory", "1g").config(
        "spark.driver.maxResultSize", "256m"
    )
    try:
        session = builder.getOrCreate()
    except Exception as error:  # no Java, no master: the gateway has no common class
        raise errors.StoreNotFound(
            f"Spark cannot be started: {_first_line(error)}.",
            param="evidence",
            hint="It needs Java 17 or later here, and the master at the address.",
        ) from error
    _await_executor(session, parts.netloc, memory)
    return session


def _executor_memory(query: str, limit_bytes: int) -> str:
    """As the address says (`memory=2g`), else the query's limit, at most Spark's own 1g."""
    given = parse_qs(query).get("memory", [""])[0]
    if given and not re.fullmatch(r"[1-9]\d*[mgMG]", given):
        raise errors.StoreNotFound(
            f"memory={given} is no size of memory.", param="evidence", hint="Write memory=2g, say."
        )
    return given or f"{min(max(limit_bytes // 1_048_576, 512), 1_024)}m"


def _await_executor(session: Any, place: str, memory: str) -> None:
    """Raises StoreNotFound where nobody would run a query: it would wait until its deadline."""
    end = time.monotonic() + EXECUTOR_SECONDS
    known = session.sparkContext._jsc.sc().getExecutorMemoryStatus  # the driver is one of them
    while known().size() < 2:
        if time.monotonic() > end:
            session.stop()
            raise errors.StoreNotFound(
                f"The Spark cluster at {place} gave no executor with {memory} of memory within "
                f"{EXECUTOR_SECONDS:g} seconds.",
                param="evidence",
                hint="Free a core and memory on its workers, or ask for less: ?lake=…&memory=512m.",
            )
        time.sleep(0.1)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    # The gateway says first that something failed, and on the next line what.
    first = lines[1] if lines[0].startswith("An error occurred") and len(lines) > 1 else lines[0]
    return first.removeprefix(": ").rstrip(".")[:300]
