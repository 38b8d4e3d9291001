"""The sync against a local platform over real HTTP."""

import json
import os
import subprocess
import sys
import time

import duckdb
import pytest

from headwater.evidence.contract import load_contract
from headwater.evidence.layout import read_manifest
from headwater.evidence.sync import Client, KeyRefused, ModeMixed, Options, SourceFailed, sync
from headwater.evidence.sync.resources import ACCOUNTS, EVENTS, RESOURCES

from .server import PLATFORM, Platform, serving
from .worlds import DAY, NOW, charge, fill

pytestmark = pytest.mark.slow


@pytest.fixture
def platform():
    return Platform()


@pytest.fixture
def base(platform):
    with serving(platform) as url:
        yield url


def run(tmp_path, base, key="sk_test_1", slept=None, **options):
    waits = [] if slept is None else slept
    client = Client(key, base=base, sleep=waits.append, per_second=1e9)
    return sync(tmp_path / "lake", key, client=client, options=Options(**options))


def rows(root, table, columns="*", where="TRUE"):
    manifest = read_manifest(root / "lake")
    files = [str(root / "lake" / each.path) for each in manifest.tables.get(table, ())]
    if not files:
        return []
    source = "read_parquet(?, hive_partitioning = false)"
    sql = f"SELECT {columns} FROM {source} WHERE {where} ORDER BY ALL"
    return duckdb.execute(sql, [files]).fetchall()


def everything(root):
    return {table: rows(root, table) for table in read_manifest(root / "lake").tables}


def test_every_field_of_every_shape_is_a_column_of_the_contract():
    contract = load_contract()
    for resource in (*RESOURCES, EVENTS, ACCOUNTS):
        for shape in (resource.shape, *(inner for inner, _ in resource.inner)):
            assert set(shape.fields) <= set(contract.tables[shape.table].columns), shape.table


def test_the_first_run_brings_everything(tmp_path, platform, base):
    fill(platform)
    report = run(tmp_path, base)
    assert report.complete
    assert {each.name: (each.seen, each.stored) for each in report.lists} == {
        "accounts": (1, 1),
        "customers": (1, 1),
        "payment_intents": (1, 1),
        "charges": (250, 250),
        "refunds": (1, 1),
        "disputes": (1, 1),
        "subscriptions": (1, 1),
        "invoices": (1, 1),
        "balance_transactions": (5, 5),
        "payouts": (1, 1),
        "webhook_endpoints": (1, 1),
        "events": (1, 1),
    }
    assert len(rows(tmp_path, "subscription_items")) == 12
    assert len(rows(tmp_path, "invoice_line_items")) == 13
    assert rows(tmp_path, "account_capabilities", "account_id, id, status") == [
        (PLATFORM, "card_payments", "active")
    ]


def test_values_arrive_in_the_contracts_units(tmp_path, platform, base):
    fill(platform, charges=1)
    run(tmp_path, base)
    found = rows(
        tmp_path,
        "charges",
        "id, account_id, livemode, amount, customer_id, card_brand, "
        "card_address_zip_check, card_three_d_secure_result, metadata, epoch(created)",
    )
    assert found == [
        (
            "ch_00000",
            PLATFORM,
            False,
            1_000,
            "cus_00001",
            "visa",
            "fail",
            None,
            '{"id":"order-9","note":"Grüße"}',
            NOW - 4 * DAY,
        )
    ]
    assert rows(tmp_path, "refunds", "livemode, status") == [(False, "pending")]
    assert rows(tmp_path, "disputes", "network_reason_code, evidence_submission_count") == [
        ("10.4", 0)
    ]
    assert rows(tmp_path, "invoices", "subscription_id, total") == [("sub_00001", 900)]
    assert rows(
        tmp_path, "invoice_line_items", "tax_amount, proration, price_id", "amount = 4"
    ) == [(5, True, "price_1")]
    assert rows(tmp_path, "events", "request_id, data_object_id") == [("req_9", "ch_00000")]
    assert "opens-something" not in str(everything(tmp_path))


def test_what_a_payout_contains_is_known(tmp_path, platform, base):
    fill(platform, charges=1)
    run(tmp_path, base)
    assert rows(tmp_path, "balance_transactions", "id, payout_id", "payout_id IS NOT NULL") == [
        ("txn_00000", "po_00001"),
        ("txn_00001", "po_00001"),
    ]
    run(tmp_path, base)
    assert len(rows(tmp_path, "balance_transactions", "id", "payout_id IS NOT NULL")) == 2


def test_a_second_run_changes_nothing_and_lists_little(tmp_path, platform, base):
    fill(platform)
    run(tmp_path, base)
    before, asked = everything(tmp_path), len(platform.requests)
    report = run(tmp_path, base)
    assert everything(tmp_path) == before
    assert report.complete
    assert len(platform.requests) - asked < asked
    assert next(e for e in report.lists if e.name == "charges").seen == 0


def test_a_later_run_follows_events_to_old_objects(tmp_path, platform, base):
    fill(platform, charges=3)
    run(tmp_path, base)
    now = int(time.time())
    platform.change("charges", "ch_00001", now, disputed=True, amount_refunded=44)
    # A newer change than any event tells: what counts is the object as it is.
    platform.find("charges", "ch_00001")["amount_refunded"] = 45
    platform.add("charges", charge(900, now))
    report = run(tmp_path, base)
    assert rows(tmp_path, "charges", "disputed, amount_refunded", "id = 'ch_00001'") == [(True, 45)]
    assert len(rows(tmp_path, "charges", "id")) == 4
    found = next(each for each in report.lists if each.name == "charges")
    assert (found.seen, found.stored, found.updated) == (1, 1, 1)


def test_pending_money_is_read_again_until_it_is_available(tmp_path, platform, base):
    fill(platform, charges=1)
    run(tmp_path, base)
    platform.find("balance_transactions", "txn_00002")["status"] = "available"
    run(tmp_path, base)
    assert rows(tmp_path, "balance_transactions", "id", "status = 'pending'") == []


def test_a_deleted_customer_keeps_what_was_known(tmp_path, platform, base):
    fill(platform, charges=1)
    run(tmp_path, base)
    platform.change("customers", "cus_00001", int(time.time()))
    platform.objects[PLATFORM]["customers"] = [
        {"id": "cus_00001", "object": "customer", "deleted": True, "created": 0}
    ]
    run(tmp_path, base)
    assert rows(tmp_path, "customers", "deleted, email") == [(True, "a@b.example")]


def test_connected_accounts_have_their_own_rows(tmp_path, platform, base):
    fill(platform, charges=2)
    platform.add(
        "accounts",
        *({"id": f"acct_{n}", "object": "account", "created": NOW} for n in ("one", "gone")),
    )
    fill(platform, charges=3, account="acct_one", start=50)
    platform.gone.add("acct_gone")
    report = run(tmp_path, base)
    assert rows(tmp_path, "charges", "account_id, count(*)", "TRUE GROUP BY 1") == [
        ("acct_one", 3),
        (PLATFORM, 2),
    ]
    assert rows(tmp_path, "accounts", "id, parent_platform_id") == [
        ("acct_gone", PLATFORM),
        ("acct_one", PLATFORM),
        (PLATFORM, None),
    ]
    assert all(e.problem for e in report.lists if e.account == "acct_gone")
    assert report.complete


def test_a_rate_limit_is_waited_out(tmp_path, platform, base):
    fill(platform, charges=1)
    platform.pauses, platform.failures = 3, 2
    slept = []
    report = run(tmp_path, base, slept=slept)
    assert report.complete and report.waits == 5
    assert len(slept) >= 5


def test_retry_after_is_obeyed(platform, base):
    from headwater.evidence.sync.client import _pause

    class Refused:
        headers = {"Retry-After": "17"}

    assert _pause(Refused(), 0) == 17.0
    Refused.headers = {}
    assert 0.25 <= _pause(Refused(), 0) <= 0.5
    assert _pause(Refused(), 30) == 60.0


def test_a_failing_api_ends_in_one_sentence(tmp_path, platform, base):
    fill(platform, charges=1)
    platform.failures = 99
    with pytest.raises(SourceFailed, match="status 500"):
        run(tmp_path, base)


def test_an_expired_key_is_refused(tmp_path, platform, base):
    platform.keys.clear()
    with pytest.raises(KeyRefused, match="Expired API Key"):
        run(tmp_path, base)


@pytest.mark.parametrize("key", ["pk_test_1", "whsec_1", "", "sk_other_1"])
def test_only_secret_keys_are_tried(tmp_path, base, platform, key):
    with pytest.raises(KeyRefused):
        run(tmp_path, base, key=key or "x")
    assert platform.requests == []


def test_a_forbidden_list_is_reported_and_the_rest_goes_on(tmp_path, platform, base):
    fill(platform, charges=2)
    platform.forbidden = {"disputes", "accounts"}
    report = run(tmp_path, base, key="rk_test_1")
    problems = {each.name: each.problem for each in report.lists if each.problem}
    assert set(problems) == {"disputes", "accounts"}
    assert "may not read disputes" in problems["disputes"]
    assert len(rows(tmp_path, "charges")) == 2


def test_a_list_that_is_permitted_later_is_brought_whole(tmp_path, platform, base):
    fill(platform, charges=2)
    platform.forbidden = {"charges", "payouts"}
    run(tmp_path, base)
    platform.forbidden = set()
    report = run(tmp_path, base)
    assert report.complete
    assert len(rows(tmp_path, "charges")) == 2
    assert len(rows(tmp_path, "balance_transactions", "id", "payout_id IS NOT NULL")) == 2


def test_without_events_everything_is_listed_again(tmp_path, platform, base):
    fill(platform, charges=2)
    platform.forbidden = {"events"}
    assert "without events" in run(tmp_path, base).notes[0]
    platform.find("charges", "ch_00001")["disputed"] = True
    run(tmp_path, base)
    assert rows(tmp_path, "charges", "id", "disputed") == [("ch_00001",)]


def test_modes_do_not_mix_silently(tmp_path, platform, base):
    fill(platform, charges=1)
    run(tmp_path, base)
    with pytest.raises(ModeMixed, match="holds test data"):
        run(tmp_path, base, key="sk_live_1")
    assert len(rows(tmp_path, "charges")) == 1


def test_objects_of_the_other_mode_are_rejected(tmp_path, platform, base):
    platform.add("charges", charge(1, NOW, livemode=True))
    report = run(tmp_path, base)
    found = next(each for each in report.lists if each.name == "charges")
    assert (found.seen, found.stored, found.rejected) == (1, 0, 1)


def test_what_does_not_fit_is_kept_raw_with_its_reason(tmp_path, platform, base):
    fill(platform, charges=2)
    odd = charge(7, NOW, amount="12 euros")
    platform.add("charges", odd, charge(8, NOW, currency=["eur"]))
    report = run(tmp_path, base)
    found = next(each for each in report.lists if each.name == "charges")
    assert (found.seen, found.stored, found.rejected, found.complete) == (4, 2, 2, True)
    path = tmp_path / "lake/_headwater/rejects" / f"stripe-test-{PLATFORM}-charges.jsonl"
    kept = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {each["reason"] for each in kept} == {
        "charges.amount: expected a whole number, got text",
        "charges.currency: expected text, got a list",
    }
    assert odd in [each["object"] for each in kept]
    run(tmp_path, base, full=True)
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_the_command_takes_its_key_from_a_file(tmp_path, platform, base):
    fill(platform, charges=3)
    key = tmp_path / "key"
    key.write_text("sk_test_1\n")
    done = command(tmp_path, base, "--json", "--key-file", str(key))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["complete"] is True
    assert "sk_test_1" not in done.stdout + done.stderr
    key.write_text("")
    assert "no API key" in command(tmp_path, base, "--key-file", str(key)).stderr


def command(tmp_path, base, *more, start=subprocess.run, **options):
    return start(
        [
            sys.executable,
            "-m",
            "headwater.cli.main",
            "sync",
            "stripe",
            "--rate",
            "100000",
            "--evidence",
            str(tmp_path / "lake"),
            *more,
        ],
        env={**os.environ, "HEADWATER_STRIPE_API_BASE": base, **options.pop("env", {})},
        **({"capture_output": True, "text": True} if start is subprocess.run else options),
    )
