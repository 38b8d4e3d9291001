# ruff: noqa: E501 - a table of rates reads better with one row per line
"""Ordinary traffic has the rates of a real platform, so that signs have a base rate."""

import pytest

from tests.sandbox.conftest import Query


@pytest.mark.parametrize(
    ("what", "sql", "low", "high"),
    [
        ("client errors", "SELECT avg((status BETWEEN 400 AND 499)::INT) FROM api_request_logs", 0.03, 0.08),
        ("server errors", "SELECT avg((status >= 500)::INT) FROM api_request_logs", 0.00005, 0.002),
        ("declines", "SELECT avg((outcome_type = 'issuer_declined')::INT) FROM charges", 0.08, 0.16),
        ("blocks", "SELECT avg((outcome_type = 'blocked')::INT) FROM charges", 0.002, 0.02),
        ("attempts per payment", "SELECT (SELECT count(*) FROM charges) / (SELECT count(*) FROM payment_intents)", 0.95, 1.3),
        ("refunds", "SELECT (SELECT count(*) FROM refunds) / (SELECT count(*) FROM charges)", 0.01, 0.08),
        ("first deliveries that fail", "SELECT avg((coalesce(response_status, 0) NOT BETWEEN 200 AND 299)::INT) FROM webhook_delivery_attempts WHERE attempt = 1", 0.004, 0.08),
        ("test mode", "SELECT avg((NOT livemode)::INT) FROM api_request_logs", 0.03, 0.2),
        ("payouts that fail", "SELECT avg((status = 'failed')::INT) FROM payouts", 0.001, 0.03),
    ],
)  # fmt: skip
def test_rate_is_in_its_range(ask: Query, what: str, sql: str, low: float, high: float) -> None:
    rate = ask(sql)[0][0]
    assert low <= rate <= high, f"{what}: {rate}"


def test_account_sizes_are_far_apart(ask: Query) -> None:
    largest, middle = ask(
        "SELECT max(n), median(n) FROM (SELECT count(*) AS n FROM api_request_logs GROUP BY account_id)"
    )[0]
    assert largest > 20 * middle


def test_signs_of_causes_occur_in_accounts_that_do_not_write(ask: Query, world: object) -> None:
    for code in ("api_key_expired", "rate_limit", "parameter_unknown", "lock_timeout"):
        accounts = ask(
            f"SELECT count(DISTINCT account_id) FROM api_request_logs WHERE error_code = '{code}'"
        )[0][0]
        assert accounts >= 3, code
