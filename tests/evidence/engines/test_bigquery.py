"""BigQuery's adapter and its real driver against a server of the job API."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.seam import proven
from headwater.evidence.engines.warehouses import kept
from headwater.evidence.engines.warehouses.opening import open_backend, open_warehouse
from headwater.evidence.errors import QueryFailed, QueryRefused, QueryTimeout
from tests.evidence.engines.bigquery_server import BigQuery, serving

pytest.importorskip("google.cloud.bigquery")


@pytest.fixture
def bigquery(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[BigQuery]:
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path))
    with serving() as server:
        server.database.execute(
            "CREATE TABLE acme.shop.charges AS SELECT 'ch_' || i AS id, 'acct_' || i % 3 AS "
            "account_id, CAST(i * 10 AS DECIMAL(20, 0)) AS amount, "
            "TIMESTAMP '2026-11-01' + i * INTERVAL 1 HOUR AS created, i % 2 = 0 AS livemode, "
            "'x' AS secret FROM range(1, 901) AS t(i)"
        )
        yield server


def test_values_are_parameters_and_types_the_contracts(bigquery: BigQuery) -> None:
    kept.keep("bigquery", bigquery.address(), dict.fromkeys(proven("postgres"), "pass"))
    engine = open_warehouse("bigquery", bigquery.address(), {})
    found = engine.query(
        "SELECT id, amount, created, livemode, currency, amount / 4 AS quarter, $text AS t "
        "FROM charges WHERE id <> $text ORDER BY created",
        {"text": "x' OR '1'='1"},
        ("acct_1",),
        2,
        20.0,
    )
    assert found["rows"] == [
        ["ch_1", 10, "2026-11-01T01:00:00", False, None, 2.5, "x' OR '1'='1"],
        ["ch_4", 40, "2026-11-01T04:00:00", True, None, 10.0, "x' OR '1'='1"],
    ]
    assert found["truncated"] is True
    states, fresh, _ = engine.tables()
    state = next(each for each in states if each.name == "charges")
    assert state.cast_columns == ("amount",) and "currency" in state.missing_columns
    assert fresh["charges"] == datetime(2026, 12, 8, 12)
    dry, real = [each["configuration"] for each in bigquery.asked if "ORDER BY" in str(each)][:2]
    assert dry["dryRun"] is True and "dryRun" not in real
    assert real["query"]["queryParameters"] == dry["query"]["queryParameters"]
    assert "OR" not in real["query"]["query"].replace("ORDER", "")
    assert int(real["jobTimeoutMs"]) <= 21_000
    engine.close()


def test_what_is_no_select_is_not_run(bigquery: BigQuery) -> None:
    backend = open_backend("bigquery", bigquery.address(), load_contract())
    with pytest.raises(QueryRefused, match="something else than one SELECT"):
        backend.run("DROP TABLE `acme`.`shop`.`charges`", 5.0)
    with pytest.raises(QueryFailed, match=r"BigQuery: .*nowhere"):
        backend.run("SELECT 1 FROM nowhere", 5.0)
    assert backend.run("SELECT COUNT(*) FROM `acme`.`shop`.`charges`", 5.0) == [(900,)]
    backend.close()


def test_the_deadline_cancels_the_job(bigquery: BigQuery) -> None:
    backend = open_backend("bigquery", bigquery.address(), load_contract())
    table = "`acme`.`shop`.`charges`"
    with pytest.raises(QueryTimeout):
        backend.run(
            f"SELECT COUNT(*) FROM {table} AS a CROSS JOIN {table} AS b CROSS JOIN {table} AS c "
            f"CROSS JOIN {table} AS d",
            1.0,
        )
    assert bigquery.cancelled
    backend.close()
