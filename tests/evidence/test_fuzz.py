"""Queries bred at random never show a row of another account or a masked value.

Two lakes: the whole one, and one that holds nothing but what the reader may see. An answer that
tells them apart has let something through. HEADWATER_FUZZ_SECONDS sets how long to look.
"""

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from headwater.evidence.errors import QueryLimit, QueryTimeout
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import ParquetStore, open_store
from headwater.evidence.types import Limits, Purpose, Reader, Role, Scope
from headwater.kit.errors import HeadwaterError
from tests.evidence.attacks import CONFINED
from tests.evidence.mutations import Breeder

log = logging.getLogger(__name__)
SECONDS = float(os.environ.get("HEADWATER_FUZZ_SECONDS", "20"))
SEED = int(os.environ.get("HEADWATER_FUZZ_SEED", "7"))
WHO = Purpose("tests", "cli", "fuzzing")
OWN, LEAK = "acct_own", "CANARY"
SCOPE = Scope((OWN,), Reader(Role.SPECIALIST))
LIMITS = Limits(rows=200, seconds=4, memory_bytes=400_000_000)

# Every value of another account and every masked value holds the canary or a number of its own.
TABLES = {
    "accounts": "SELECT {account} AS id, {text} AS email, {mine} AS country, {text} AS "
    "business_name, timestamp '2026-11-01' + interval (i) hour AS created",
    "charges": "SELECT {id} AS id, {account} AS account_id, {number} AS amount, {mine} AS currency,"
    " {text} AS receipt_email, {text} AS client_ip, timestamp '2026-11-01' + interval (i) hour AS "
    "created, i % 2 = 0 AS paid",
    "events": "SELECT {id} AS id, {account} AS account_id, {mine} AS type, {text} AS data, "
    "timestamp '2026-11-01' + interval (i) hour AS created",
    "refunds": "SELECT {id} AS id, {account} AS account_id, {id} AS charge_id, {number} AS amount,"
    " timestamp '2026-11-02' + interval (i) hour AS created",
    "api_keys": "SELECT {id} AS id, {account} AS account_id, {text} AS masked, {mine} AS status,"
    " timestamp '2026-11-01' AS created",
}
SEEDS = [
    *(text for text in CONFINED if "drop view" not in text and "'\\'" not in text),
    "select id, amount from charges where created >= $low and created < $high order by id",
    "select c.currency, count(*) n, sum(c.amount) from charges c join refunds r on r.charge_id ="
    " c.id where c.created < $high group by 1 having count(*) > 0 order by 2 desc, 1",
    "select email, country, (select count(*) from charges where account_id = a.id) from accounts a",
    "select masked, status from api_keys order by masked",
    "select json_extract_string(data, '$.error') as code, count(*) from events group by all",
    "select e.id, lag(created) over (partition by type order by created) from events e",
    "select date_trunc('day', created) d, count(*) filter (where paid), max(receipt_email)"
    " from charges group by 1 order by 1",
    "select * exclude (id) from charges qualify row_number() over (order by amount desc) = 1",
    "select a.id, k.masked from accounts a left join api_keys k on k.account_id = a.id"
    " where a.email like 'C%' or k.masked > 'a'",
]  # fmt: skip
_UNSTABLE = (
    exp.Limit,
    exp.Offset,
    exp.Window,
    exp.Distinct,
    exp.GroupConcat,
    exp.ArrayAgg,
    exp.AggFunc,
    exp.CurrentTimestamp,
    exp.CurrentDate,
    exp.Anonymous,
    exp.Join,
)


def write_lake(root: Path, *, others: bool) -> None:
    root.mkdir()
    for name, select in TABLES.items():
        rows = "SELECT i FROM range(40) t(i)" if others else "SELECT i FROM range(0, 40, 4) t(i)"
        own = "i % 4 = 0"
        secret = f"'{LEAK}_' || i" if others else "'[masked]'"
        filled = select.format(
            account=f"CASE WHEN {own} THEN '{OWN}' ELSE '{LEAK}_acct_' || (i % 4) END",
            id=f"CASE WHEN {own} THEN 'x_' || i ELSE '{LEAK}_x_' || i END",
            mine=f"CASE WHEN {own} THEN 'own' || (i % 3) ELSE '{LEAK}' END",
            number=f"CASE WHEN {own} THEN i ELSE 770000000 + i END",
            text=secret,
        )
        with duckdb.connect() as engine:
            engine.execute(f"COPY ({filled} FROM ({rows})) TO '{root}/{name}.parquet'")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ParquetStore, ParquetStore]]:
    folder = tmp_path_factory.mktemp("fuzz")
    opened = []
    for name, others in (("whole", True), ("own", False)):
        write_lake(folder / name, others=others)
        store = open_store(
            folder / name, recorder=FileRecorder(folder / f"{name}.jsonl"), threads=1, workers=1
        )
        assert isinstance(store, ParquetStore)
        opened.append(store)
    yield opened[0], opened[1]
    for store in opened:
        store.close()


def told(store: ParquetStore, sql: str) -> tuple[str, str]:
    """(kind, everything that the answer or the error says)."""
    params = {name: f"2026-11-0{n}" for n, name in ((1, "low"), (9, "high"))}
    try:
        result = store.query(sql, purpose=WHO, scope=SCOPE, params=params, limits=LIMITS)
    except HeadwaterError as error:
        return type(error).__name__, f"{error} {error.hint}"
    return "rows", repr(sorted(map(repr, result.rows)))


@pytest.mark.slow
def test_no_mutant_sees_more_than_its_reader_may(stores: tuple[ParquetStore, ParquetStore]) -> None:
    whole, own = stores
    end = time.monotonic() + SECONDS
    asked = ran = compared = 0
    for sql in Breeder(SEEDS, SEED).queries():
        if time.monotonic() > end:
            break
        asked += 1
        kind, text = told(whole, sql)
        assert LEAK not in text and "7700000" not in text, f"{sql}\n{text[:500]}"
        if kind != "rows":
            continue
        ran += 1
        if sqlglot.parse_one(sql, read="duckdb").find(*_UNSTABLE):
            continue
        other, expected = told(own, sql)
        if {kind, other} & {QueryTimeout.__name__, QueryLimit.__name__}:
            continue
        compared += 1
        assert text == expected, f"{sql}\n{text[:500]}\n{expected[:500]}"
    log.info("%d mutants, %d ran, %d compared with a lake of nothing else", asked, ran, compared)
    assert ran > asked / 20 and compared > 5
