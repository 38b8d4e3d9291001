"""What the fakes share: a real HTTP server on loopback that can be made to fail in many ways."""

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: Any


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Trouble:
    """What happens to the next requests of a kind: `before` or `after` they did their work."""

    method: str
    part: str
    reply: Reply | None
    times: int
    after: bool = False
    # Seconds that the answer is held back once the work is done.
    hold: float = 0.0


class Fake:
    """A tracker on loopback. `answer` is each fake's own; everything asked is kept in `asked`."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.trouble: list[Trouble] = []
        self.lock = threading.Lock()
        self._ticks = 0.0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def fail(self, method: str, part: str, reply: Reply | None, *, times: int = 1,
             after: bool = False, hold: float = 0.0) -> None:  # fmt: skip
        """The next `times` such requests get `reply` (None: the line breaks) instead."""
        self.trouble.append(Trouble(method, part, reply, times, after, hold))

    def count(self, method: str, part: str) -> int:
        return sum(one.method == method and part in one.path for one in self.asked)

    def now(self) -> str:
        """A time that is later with every call, as ISO 8601 with milliseconds."""
        self._ticks = max(self._ticks + 0.001, time.time())
        at = datetime.fromtimestamp(self._ticks, UTC)
        return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def take(self, asked: Asked) -> tuple[Reply | None, float]:
        """The answer to a request, with what was wished upon it, and how long it is held back."""
        with self.lock:
            self.asked.append(asked)
            wish = next((t for t in self.trouble if t.times and t.method == asked.method
                         and t.part in asked.path), None)  # fmt: skip
            if wish is not None:
                wish.times -= 1
                if not wish.after:
                    return wish.reply, wish.hold
            reply = self.answer(asked)
            if wish is None:
                return reply, 0.0
            return (reply if wish.hold else wish.reply), wish.hold


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: Any) -> None:
            pass

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            content = json.loads(body) if body else None
            reply, hold = fake.take(Asked(self.command, parts.path, query, headers, content))
            time.sleep(hold)
            if reply is None:
                self.close_connection = True
                self.connection.close()
                return
            data = b"" if reply.content is None else json.dumps(reply.content).encode()
            try:
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST = do_PATCH = do_PUT = _serve  # noqa: N815

    return Handler
