"""`python -m headwater.evidence.worker`: parses and runs queries, and can be killed.

Frames on stdin and stdout are a four-byte length and JSON; the first one says which engine to open.
The process ends when its parent does.
"""

import contextlib
import json
import os
import queue
import resource
import struct
import sys
import threading
from datetime import date, datetime
from typing import Any, BinaryIO

from headwater.evidence.engines.interface import QueryEngine, open_engine
from headwater.evidence.errors import QueryFailed
from headwater.evidence.template import ParamValue
from headwater.evidence.types import Reader, Role
from headwater.kit.errors import HeadwaterError

# Python frames live on the heap, so a deep syntax tree needs no deep C stack.
_RECURSION = 4_000


def main() -> None:
    """Serves requests until stdin closes."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not break the frames
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    sys.setrecursionlimit(_RECURSION)
    options = requests.get()
    threads = options["threads"]
    os.environ.update(options["environment"])
    try:
        engine = open_engine(options["address"], options["engine"], options)
    except HeadwaterError as error:
        _send(replies, {"error": type(error).__name__, **error.as_dict()})
        return
    _limit_resources(options["memory_bytes"], embedded=options["engine"] == "duckdb")
    _send(replies, {"ready": True})
    while True:
        request = requests.get()
        _limit_cpu(request.get("seconds", 60.0) * (threads or os.cpu_count() or 1))
        _send(replies, _answer(engine, request))


def _listen(requests: "queue.SimpleQueue[dict[str, Any]]") -> None:
    """Reads ahead, so that the parent's death is noticed also while a query runs."""
    stream = sys.stdin.buffer
    while True:
        head = stream.read(4)
        if len(head) < 4:
            os._exit(0)
        requests.put(json.loads(stream.read(struct.unpack(">I", head)[0])))


def _send(replies: BinaryIO, answer: dict[str, Any]) -> None:
    body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
    replies.write(struct.pack(">I", len(body)) + body)
    replies.flush()


def _limit_resources(memory_bytes: int, *, embedded: bool) -> None:
    """No file may grow, so not even a query that got past the guard can write the lake."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if not embedded:
        return  # the engine bounds its own memory, elsewhere or by its settings
    with contextlib.suppress(ValueError, OSError):
        ceiling = 2 * memory_bytes + 2_000_000_000
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


def _limit_cpu(seconds: float) -> None:
    """A second belt beneath the parent's clock, for when the parent is stopped or gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    ceiling = int(usage.ru_utime + usage.ru_stime + seconds) + 10
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (ceiling, resource.RLIM_INFINITY))


def _answer(engine: QueryEngine, request: dict[str, Any]) -> dict[str, Any]:
    try:
        match request["op"]:
            case "query":
                accounts = request["accounts"]
                return engine.query(
                    request["sql"],
                    {name: _param(value) for name, value in request["params"].items()},
                    None if accounts is None else tuple(accounts),
                    request["rows"],
                    request["seconds"],
                    frozenset(request["optional"]),
                    Reader(Role(request["role"]), request["personal"]),
                )
            case "prepare":
                params = {name: _param(value) for name, value in request["params"].items()}
                named = request["accounts"]
                accounts = None if named is None else tuple(named)
                engine.prepare(request["queries"], params, accounts, request["seconds"])
                return {}
            case "estimate":
                accounts = request["accounts"]
                params = {name: _param(value) for name, value in request["params"].items()}
                whose = None if accounts is None else tuple(accounts)
                return {"tables": engine.estimate(request["sql"], params, whose)}
            case "needs":
                return {"needs": sorted(engine.needs(request["sql"]))}
            case "plan":
                return {"plan": engine.plan(request["sql"], scoped=request["scoped"])}
            case "tables":
                return _tables(engine)
        raise QueryFailed(f"Unknown operation {request['op']!r}.")
    except HeadwaterError as error:
        return {"error": type(error).__name__, **error.as_dict()}
    except MemoryError:
        return {"error": "QueryLimit", "message": "The query needs more memory than it may use."}
    except Exception as error:  # the parent must always get an answer
        return {"error": "QueryFailed", "message": f"{type(error).__name__}: {error}"}


def _param(value: Any) -> ParamValue:
    if isinstance(value, dict):
        kind, text = next(iter(value.items()))
        return datetime.fromisoformat(text) if kind == "datetime" else date.fromisoformat(text)
    return value  # type: ignore[no-any-return]


def _tables(engine: QueryEngine) -> dict[str, Any]:
    states, fresh, unknown = engine.tables()
    moments = {name: moment.isoformat() for name, moment in fresh.items() if moment}
    return {
        "tables": [
            {
                "name": state.name,
                "present": state.present,
                "missing_columns": state.missing_columns,
                "files": state.files,
                "cast_columns": state.cast_columns,
                "derived_columns": state.derived_columns,
                "problem": state.problem,
                "view": state.view,
                "as_of": moments.get(state.name),
            }
            for state in states
        ],
        "unknown": unknown,
        "view_problems": engine.view_problems(),
    }


if __name__ == "__main__":
    main()
