"""What Engineering is given."""

import ast
import json
from typing import Any

from headwater.diagnosis.handoff import Moment, as_markdown, make_handoff
from headwater.diagnosis.reproduce import steps_to_reproduce

CAUSE: dict[str, Any] = {
    "playbook": "webhook-endpoint-failing",
    "title": "The endpoint fails",
    "modes": ["WH-04"],
    "probability": 0.9,
    "evidence_ids": ["evt_1", "evt_2", "req_9"],
    "first_seen": "2026-06-02T00:00:00Z",
    "last_seen": "2026-06-03T00:00:00Z",
    "explanation": {"user": "It fails.", "engineer": "214 of 214 attempts got 500."},
    "docs": [],
    "sql": "SELECT 1 AS account_id",
    "rows": [
        {"account_id": "acct_1", "object_id": "we_1", "status": 500, "note": "a|b\nc", "gone": None}
    ],
    "what_to_do": "",
    "reasons": [],
}
DIAGNOSIS: dict[str, Any] = {
    "case_id": "case_1",
    "account_id": "acct_1",
    "causes": [CAUSE],
    "ruled_out": [{"playbook": "rate-limited", "reason": "no rows"}],
    "searched": {
        "window": {"start": "2026-05-04T00:00:00Z", "end": "2026-06-03T00:00:00Z"},
        "tables": ["webhook_endpoints"],
        "freshness": {},
        "missing_tables": ["payouts"],
        "not_searched": [],
    },
    "none_probability": 0.05,
}


def test_everything_that_is_known_is_in_it_in_order() -> None:
    made = make_handoff(
        DIAGNOSIS,
        subject="No events",
        user_words="Nothing arrives",
        timeline=[Moment("2026-06-02T12:00:00Z", "the user wrote")],
        reach={"accounts_affected": 12},
    )
    page = as_markdown(made)
    for words in (
        "214 of 214 attempts", "`evt_2`", "SELECT 1 AS account_id", "rate-limited: no rows",
        "accounts affected: 12", "> Nothing arrives", "Not in the store: payouts",
        "probability 90%", "a\\|b c", "2026-05-04T00:00:00Z",
    ):  # fmt: skip
        assert words in page, words
    assert [each.what for each in made.timeline] == [
        "first row of the evidence", "the user wrote", "last row of the evidence"
    ]  # fmt: skip
    assert "gone" not in page
    assert json.loads(json.dumps(made.as_dict()))["cause"]["sql"] == CAUSE["sql"]


def test_no_secret_and_no_card_number_is_handed_over() -> None:
    key, card = "sk_live_51HxYzAbCdEfGh0123456789", "4242 4242 4242 4242"
    rows = [{"account_id": "acct_1", "message": f"Invalid key {key}", "seen": [card]}]
    made = make_handoff(
        {**DIAGNOSIS, "causes": [{**CAUSE, "rows": rows}]},
        subject=f"key {key}",
        user_words=f"my card {card} and pi_3NxAbCdEf0123",
        timeline=[Moment("2026-06-02T12:00:00Z", f"evidence attached: {key}")],
    )
    for text in (as_markdown(made), json.dumps(made.as_dict())):
        assert key not in text
        assert card not in text
        assert "[card **** 4242]" in text
        assert "pi_3NxAbCdEf0123" in text


def test_no_cause_says_so_and_what_was_searched() -> None:
    page = as_markdown(make_handoff({**DIAGNOSIS, "causes": [], "none_probability": 0.93}))
    assert "No playbook explains this case (probability of no known cause: 93%)" in page
    assert "Tables: webhook_endpoints" in page
    assert "Not counted: there is no cause" in page


def test_what_is_not_counted_names_the_command() -> None:
    assert "headwater playbooks run webhook-endpoint-failing" in as_markdown(
        make_handoff(DIAGNOSIS)
    )


def test_lines_for_the_sdk_are_python_whatever_the_rows_hold() -> None:
    hostile = 'evt_1"); import os; os.system("x'
    rows = [
        {"account_id": "acct_1", "object_id": "pi_1", "method": "GET", "path": "/v1/charges/ch_1"},
        {"account_id": "acct_1", "object_id": hostile, "method": "POST", "path": "/v1/x\nexit()"},
        {"account_id": "acct_1", "object_id": "seti_1", "method": "post", "path": "/v1/refunds"},
    ]
    text = steps_to_reproduce({**CAUSE, "rows": rows}, 'acct_1"\nexit()')
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    names = {ast.unparse(call.func) for call in calls}
    assert names == {
        "stripe.StripeClient", "print", "client.v1.events.retrieve", "client.raw_request",
        "client.v1.payment_intents.retrieve", "client.v1.setup_intents.retrieve",
    }  # fmt: skip
    assert "# Then, in test mode: POST /v1/refunds" in text
    assert "os.system" not in text and "exit()" not in [ast.unparse(c) for c in calls]


def test_every_service_is_one_of_the_sdk() -> None:
    import operator

    import stripe

    from headwater.diagnosis.reproduce import _SERVICES

    client = stripe.StripeClient("sk_test_nothing")
    for service in _SERVICES.values():
        assert callable(operator.attrgetter(service)(client.v1).retrieve)


def test_a_fence_inside_a_value_does_not_end_the_block() -> None:
    page = as_markdown(make_handoff({**DIAGNOSIS, "causes": [{**CAUSE, "sql": "a\n```\nb"}]}))
    assert "````sql\na\n```\nb\n````" in page
