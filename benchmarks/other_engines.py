"""The engines behind the seam, each with the tables of one lake, for as long as a block runs.

Spark reads the lake with a standalone cluster of two workers, ClickHouse (chdb) in a process of
ours; PostgreSQL gets the tables copied in, with an index on account and time, as a warehouse has.
"""

import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import psycopg

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.translating import sql_type

ROOT = Path(__file__).parents[1]
_BLOCK = 1 << 20


@contextlib.contextmanager
def every_engine(lake: Path, tables: Sequence[str]) -> Iterator[dict[str, str]]:
    """{name: URL for `open_store`}. PostgreSQL holds only `tables`."""
    sys.path.insert(0, str(ROOT))
    from scripts.with_postgres import throwaway_server

    from tests.evidence.engines.cluster import spark_cluster

    with contextlib.ExitStack() as stack:
        url = stack.enter_context(throwaway_server())
        with psycopg.connect(url, autocommit=True) as owner:
            for name in tables:
                _copy(owner, lake, name)
            # Evidence is not read with a role that may write.
            owner.execute("CREATE ROLE evidence_reader LOGIN")
            owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO evidence_reader")
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spark-")))
        master = stack.enter_context(spark_cluster(scratch))
        yield {
            "PostgreSQL": url.replace("headwater@", "evidence_reader@"),
            "Spark": f"{master}?lake={lake}",
            "ClickHouse": f"chdb://{lake}",
        }


def _copy(owner: psycopg.Connection, lake: Path, name: str) -> None:
    """One table of the lake into PostgreSQL."""
    table = load_contract().tables[name]
    files = f"{lake}/{name}/**/*.parquet" if (lake / name).is_dir() else f"{lake}/{name}.parquet"
    with duckdb.connect() as reader, tempfile.TemporaryDirectory() as folder:
        rows = reader.read_parquet(files, hive_partitioning=False)
        columns = [column for column in table.columns if column in rows.columns]
        listed = ", ".join(f'"{column}"' for column in columns)
        made = ", ".join(f'"{c}" {_kind(sql_type(table.columns[c]))}' for c in columns)
        owner.execute(f'CREATE TABLE "{name}" ({made})'.encode())
        file = Path(folder) / "rows.csv"
        rows.project(listed).write_csv(str(file), header=False, quotechar='"')
        with (
            file.open("rb") as source,
            owner.cursor().copy(f'COPY "{name}" ({listed}) FROM STDIN (FORMAT csv)'.encode()) as to,
        ):
            while block := source.read(_BLOCK):
                to.write(block)
    owner.execute(f'CREATE INDEX ON "{name}" ("{table.account}", "{table.time}")'.encode())
    owner.execute(f'ANALYZE "{name}"'.encode())


def _kind(kind: str) -> str:
    return "DOUBLE PRECISION" if kind == "DOUBLE" else kind
