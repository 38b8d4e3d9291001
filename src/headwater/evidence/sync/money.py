"""The ledger and what leaves it: balance transactions and payouts."""

from headwater.evidence.sync.shape import Shape

BALANCE_TRANSACTIONS = Shape(
    "balance_transactions",
    {
        "id": "id",
        "created": "created",
        "available_on": "available_on",
        "amount": "amount",
        "fee": "fee",
        "net": "net",
        "currency": "currency",
        "exchange_rate": "exchange_rate",
        "type": "type",
        "reporting_category": "reporting_category",
        "balance_type": "balance_type",
        "source_id": "source",
        "status": "status",
        # Not on the API's object; learnt by asking what a payout contains.
        "payout_id": "payout",
        "description": "description",
    },
)

PAYOUTS = Shape(
    "payouts",
    {
        "id": "id",
        "created": "created",
        "arrival_date": "arrival_date",
        "amount": "amount",
        "currency": "currency",
        "status": "status",
        "automatic": "automatic",
        "method": "method",
        "type": "type",
        "destination_id": "destination",
        "destination_last4": "destination.last4",
        "balance_transaction_id": "balance_transaction",
        "failure_balance_transaction_id": "failure_balance_transaction",
        "failure_code": "failure_code",
        "failure_message": "failure_message",
        "reconciliation_status": "reconciliation_status",
        "trace_id_value": "trace_id.value",
        "trace_id_status": "trace_id.status",
        "original_payout_id": "original_payout",
        "reversed_by_id": "reversed_by",
        "livemode": "livemode",
    },
)
