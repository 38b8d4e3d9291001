"""The sync against a stateful server of the protocol that we did not write.

It takes no dates in most lists, so every run here lists everything.
"""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import stripe

from headwater.evidence.layout import read_manifest
from headwater.evidence.sync import Client, Options, sync

# Its own command listens on every interface.
SERVE = (
    "import sys; from aiohttp import web; from localstripe import server; "
    "web.run_app(server.app, host='127.0.0.1', port=int(sys.argv[1]), print=None)"
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("localstripe")
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], cwd=folder)
    try:
        yield _answering(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait()


def _answering(base: str) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(base + "/js.stripe.com/v3/", timeout=5).close()
            return base
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def rows(root: Path, table: str, columns: str) -> list[tuple[object, ...]]:
    manifest = read_manifest(root)
    assert manifest is not None
    files = [str(root / each.path) for each in manifest.tables[table]]
    source = "read_parquet(?, hive_partitioning = false)"
    return duckdb.execute(f"SELECT {columns} FROM {source} ORDER BY ALL", [files]).fetchall()


@pytest.mark.slow
def test_what_was_made_there_arrives(base: str, tmp_path: Path) -> None:
    api = stripe.StripeClient("sk_test_1", base_addresses={"api": base}).v1
    customers = [api.customers.create({"email": f"{n}@shop.example"}) for n in range(120)]
    card = {"number": "4242424242424242", "exp_month": 1, "exp_year": 2040, "cvc": "123"}
    method = api.payment_methods.create({"type": "card", "card": card})
    paid = api.payment_intents.create(
        {
            "amount": 1_234,
            "currency": "eur",
            "customer": customers[0].id,
            "payment_method": method.id,
            "confirm": True,
        }
    )
    api.refunds.create({"payment_intent": paid.id, "amount": 34})

    def run() -> None:
        client = Client("sk_test_1", base=base, per_second=1e9)
        options = Options(account="acct_local", full=True)
        report = sync(tmp_path, "sk_test_1", client=client, options=options)
        assert report.complete
        seen = {each.name: each.seen for each in report.lists if each.problem is None}
        assert (seen["customers"], seen["payment_intents"], seen["refunds"]) == (120, 1, 1)

    run()
    ids = sorted(each.id for each in customers)
    assert [row[0] for row in rows(tmp_path, "customers", "id")] == ids
    found = rows(tmp_path, "payment_intents", "id, amount, status, account_id, livemode")
    assert found == [(paid.id, 1_234, "succeeded", "acct_local", False)]
    assert rows(tmp_path, "refunds", "amount, payment_intent_id") == [(34, paid.id)]
    api.customers.update(customers[5].id, {"name": "Renamed"})
    run()
    names = [row for row in rows(tmp_path, "customers", "name, id") if row[0]]
    assert names == [("Renamed", customers[5].id)]
