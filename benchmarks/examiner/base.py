"""The world while it is built: an in-memory database by the contract, a clock and a die."""

# ruff: noqa: E501 (statements and rows)

import tomllib
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

CONTRACT = Path(__file__).parents[2] / "src" / "headwater" / "evidence" / "contract.toml"
TYPES = {
    "text": ("VARCHAR", pa.string()),
    "timestamp": ("TIMESTAMP", pa.timestamp("us")),
    "date": ("DATE", pa.date32()),
    "boolean": ("BOOLEAN", pa.bool_()),
    "integer": ("INTEGER", pa.int32()),
    "bigint": ("BIGINT", pa.int64()),
    "double": ("DOUBLE", pa.float64()),
}
LETTERS = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
MACROS = """
CREATE MACRO mk(p, k) AS p || replace(replace(left(to_base64(unhex(md5(k))), 22), '+', 'x'), '/', 'Q');
CREATE MACRO u(k) AS (hash(k) % 1000003) / 1000003.0;
CREATE MACRO secs(s) AS to_microseconds(CAST(1000000.0 * (s) AS BIGINT));
CREATE MACRO pick(l, k) AS list_extract(l, 1 + CAST(hash(k) % len(l) AS INTEGER));
"""


def columns_of(table: str) -> dict[str, str]:
    """Column names of a contract table with the contract's names of their types."""
    return dict(_contract()[table]["columns"])


def contract_tables() -> list[str]:
    """Names of all tables of the contract."""
    return list(_contract())


def _contract() -> dict[str, Any]:
    if not _CACHE:
        _CACHE.update(tomllib.loads(CONTRACT.read_text("utf-8"))["tables"])
    return _CACHE


_CACHE: dict[str, Any] = {}


class World:
    """Tables under construction. `start` and `end` are naive UTC; money is in minor units."""

    def __init__(self, seed: int, accounts: int, days: int) -> None:
        self.seed = seed
        self.size = accounts
        self.days = days
        self.rng = np.random.default_rng([seed, 20261122])
        self.end = datetime(2026, 11, 9, 15, 20) + timedelta(days=seed % 9, hours=seed % 5)  # noqa: DTZ001
        self.start = self.end - timedelta(days=days)
        self.con = duckdb.connect(":memory:")
        self.con.execute(MACROS)
        self.con.execute(f"CREATE MACRO sid(p, k) AS mk(p, '{seed}' || k)")
        self.pending: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.accounts: list[Any] = []
        self.by_id: dict[str, Any] = {}
        self.letters_used: dict[tuple[str, int], int] = {}
        self.incidents: dict[str, Any] = {}
        self.behaviours: list[dict[str, Any]] = []
        for table in contract_tables():
            names = ", ".join(f'"{n}" {TYPES[t][0]}' for n, t in columns_of(table).items())
            self.con.execute(f"CREATE TABLE {table} ({names})")
        # what plants ask of the bulk: no payouts then, seller keeps it, no browser traffic
        self.con.execute(
            "CREATE TABLE x_hold (account_id VARCHAR, since TIMESTAMP, until TIMESTAMP)"
        )
        self.con.execute("CREATE TABLE x_short (charge_id VARCHAR)")
        self.con.execute("CREATE TABLE x_quiet (id VARCHAR)")

    # ---- rows -----------------------------------------------------------------------------
    def add(self, table: str, **row: Any) -> dict[str, Any]:
        """Puts a row aside for `table`; `flush` writes it. Unknown columns raise KeyError."""
        unknown = row.keys() - columns_of(table).keys()
        if unknown:
            raise KeyError(f"{table}: {sorted(unknown)}")
        self.pending[table].append(row)
        return row

    def flush(self) -> None:
        """Writes what was put aside."""
        for table, rows in self.pending.items():
            kinds = columns_of(table)
            schema = pa.schema([(name, TYPES[kind][1]) for name, kind in kinds.items()])
            filled = [{name: row.get(name) for name in kinds} for row in rows]
            self.load(table, pa.Table.from_pylist(filled, schema))
        self.pending.clear()

    def load(self, table: str, data: pa.Table) -> None:
        """Appends an arrow table by column name."""
        self.con.register("incoming", data)
        names = ", ".join(f'"{name}"' for name in data.column_names)
        self.con.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
        self.con.unregister("incoming")

    def run(self, sql: str, *values: Any) -> None:
        """Executes a statement; `:seed`-like text is never needed, values go in as `?`."""
        self.con.execute(sql, list(values))

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query as dicts."""
        cursor = self.con.execute(sql, list(values))
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def one(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    # ---- chance ---------------------------------------------------------------------------
    def id(self, prefix: str, length: int = 22) -> str:
        """A fresh object id."""
        return prefix + "".join(LETTERS[self.rng.integers(0, 62, length)])

    def chance(self, share: float) -> bool:
        """True with the probability given."""
        return bool(self.rng.random() < share)

    def pick(self, options: Any) -> Any:
        """One of a list."""
        return options[int(self.rng.integers(0, len(options)))]

    def weighted(self, options: dict[Any, float]) -> Any:
        """One of the keys, by weight."""
        keys = list(options)
        weights = np.array([options[key] for key in keys], dtype=float)
        return keys[int(self.rng.choice(len(keys), p=weights / weights.sum()))]

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both possible."""
        return int(self.rng.integers(low, high + 1))

    def between(self, first: datetime, last: datetime) -> datetime:
        """A moment between two, in whole milliseconds."""
        span = max((last - first).total_seconds(), 0.0)
        return first + timedelta(milliseconds=int(1000 * span * float(self.rng.random())))

    def hex(self, length: int) -> str:
        """Random hexadecimal text."""
        return "".join("0123456789abcdef"[k] for k in self.rng.integers(0, 16, length))

    def uuid(self) -> str:
        """A random key as client libraries make it."""
        text = self.hex(32)
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def address(self) -> str:
        """A public looking network address."""
        first = self.pick([3, 18, 34, 35, 46, 51, 52, 65, 78, 81, 88, 91, 104, 138, 157, 188])
        return ".".join(str(part) for part in (first, *self.rng.integers(1, 255, 3)))
