"""Every reference leads to a row, ids are unique, and money adds up."""

import pytest

from tests.sandbox.conftest import Query

_REFERENCES = (
    ("charges.payment_intent_id", "payment_intents.id"),
    ("charges.customer_id", "customers.id"),
    ("charges.balance_transaction_id", "balance_transactions.id"),
    ("payment_intents.customer_id", "customers.id"),
    ("payment_intents.latest_charge_id", "charges.id"),
    ("refunds.charge_id", "charges.id"),
    ("refunds.balance_transaction_id", "balance_transactions.id"),
    ("disputes.charge_id", "charges.id"),
    ("balance_transactions.payout_id", "payouts.id"),
    ("payouts.balance_transaction_id", "balance_transactions.id"),
    ("payouts.failure_balance_transaction_id", "balance_transactions.id"),
    ("payouts.destination_id", "external_accounts.id"),
    ("events.request_id", "api_request_logs.id"),
    ("webhook_delivery_attempts.event_id", "events.id"),
    ("webhook_delivery_attempts.webhook_endpoint_id", "webhook_endpoints.id"),
    ("api_request_logs.api_key_id", "api_keys.id"),
    ("api_request_logs.account_id", "accounts.id"),
    ("accounts.parent_platform_id", "accounts.id"),
    ("account_requirements.account_id", "accounts.id"),
    ("setup_intents.payment_method_id", "payment_methods.id"),
)


@pytest.mark.parametrize(("child", "parent"), _REFERENCES)
def test_reference_leads_to_a_row(ask: Query, child: str, parent: str) -> None:
    table, column = child.split(".")
    other, key = parent.split(".")
    present = ask(f"SELECT count({column}) FROM {table}")[0][0]
    lost = ask(
        f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL"
        f" AND {column} NOT IN (SELECT {key} FROM {other})"
    )[0][0]
    assert (present > 0, lost) == (True, 0)


@pytest.mark.parametrize(
    "table",
    ["api_request_logs", "events", "webhook_delivery_attempts", "payment_intents", "charges",
     "customers", "balance_transactions", "payouts", "refunds", "api_keys", "webhook_endpoints"],
)  # fmt: skip
def test_ids_are_unique(ask: Query, table: str) -> None:
    assert ask(f"SELECT count(*) - count(DISTINCT id), count(*) > 0 FROM {table}") == [(0, True)]


def test_a_payout_is_the_sum_of_its_balance_rows(ask: Query) -> None:
    wrong = ask(
        "SELECT p.id FROM payouts AS p JOIN balance_transactions AS b ON b.payout_id = p.id"
        " GROUP BY p.id, p.amount HAVING sum(b.net) <> p.amount"
    )
    assert wrong == []


def test_keys_serve_only_while_they_are_valid_and_in_their_mode(ask: Query) -> None:
    wrong = ask(
        "SELECT r.id FROM api_request_logs AS r JOIN api_keys AS k ON k.id = r.api_key_id"
        " WHERE r.livemode <> k.livemode OR r.account_id <> k.account_id"
        " OR ((r.created >= k.expired_at OR r.created < k.created) AND r.status <> 401)"
    )
    assert wrong == []


def test_a_disabled_endpoint_gets_nothing(ask: Query) -> None:
    late = ask(
        "SELECT a.id FROM webhook_delivery_attempts AS a JOIN webhook_endpoints AS w"
        " ON w.id = a.webhook_endpoint_id WHERE a.attempted_at >= w.disabled_at"
    )
    assert late == []


def test_payments_follow_their_customer(ask: Query) -> None:
    wrong = ask(
        "SELECT p.id FROM payment_intents AS p JOIN customers AS c ON c.id = p.customer_id"
        " WHERE c.created > p.created OR c.livemode <> p.livemode OR c.account_id <> p.account_id"
    )
    assert wrong == []


def test_successful_deliveries_are_not_retried(ask: Query) -> None:
    again = ask(
        "SELECT a.id FROM webhook_delivery_attempts AS a JOIN webhook_delivery_attempts AS b"
        " ON b.event_id = a.event_id AND b.webhook_endpoint_id = a.webhook_endpoint_id"
        " AND b.attempt > a.attempt WHERE a.response_status BETWEEN 200 AND 299"
    )
    assert again == []
