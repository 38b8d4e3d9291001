"""A small server that speaks the chat-completions protocol, honest or not, on loopback."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# From the edited text to the body, or to a status with headers and a raw body.
Answer = Callable[[str], str | tuple[int, dict[str, str], bytes]]


@dataclass
class ModelServer:
    """`calls` holds every request: headers and JSON body."""

    url: str = ""
    answer: Answer = lambda text: text
    calls: list[dict[str, Any]] = field(default_factory=list)
    pause: float = 0.0

    @property
    def said(self) -> str:
        """All that was ever sent, as text."""
        return json.dumps([call["body"] for call in self.calls], ensure_ascii=False)


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A running server; its answers may be changed while it runs."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            body = json.loads(raw)
            state.calls.append(
                {
                    "headers": {k.lower(): v for k, v in self.headers.items()},
                    "body": body,
                    "path": self.path,
                }
            )
            time.sleep(state.pause)
            made = state.answer(body["messages"][-1]["content"])
            if isinstance(made, str):
                choice = {"index": 0, "finish_reason": "stop",
                          "message": {"role": "assistant", "content": made}}  # fmt: skip
                whole = {"id": "c1", "object": "chat.completion", "created": 1,
                         "model": body["model"], "choices": [choice]}  # fmt: skip
                made = (200, {"Content-Type": "application/json"}, json.dumps(whole).encode())
            status, headers, content = made
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                pass  # the client gave up

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
