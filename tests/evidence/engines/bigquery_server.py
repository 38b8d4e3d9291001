"""A small server of BigQuery's job API over real HTTP: insert, dry run, results by page, cancel.

It is no BigQuery: statements are read by the parser's dialect and run by DuckDB.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import duckdb
import sqlglot
from sqlglot import exp

_TYPES = {"VARCHAR": "STRING", "TIMESTAMP": "DATETIME", "DATE": "DATE", "BOOLEAN": "BOOL",
          "INTEGER": "INT64", "BIGINT": "INT64", "HUGEINT": "BIGNUMERIC", "DOUBLE": "FLOAT64",
          "TIMESTAMP WITH TIME ZONE": "TIMESTAMP", "JSON": "JSON"}  # fmt: skip
_COLUMNS = (
    "SELECT table_name, column_name, data_type, 'NULL' FROM information_schema.columns "
    "WHERE table_catalog = 'acme'"
)


@dataclass
class Job:
    """A query job from its insert to its last page."""

    resource: dict[str, Any]
    connection: Any
    thread: threading.Thread | None = None
    fields: list[dict[str, str]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    error: dict[str, str] | None = None


@dataclass
class BigQuery:
    """The server's state, and what it has been asked."""

    database: Any
    port: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    jobs: dict[str, Job] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)

    def address(self) -> str:
        """Where it is, as Headwater writes it."""
        return f"bigquery://acme/shop?endpoint=http://127.0.0.1:{self.port}"

    def insert(self, body: dict[str, Any]) -> dict[str, Any]:
        """A job for a query; a dry run only says what kind of statement it is."""
        self.asked.append(body)
        settings = body["configuration"]
        name = body["jobReference"]["jobId"]
        tree = _bound(settings["query"])
        kind = "SELECT" if isinstance(tree, exp.Query) else tree.key.upper()
        resource = {
            **body,
            "id": f"acme:{name}",
            "statistics": {"query": {"statementType": kind, "totalBytesProcessed": "10"}},
            "status": {"state": "DONE" if settings.get("dryRun") else "RUNNING"},
        }
        job = self.jobs[name] = Job(resource, self.database.cursor())
        if not settings.get("dryRun"):
            job.thread = threading.Thread(target=_run, args=(job, tree), daemon=True)
            job.thread.start()
        return resource

    def look(self, name: str) -> Job:
        """A job after a short wait."""
        job = self.jobs[name]
        if job.thread is not None:
            job.thread.join(0.1)
            if not job.thread.is_alive():
                job.resource["status"] = {"state": "DONE"}
                if job.error:
                    job.resource["status"] |= {"errorResult": job.error, "errors": [job.error]}
        return job

    def cancel(self, name: str) -> dict[str, Any]:
        """Ends a job that runs."""
        self.cancelled.append(name)
        with suppress(duckdb.Error):
            self.jobs[name].connection.interrupt()
        return {"job": self.look(name).resource}


def _bound(query: dict[str, Any]) -> exp.Expr:
    tree = sqlglot.parse_one(query["query"], read="bigquery")
    given = [each["parameterValue"]["value"] for each in query.get("queryParameters", ())]
    places = list(tree.find_all(exp.Placeholder, bfs=False))
    assert len(places) == len(given), query
    for place, value in zip(places, given, strict=True):
        place.replace(exp.Literal.string(value))
    return tree


def _run(job: Job, tree: exp.Expr) -> None:
    catalogue = "INFORMATION_SCHEMA" in job.resource["configuration"]["query"]["query"]
    try:
        found = job.connection.execute(_COLUMNS if catalogue else tree.sql("duckdb"))
        rows = found.fetchall()
        if catalogue:
            rows = [(table, column, _named(kind), own) for table, column, kind, own in rows]
        job.rows = [[_sent(value) for value in row] for row in rows]
        job.fields = [
            {"name": f"f{place}", "type": _named(str(each[1])), "mode": "NULLABLE"}
            for place, each in enumerate(found.description)
        ]
    except duckdb.InterruptException:
        job.error = {"reason": "stopped", "message": "Job execution was cancelled"}
    except duckdb.Error as error:
        job.error = {"reason": "invalidQuery", "message": str(error)}


def _named(kind: str) -> str:
    return "NUMERIC" if kind.startswith("DECIMAL") else _TYPES[kind]


def _sent(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else str(value)


class _Handler(BaseHTTPRequestHandler):
    server_of: BigQuery
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        parts = urlsplit(self.path).path.split("/")
        if parts[-1] == "cancel":
            self._answer(self.server_of.cancel(parts[-2]))
        else:
            self._answer(self.server_of.insert(body))

    def do_GET(self) -> None:
        parts = urlsplit(self.path).path.split("/")
        job = self.server_of.look(parts[-1])
        if parts[-2] == "jobs":
            self._answer(job.resource)
        elif job.error:
            self._answer({"error": {"message": job.error["message"], "errors": [job.error]}}, 400)
        else:
            done = job.resource["status"]["state"] == "DONE"
            rows = [{"f": [{"v": value} for value in row]} for row in job.rows]
            about = {"jobReference": job.resource["jobReference"], "jobComplete": done}
            if done:
                about |= {"schema": {"fields": job.fields}, "totalRows": str(len(rows))}
                about |= {"rows": rows}
            self._answer(about)

    def _answer(self, body: Any, status: int = 200) -> None:
        data = json.dumps(body).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests have their own words."""


@contextmanager
def serving() -> Iterator[BigQuery]:
    """A server with the project `acme` and its empty dataset `shop`."""
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute("CREATE MACRO ieee_divide(a, b) AS a / b")
        database.execute("ATTACH ':memory:' AS acme")
        database.execute("CREATE SCHEMA acme.shop")
        made = BigQuery(database)
        handler = type("Handler", (_Handler,), {"server_of": made})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        made.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield made
        finally:
            server.shutdown()
            server.server_close()
            for each in made.jobs.values():
                if each.thread is not None:
                    each.thread.join(5)
