"""A small local platform that speaks the API's protocol over real HTTP.

It keeps objects by account, pages lists from newest to oldest, and can be told to refuse a key,
forbid a list, or ask for a pause, as the real one does.
"""

import json
import threading
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PLATFORM = "acct_platform"
LISTS = (
    "customers payment_intents charges refunds disputes subscriptions invoices "
    "balance_transactions payouts webhook_endpoints events accounts"
).split()


class Platform:
    """The server's state. Tests change it between and during runs."""

    def __init__(self):
        self.objects = defaultdict(lambda: defaultdict(list))
        self.content = {}
        self.inner = {}
        self.keys = {"sk_test_1", "sk_live_1", "rk_test_1"}
        self.forbidden = set()
        self.gone = set()
        self.pauses = 0
        self.failures = 0
        self.requests = []

    def add(self, name, *objects, account=PLATFORM):
        self.objects[account][name].extend(objects)

    def find(self, name, ident, account=PLATFORM):
        return next((o for o in self.objects[account][name] if o["id"] == ident), None)

    def change(self, name, ident, at, account=PLATFORM, **values):
        """Changes an object and tells it in an event, as the platform does."""
        found = self.find(name, ident, account)
        found.update(values)
        number = len(self.objects[account]["events"])
        event = {
            "id": f"evt_change_{account}_{number}",
            "object": "event",
            "type": f"{found['object']}.updated",
            "created": at,
            "livemode": False,
            "api_version": "2026-10-28.endive",
            "data": {"object": dict(found), "previous_attributes": {}},
            "request": {"id": "req_1", "idempotency_key": None},
            "pending_webhooks": 0,
        }
        self.add("events", event, account=account)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        platform = self.server.platform
        url = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        account = self.headers.get("Stripe-Account") or PLATFORM
        parts = url.path.removeprefix("/v1/").split("/")
        platform.requests.append((account, url.path, query))
        key = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if platform.pauses:
            platform.pauses -= 1
            return self.error(429, "Too many requests", code="rate_limit", after="0")
        if platform.failures:
            platform.failures -= 1
            return self.error(500, "Something went wrong")
        if key not in platform.keys:
            return self.error(401, "Expired API Key provided", code="api_key_expired")
        if parts[0] in platform.forbidden:
            return self.error(403, "The provided key does not have the required permissions")
        return self.answer(platform, account, parts, query)

    def answer(self, platform, account, parts, query):
        name = parts[0]
        if parts == ["account"]:
            return self.send(
                {
                    "id": PLATFORM,
                    "object": "account",
                    "created": 1_700_000_000,
                    "country": "DE",
                    "capabilities": {"card_payments": "active"},
                }
            )
        if account in platform.gone:
            return self.error(403, "The account's access was revoked", code="account_invalid")
        if len(parts) == 3:
            return self.page(platform.inner[parts[1]], query)
        if len(parts) == 2:
            found = platform.find(name, parts[1], account)
            return self.send(found) if found else self.error(404, "No such object")
        if name == "subscription_items":
            return self.page(platform.inner[query["subscription"]], query)
        if name not in LISTS:
            return self.error(404, f"Unrecognized request URL (GET: /v1/{name})")
        if name == "balance_transactions" and "payout" in query:
            wanted = platform.content[query["payout"]]
            return self.page([platform.find(name, each, account) for each in wanted], query)
        floor = int(query.get("created[gte]", 0))
        found = [each for each in platform.objects[account][name] if each["created"] >= floor]
        found.sort(key=lambda each: (each["created"], each["id"]), reverse=True)
        return self.page(found, query)

    def page(self, found, query):
        after = query.get("starting_after")
        start = next((n + 1 for n, each in enumerate(found) if each["id"] == after), 0)
        size = int(query.get("limit", 10))
        page = found[start : start + size]
        more = start + size < len(found)
        return self.send({"object": "list", "data": page, "has_more": more, "url": "/v1/x"})

    def error(self, status, message, code=None, after=None):
        kind = "invalid_request_error"
        self.send({"error": {"type": kind, "message": message, "code": code}}, status, after)

    def send(self, body, status=200, after=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if after is not None:
            self.send_header("Retry-After", after)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@contextmanager
def serving(platform):
    """The platform on a free port of loopback; yields its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.platform = platform
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
