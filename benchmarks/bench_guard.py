"""What the guard and the worker add to a query: `python benchmarks/bench_guard.py [LAKE]`.

Without LAKE a small one is made. Prints milliseconds, median and 95th percentile.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import Purpose, Scope

QUERIES = {
    "trivial": "select 1 as x",
    "latest failures": (
        "select id, created, status, error_code from api_request_logs where created >= $a "
        "and created < $b and status >= 400 order by created desc limit 20"
    ),
    "failures by code": (
        "with failed as (select error_code, id, created from api_request_logs "
        "where created >= $a and created < $b and status >= 400) select error_code, count(*) as n, "
        "min(created) as first_seen, max(created) as last_seen from failed group by 1 order by 2"
    ),
}
WINDOW = {"a": datetime(2026, 11, 3), "b": datetime(2026, 11, 10)}  # noqa: DTZ001
PURPOSE = Purpose(who="benchmark", entrance="cli", reason="overhead of the guard")
REPEAT = 200


def build(root: Path) -> str:
    folder = root / "api_request_logs"
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'req_' || i AS id, 'acct_' || (hash(i) % 500) AS account_id, "
            "TIMESTAMP '2026-11-01' + to_milliseconds(i * 3000) AS created, "
            "(CASE WHEN i % 20 = 0 THEN 400 ELSE 200 END)::INT AS status, "
            "CASE WHEN i % 20 = 0 THEN 'code_' || (i % 3) END AS error_code, "
            "strftime(TIMESTAMP '2026-11-01' + to_milliseconds(i * 3000), '%Y-%m-%d') AS dt "
            "FROM range(400000) t(i) ORDER BY dt, account_id, created) "
            f"TO '{folder}' (FORMAT parquet, PARTITION_BY (dt))"
        )
    return "acct_7"


def measure(action: Callable[[], object]) -> tuple[float, float]:
    times = []
    for _ in range(REPEAT):
        started = time.perf_counter()
        action()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def raw_action(connection: duckdb.DuckDBPyConnection, sql: str) -> Callable[[], object]:
    return lambda: connection.execute(sql).fetchall()


def main() -> None:
    with tempfile.TemporaryDirectory() as work:
        root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(work) / "lake"
        if len(sys.argv) > 1:
            account = sys.argv[2]
        else:
            root.mkdir()
            account = build(root)
        started = time.perf_counter()
        store = open_store(root, recorder=FileRecorder(Path(work) / "runs.jsonl"), threads=1)
        scope = Scope((account,))
        store.query("select 1 as warm", purpose=PURPOSE, scope=scope)
        print(f"worker start and first query: {(time.perf_counter() - started) * 1000:.0f} ms\n")
        print(f"{'query':<18}{'first':>9}{'guarded':>16}{'raw DuckDB':>16}{'added':>9}")
        raw = duckdb.connect(config={"threads": 1})
        raw.execute("SET parquet_metadata_cache = true")
        for name, sql in QUERIES.items():
            started = time.perf_counter()
            result = store.query(sql, purpose=PURPOSE, scope=scope, params=WINDOW)
            first = (time.perf_counter() - started) * 1000
            guarded = measure(
                lambda sql=sql: store.query(sql, purpose=PURPOSE, scope=scope, params=WINDOW)
            )
            folder = root / "api_request_logs"
            source = f"'{folder}/**/*.parquet'" if folder.is_dir() else f"'{folder}.parquet'"
            text = sql.replace(
                "from api_request_logs where", f"from {source} where account_id = '{account}' and"
            )
            for key, moment in WINDOW.items():
                text = text.replace(f"${key}", f"TIMESTAMP '{moment}'")
            plain = measure(raw_action(raw, text))
            assert len(raw.execute(text).fetchall()) == len(result.rows)
            print(
                f"{name:<18}{first:>7.1f}ms{guarded[0]:>8.2f}/{guarded[1]:<7.2f}"
                f"{plain[0]:>8.2f}/{plain[1]:<7.2f}{guarded[0] - plain[0]:>7.2f}ms"
            )
        raw.close()
        store.close()


if __name__ == "__main__":
    main()
