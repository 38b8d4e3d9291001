"""Trino's adapter against a server of its protocol: address, values, types, cancel, errors."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from headwater.cli import evidence_verify
from headwater.cli.main import cli
from headwater.evidence.contract import load_contract
from headwater.evidence.engines.conformance import suite
from headwater.evidence.engines.seam import proven
from headwater.evidence.engines.warehouses import kept
from headwater.evidence.engines.warehouses.opening import open_backend
from headwater.evidence.errors import QueryFailed, QueryRefused, QueryTimeout, StoreNotFound
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope
from tests.evidence.engines.trino_server import Trino, serving

pytestmark = pytest.mark.slow

PURPOSE = Purpose(who="tester", entrance="cli", reason="a test")


@pytest.fixture
def trino(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Trino]:
    """A warehouse in its own shape: zoned times, exact numbers, JSON, and a column of no use."""
    for name in ("TRINO_PASSWORD", "TRINO_TOKEN", "HEADWATER_EVIDENCE_VIEWS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path / "home"))
    with serving() as server:
        server.database.execute(
            "CREATE TABLE lake.shop.charges AS SELECT 'ch_' || i AS id, 'acct_' || i % 3 AS "
            "account_id, CAST(i * 10 AS DECIMAL(20, 0)) AS amount, "
            "TIMESTAMPTZ '2026-11-01 00:00:00+02' + i * INTERVAL 1 HOUR AS created, "
            "JSON '{\"a\": 1}' AS metadata, 'x' AS secret FROM range(1, 1201) AS t(i)"
        )
        yield server


@pytest.fixture
def store(trino: Trino, tmp_path: Path) -> Iterator[EvidenceStore]:
    """The store where somebody has proven all that the suite holds."""
    kept.keep("trino", trino.address(), dict.fromkeys(proven("postgres"), "pass"))
    found = open_store(trino.address(), recorder=FileRecorder(tmp_path / "runs.jsonl"))
    yield found
    found.close()


def test_a_warehouse_in_its_own_types(store: EvidenceStore, trino: Trino) -> None:
    state = store.tables()["charges"]
    assert state.present and "currency" in state.missing_columns
    assert set(state.cast_columns) == {"amount", "created", "metadata"}
    assert state.as_of == datetime(2026, 12, 20, 22, 0)
    result = store.query(
        "SELECT id, amount, created, currency, amount / 4 AS quarter FROM charges "
        "WHERE created >= $since ORDER BY created LIMIT 2",
        purpose=PURPOSE,
        scope=Scope(("acct_1",)),
        params={"since": datetime(2026, 11, 1)},
    )
    assert result.types == ("text", "bigint", "timestamp", "text", "double")
    assert result.rows[0] == ("ch_4", 40, datetime(2026, 11, 1, 2, 0), None, 10.0)


def test_values_go_as_parameters_in_a_read_only_transaction(
    store: EvidenceStore, trino: Trino
) -> None:
    for value in ("x' OR '1'='1", "\\' OR 1=1 --", "what ?", "é \n ''"):
        found = store.query(
            "SELECT id, $text AS t FROM charges WHERE id <> $text ORDER BY id LIMIT 1",
            purpose=PURPOSE,
            scope=Scope(("acct_1", value)),
            params={"text": value},
        )
        assert found.rows == (("ch_1", value),)
        sent = next(each for each in trino.statements if "EXECUTE" in each and "ORDER BY" in each)
        trino.statements.remove(sent)
        text, _, given = sent.rpartition(" USING ")
        assert value not in text and value.replace("'", "''") in given
    begun = [each for each in trino.statements if each.startswith("START")]
    assert begun and set(begun) == {"START TRANSACTION READ ONLY"}
    asked = [each for each in trino.headers if "X-Trino-Session" in each]
    assert all("query_max_run_time" in each["X-Trino-Session"] for each in asked)
    assert {each["X-Trino-Time-Zone"] for each in trino.headers} == {"UTC"}
    assert trino.transactions == {}


def test_more_rows_than_a_page(store: EvidenceStore) -> None:
    found = store.query(
        "SELECT id FROM charges", purpose=PURPOSE, scope=Scope(None), limits=Limits(rows=1100)
    )
    assert len(found.rows) == 1100 and found.truncated


def test_the_deadline_stops_the_query_there(store: EvidenceStore, trino: Trino) -> None:
    with pytest.raises(QueryTimeout):
        store.query(
            "SELECT count(*) AS n FROM charges AS a CROSS JOIN charges AS b "
            "CROSS JOIN charges AS c CROSS JOIN charges AS d",
            purpose=PURPOSE,
            scope=Scope(None),
            limits=Limits(seconds=3.0),
        )
    assert trino.cancelled


def test_beneath_the_guard_nothing_is_written(trino: Trino) -> None:
    backend = open_backend("trino", trino.address(), load_contract())
    for sql in ("DROP TABLE lake.shop.charges", "CREATE TABLE lake.shop.own (x BIGINT)"):
        with pytest.raises(QueryFailed, match="read-only"):
            backend.run(sql, 5.0)
    with pytest.raises(QueryFailed, match="nowhere"):
        backend.run("SELECT 1 FROM nowhere", 5.0)
    assert backend.run("SELECT CAST('NaN' AS DOUBLE) <> 1, 1.50, NULL", 5.0)[0][0] is True


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("trino://reader@127.0.0.1:1/lake/shop", "does not answer"),
        ("trino://stranger@127.0.0.1:{port}/lake/shop", "does not answer"),
        ("trino://reader:s3cret@127.0.0.1:{port}/lake/shop", "may not hold a password"),
        ("trino://127.0.0.1:{port}/lake", "a host and 2 names"),
        ("trino://127.0.0.1:{port}/lake/shop?schema=x", "does not know schema"),
    ],
)
def test_a_wrong_address_says_so(trino: Trino, address: str, said: str) -> None:
    with pytest.raises(StoreNotFound, match=said) as refused:
        open_backend("trino", address.format(port=trino.port), load_contract())
    assert "s3cret" not in str(refused.value) and refused.value.hint


def test_a_secret_is_sent_over_tls_only(trino: Trino, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRINO_PASSWORD", "s3cret")
    with pytest.raises(StoreNotFound, match="over TLS only"):
        open_backend("trino", trino.address() + "?tls=no", load_contract())
    with pytest.raises(StoreNotFound, match="does not answer") as failed:
        open_backend("trino", trino.address(), load_contract())
    assert "s3cret" not in str(failed.value) and trino.statements == []


def test_without_a_proof_nothing_runs(trino: Trino, tmp_path: Path) -> None:
    found = open_store(trino.address(), recorder=FileRecorder(tmp_path / "runs.jsonl"))
    sql = "SELECT count(*) AS n FROM charges"
    ask = {"purpose": PURPOSE, "scope": Scope(None)}
    with pytest.raises(QueryRefused, match=r"count is not proven .* Trino") as refused:
        found.query(sql, **ask)
    assert f"verify --engine 'trino://127.0.0.1:{trino.port}/lake/shop'" in str(refused.value.hint)
    found.close()
    kept.keep("trino", trino.address(), {"count": "pass", "sum (int)": "differs"})
    other = trino.address().replace("reader@", "somebody@")
    found = open_store(other, recorder=FileRecorder(tmp_path / "runs.jsonl"))
    assert found.query(sql, **ask).rows == ((1200,),)
    with pytest.raises(QueryRefused, match="another answer than DuckDB's"):
        found.query("SELECT sum(amount) AS n FROM charges", **ask)
    with pytest.raises(QueryRefused, match="No query of the conformance suite"):
        found.query("SELECT mode(id) FROM charges", **ask)
    found.close()


def test_a_proof_of_other_rules_counts_no_more(
    trino: Trino, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keep("trino", trino.address(), {"count": "pass"})
    assert kept.proof_of("trino", trino.address()).proven == {"count"}
    monkeypatch.setattr(kept, "rules", lambda: "others")
    proof = kept.proof_of("trino", trino.address())
    assert proof.proven == frozenset() and "again" in proof.remedy("count")


# A part of the suite, for the whole takes a minute; `/` of whole numbers is DuckDB's own here.
GROUPS = ("json/", "numbers/", "rows/v", "rows/q", "text/regex-replace")
SERVERS_OWN = {"numbers/integer-division", "numbers/sign-and-mod", "text/regex-replace"}
LOUD = {"json/json-object-as-text"}


@pytest.mark.slow
def test_verify_loads_asks_reports_keeps_and_cleans_up(
    trino: Trino, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole command over the wire; a construct runs afterwards exactly where it passed."""
    part = tuple(each for each in suite.cases() if each.name.startswith(GROUPS))
    for place in (suite, evidence_verify):
        monkeypatch.setattr(place, "cases", lambda: part)
    ran = CliRunner().invoke(
        cli, ["evidence", "verify", "--engine", trino.address(), "--json"], catch_exceptions=False
    )
    report = json.loads(ran.stdout)
    notes = {name: note for name, note in report["notes"].items() if "cannot be" not in note}
    assert notes.keys() == SERVERS_OWN | LOUD, notes
    assert ran.exit_code == 1 and report["cases"]["pass"] == len(part) - len(notes)
    proof = kept.proof_of("trino", trino.address())
    assert "intdiv (int, int)" not in proof.proven and "div (int, int)" in proof.proven
    assert proof.verdicts["intdiv (int, int)"] == "failed" and len(proof.proven) >= 60
    assert [name for name, verdict in proof.verdicts.items() if verdict == "differs"]
    left = trino.database.execute(
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'headwater%'"
    ).fetchall()
    assert left == []
