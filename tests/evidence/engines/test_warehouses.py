"""What the adapters to warehouses share, and what each says where its driver is not there."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from headwater.evidence import process
from headwater.evidence.contract import load_contract
from headwater.evidence.engines.interface import find_place
from headwater.evidence.engines.warehouses.address import SHAPES, parse, passed_on
from headwater.evidence.engines.warehouses.base import Stored
from headwater.evidence.engines.warehouses.bigquery import BigqueryBackend
from headwater.evidence.engines.warehouses.databricks import DatabricksBackend
from headwater.evidence.engines.warehouses.kept import bare
from headwater.evidence.engines.warehouses.loading import in_schema
from headwater.evidence.engines.warehouses.opening import open_backend
from headwater.evidence.engines.warehouses.snowflake import SnowflakeBackend
from headwater.evidence.engines.warehouses.trino import TrinoBackend
from headwater.evidence.errors import QueryFailed, QueryTimeout, StoreNotFound
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store

CONTRACT = load_contract()
PACKAGES = {
    "snowflake": ("snowflake.connector", "snowflake-connector-python"),
    "bigquery": ("google.cloud", "google-cloud-bigquery"),
    "trino": ("trino", "trino"),
    "databricks": ("databricks", "databricks-sql-connector"),
}
ADDRESSES = {
    "snowflake": "snowflake://reader@acme-eu/shop/payments?warehouse=small&role=evidence",
    "bigquery": "bigquery://acme-data/payments?location=EU",
    "trino": "trino://reader@trino.internal:8443/lake/payments",
    "databricks": "databricks://acme.cloud/main/payments?http_path=/sql/1.0/warehouses/1",
}


@pytest.mark.parametrize("engine", PACKAGES)
def test_without_its_driver_an_engine_says_what_to_install(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, package = PACKAGES[engine]
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(StoreNotFound, match=f"needs the package {package}") as refused:
        open_backend(engine, ADDRESSES[engine], CONTRACT)
    assert f"headwater[{engine}]" in str(refused.value.hint)


@pytest.mark.parametrize("engine", PACKAGES)
def test_an_address_is_found_and_its_shape_is_said(engine: str, tmp_path: Path) -> None:
    assert find_place(ADDRESSES[engine]).engine == engine
    recorder = FileRecorder(tmp_path / "runs.jsonl")
    store = open_store(ADDRESSES[engine], recorder=recorder, views=False)
    assert store.location == ADDRESSES[engine]
    store.close()
    with pytest.raises(StoreNotFound) as refused:
        parse(f"{engine}://host", 2, frozenset())
    assert SHAPES[engine] in str(refused.value.hint)
    held = ADDRESSES[engine].replace("://", "://u:s3cret@").replace("reader@", "")
    with pytest.raises(StoreNotFound, match="may not hold a password") as refused:
        parse(held, 2, frozenset())
    assert "s3cret" not in str(refused.value)


def test_a_worker_gets_the_secrets_of_its_own_engine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SNOWFLAKE_PASSWORD", "TRINO_PASSWORD", "DATABRICKS_TOKEN", "STRIPE_API_KEY"):
        monkeypatch.setenv(name, "s3cret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    assert {"SNOWFLAKE_PASSWORD", "HTTPS_PROXY"} <= passed_on("snowflake").keys()
    assert passed_on("snowflake").keys() & {"TRINO_PASSWORD", "DATABRICKS_TOKEN"} == set()
    assert passed_on("duckdb") == passed_on("postgres") == {}
    assert all("STRIPE" not in name for name in (*process._PASSED, *passed_on("trino")))


def test_a_proof_is_for_the_place_whoever_asks() -> None:
    assert bare(ADDRESSES["trino"]) == "trino://trino.internal:8443/lake/payments"
    assert in_schema(ADDRESSES["bigquery"], "own") == "bigquery://acme-data/own?location=EU"


class Fake:
    """Just enough of a warehouse for the shared part: a catalogue, rows, and a way to stop."""

    def __init__(self, columns: Sequence[Stored], rows: Sequence[Sequence[Any]] = ()) -> None:
        self._columns, self._rows = columns, rows
        self.asked: list[tuple[str, Sequence[str]]] = []
        self.stopped = False

    def columns(self) -> Iterable[Stored]:
        return self._columns

    def fetch(self, sql: str, values: Sequence[str], seconds: float) -> Iterable[Sequence[Any]]:
        self.asked.append((sql, values))
        return self._rows

    def cancel(self) -> None:
        self.stopped = True


def made(kind: type, fake: Fake, **more: str) -> Any:
    """An adapter of `kind` that talks to a fake, without its driver."""
    own = {name: getattr(fake, name) for name in ("columns", "fetch", "cancel")}
    backend = kind.__new__(type("Faked", (kind,), {}))
    super(kind, backend).__init__(CONTRACT)
    for name, value in {**own, **more}.items():
        object.__setattr__(backend, name, value)
    return backend


def test_names_in_capitals_and_types_of_its_own_become_the_contracts() -> None:
    fake = Fake(
        [
            Stored("CHARGES", "ID", "text", collated=True),
            Stored("CHARGES", "AMOUNT", "number(2)"),
            Stored("CHARGES", "CREATED", "timestamp_ltz"),
            Stored("CHARGES", "METADATA", "variant"),
            Stored("Payouts", "ID", "text"),
            Stored("PAYOUTS", "ID", "text"),
        ],
        [[datetime(2026, 11, 1)]],
    )
    backend = made(SnowflakeBackend, fake, _database="SHOP", _schema="PAY")
    backend.refresh()
    state = backend.state("charges")
    assert state.present and set(state.cast_columns) == {"amount", "created", "metadata"}
    text = backend.relation("charges").sql("snowflake", identify=True)
    assert 'COLLATE("ID", \'\') AS "id"' in text and 'TO_JSON("METADATA") AS "metadata"' in text
    assert "CONVERT_TIMEZONE('UTC', \"CREATED\")" in text and 'CAST("AMOUNT" AS BIGINT)' in text
    assert 'FROM "SHOP"."PAY"."CHARGES"' in text and 'CAST(NULL AS VARCHAR) AS "currency"' in text
    assert backend.as_of("charges") == datetime(2026, 11, 1)
    problem = backend.state("payouts").problem
    assert not backend.state("payouts").present and "PAYOUTS and Payouts" in str(problem)


@pytest.mark.parametrize(
    ("kind", "own", "column", "written"),
    [
        (BigqueryBackend, {"_project": "p", "_dataset": "d"}, ("created", "timestamp"),
         "DATETIME(`created`, 'UTC') AS `created`"),
        (BigqueryBackend, {"_project": "p", "_dataset": "d"}, ("metadata", "json"),
         "TO_JSON_STRING(`metadata`) AS `metadata`"),
        (BigqueryBackend, {"_project": "p", "_dataset": "d"}, ("amount", "numeric"),
         "CAST(`amount` AS INT64) AS `amount`"),
        (TrinoBackend, {"_catalog": "c", "_schema": "s"}, ("created", "timestamp(3)"),
         'CAST("created" AS TIMESTAMP(6)) AS "created"'),
        (DatabricksBackend, {"_catalog": "c", "_schema": "s"}, ("created", "timestamp"),
         "CAST(`created` AS TIMESTAMP_NTZ) AS `created`"),
    ],
)  # fmt: skip
def test_each_brings_its_types_to_the_contracts(
    kind: type, own: dict[str, str], column: tuple[str, str], written: str
) -> None:
    backend = made(kind, Fake([Stored("charges", *column)]), **own)
    backend.refresh()
    assert backend.state("charges").cast_columns == (column[0],)
    assert written in backend.relation("charges").sql(kind.sqlglot, identify=True)


def test_what_ends_quietly_after_the_deadline_is_no_answer() -> None:
    """A driver that is cancelled may just stop giving rows; half of them are not all of them."""
    fake = Fake([])

    def slow() -> Iterable[Sequence[Any]]:
        while not fake.stopped:
            yield [1]

    backend = made(TrinoBackend, fake)
    backend.fetch = lambda sql, values, seconds: slow()
    with pytest.raises(QueryTimeout):
        backend.run("SELECT 1", 0.05)
    assert fake.stopped


def test_a_drivers_error_is_in_the_rooms_words() -> None:
    backend = made(SnowflakeBackend, Fake([]))

    def failing(sql: str, values: Sequence[str], seconds: float) -> Iterable[Sequence[Any]]:
        error = RuntimeError("SQL compilation error:\ninvalid identifier.")
        error.errno = number  # type: ignore[attr-defined]
        raise error

    backend.fetch = failing
    number = 904
    with pytest.raises(QueryFailed, match="Snowflake: SQL compilation error: invalid identifier"):
        backend.run("SELECT 1", 5.0)
    number = 630
    with pytest.raises(QueryTimeout):
        backend.run("SELECT 1", 5.0)
