"""A small server of Trino's client protocol over real HTTP, for the adapter and for `verify`.

It is no Trino: statements are read by the parser's Trino dialect and run by DuckDB. What it is
honest about is the road: statements in pages behind next links, types by their signatures, prepared
values, transactions that refuse to write, errors by name, and a query that stops when told to.
"""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

_PAGE = 500
_IMMEDIATE = re.compile(r"EXECUTE IMMEDIATE '((?:[^']|'')*)' USING (.*)\Z", re.S)
# What Trino has and DuckDB lacks, in DuckDB's words.
_MACROS = (
    "json_parse(x) AS json(x)",
    "json_format(x) AS CAST(x AS VARCHAR)",
    "with_timezone(x, z) AS x AT TIME ZONE z",
    "at_timezone(x, z) AS x AT TIME ZONE z",
    "day_of_week(x) AS isodow(x)",
    "day_of_year(x) AS dayofyear(x)",
)
_TYPES = {"VARCHAR": "varchar", "TIMESTAMP": "timestamp", "DATE": "date", "BOOLEAN": "boolean",
          "TINYINT": "tinyint", "SMALLINT": "smallint", "INTEGER": "integer", "BIGINT": "bigint",
          "HUGEINT": "decimal", "DOUBLE": "double", "FLOAT": "real", "JSON": "json",
          "TIMESTAMP WITH TIME ZONE": "timestamp with time zone"}  # fmt: skip


@dataclass
class Running:
    """A statement between its first page and its last."""

    connection: Any
    thread: threading.Thread | None = None
    columns: list[dict[str, Any]] | None = None
    rows: list[list[Any]] = field(default_factory=list)
    error: dict[str, Any] | None = None
    sent: int = 0
    done: bool = False


@dataclass
class Trino:
    """The server's state, and what it has been asked."""

    database: Any
    port: int = 0
    statements: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    running: dict[str, Running] = field(default_factory=dict)
    transactions: dict[str, bool] = field(default_factory=dict)

    def address(self, catalog: str = "lake", schema: str = "shop") -> str:
        """Where it is, as Headwater writes it."""
        return f"trino://reader@127.0.0.1:{self.port}/{catalog}/{schema}"

    def start(self, sql: str, headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """Begins a statement; its id, and headers that say what became of a transaction."""
        self.statements.append(sql)
        self.headers.append(headers)
        name = f"q_{len(self.statements)}"
        running = self.running[name] = Running(self.database.cursor())
        word = sql.strip().upper()
        if word.startswith("START TRANSACTION"):
            self.transactions[name] = "READ ONLY" in word
            running.done = True
            return name, {"X-Trino-Started-Transaction-Id": name}
        within = headers.get("X-Trino-Transaction-Id", "NONE")
        if word in ("ROLLBACK", "COMMIT"):
            del self.transactions[within]
            running.done = True
            return name, {"X-Trino-Clear-Transaction-Id": "true"}
        if within != "NONE" and within not in self.transactions:
            running.error, running.done = _error("UNKNOWN_TRANSACTION", within), True
            return name, {}
        read_only = self.transactions.get(within, False)
        running.thread = threading.Thread(target=_run, args=(running, sql, read_only), daemon=True)
        running.thread.start()
        return name, {}

    def page(self, name: str, host: str) -> dict[str, Any]:
        """The next rows of a statement, waiting for them a little."""
        running = self.running[name]
        if running.thread is not None:
            running.thread.join(0.05)
        body: dict[str, Any] = {
            "id": name,
            "infoUri": f"http://{host}/ui/{name}",
            "stats": {"state": "FINISHED" if running.done else "RUNNING"},
        }
        link = f"http://{host}/v1/statement/{name}/{running.sent}"
        if not running.done:
            return {**body, "nextUri": link}
        if running.error:
            return {**body, "error": running.error}
        rows = running.rows[running.sent : running.sent + _PAGE]
        running.sent += len(rows)
        if running.columns is not None:
            body |= {"columns": running.columns, "data": rows}
        if running.sent < len(running.rows):
            body["nextUri"] = f"http://{host}/v1/statement/{name}/{running.sent}"
        return body

    def stop(self, name: str) -> None:
        """Ends a statement that runs."""
        self.cancelled.append(name)
        with suppress(duckdb.Error):
            self.running[name].connection.interrupt()


def _run(running: Running, sql: str, read_only: bool) -> None:
    try:
        tree = _bound(sql)
        if read_only and not isinstance(tree, exp.Query):
            running.error = _error("READ_ONLY_VIOLATION", "Cannot write in a read-only transaction")
            return
        asked = [each for each in tree.find_all(exp.Table) if each.db == "information_schema"]
        for table in asked:  # DuckDB has one for all its catalogues
            table.set("catalog", None)
        text = tree.sql("duckdb")
        found = running.connection.execute(text)
        if isinstance(tree, exp.Query):
            kinds = [str(each[1]) for each in found.description]
            rows = found.fetchall()
            if asked:
                rows = [(table, column, _catalogue_type(kind)) for table, column, kind in rows]
            running.rows = [[_sent(value) for value in row] for row in rows]
            names = [each[0] for each in found.description]
            running.columns = [_column(*each) for each in zip(names, kinds, strict=True)]
    except sqlglot.errors.SqlglotError as error:
        running.error = _error("SYNTAX_ERROR", str(error))
    except duckdb.InterruptException:
        running.error = _error("USER_CANCELED", "Query was canceled")
    except duckdb.Error as error:
        running.error = _error("GENERIC_USER_ERROR", str(error))
    finally:
        running.done = True


def _bound(sql: str) -> exp.Expr:
    """The statement, with what stands after USING in the places of its question marks."""
    prepared = _IMMEDIATE.match(sql)
    if prepared is None:
        return sqlglot.parse_one(sql, read="trino")
    tree = sqlglot.parse_one(prepared[1].replace("''", "'"), read="trino")
    given = sqlglot.parse_one(f"SELECT {prepared[2]}", read="trino").expressions
    places = list(tree.find_all(exp.Placeholder, bfs=False))
    assert len(places) == len(given), (sql, given)
    for place, value in zip(places, given, strict=True):
        place.replace(value.copy())
    return tree


def _catalogue_type(kind: str) -> str:
    """A type as Trino's own catalogue names it."""
    if kind.startswith("DECIMAL"):
        return kind.lower()
    if kind.startswith("TIMESTAMP"):
        zone = " with time zone" if kind.endswith("ZONE") else ""
        return f"timestamp(6){zone}"
    return _TYPES[kind]


def _column(name: str, kind: str) -> dict[str, Any]:
    raw = "decimal" if kind.startswith("DECIMAL") else _TYPES.get(kind, "varchar")
    sizes = [6] if raw.startswith("timestamp") else [38, 0] if raw == "decimal" else []
    arguments = [{"kind": "LONG", "value": size} for size in sizes]
    return {"name": name, "type": raw, "typeSignature": {"rawType": raw, "arguments": arguments}}


def _sent(value: Any) -> Any:
    """A value as the protocol's JSON has it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    return value


def _error(name: str, message: str) -> dict[str, Any]:
    return {"message": message, "errorCode": 1, "errorName": name, "errorType": "USER_ERROR"}


class _Handler(BaseHTTPRequestHandler):
    trino: Trino
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        sql = self.rfile.read(length).decode("utf-8")
        if self.headers["X-Trino-User"] == "stranger":
            self._answer(401, {"error": "who?"}, {})
            return
        name, more = self.trino.start(sql, dict(self.headers))
        self._answer(200, self.trino.page(name, self.headers["Host"]), more)

    def do_GET(self) -> None:
        name = self.path.split("/")[3]
        self._answer(200, self.trino.page(name, self.headers["Host"]), {})

    def do_DELETE(self) -> None:
        self.trino.stop(self.path.split("/")[3])
        self._answer(204, None, {})

    def _answer(self, status: int, body: Any, more: Mapping[str, str]) -> None:
        data = b"" if body is None else json.dumps(body).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests have their own words."""


@contextmanager
def serving() -> Iterator[Trino]:
    """A server with the catalogue `lake` and its empty schema `shop`."""
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        for macro in _MACROS:
            database.execute(f"CREATE MACRO {macro}")
        database.execute("ATTACH ':memory:' AS lake")
        database.execute("CREATE SCHEMA lake.shop")
        trino = Trino(database)
        handler = type("Handler", (_Handler,), {"trino": trino})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        trino.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield trino
        finally:
            server.shutdown()
            server.server_close()
            deadline = time.monotonic() + 5
            for each in trino.running.values():
                if each.thread is not None:
                    each.thread.join(max(deadline - time.monotonic(), 0))
