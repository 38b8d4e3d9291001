"""What Engineering is given."""

import ast
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

from headwater.diagnosis.handoff import Handoff, Moment, as_markdown, make_handoff
from headwater.diagnosis.reproduce import steps_to_reproduce
from headwater.diagnosis.subjects import subject_name

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


@contextmanager
def refusing_api() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that refuses every call with status 400, and what it was asked."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.append({"method": self.command, "path": self.path, "body": unquote(body),
                         "headers": headers})  # fmt: skip
            self.send_response(400)
            self.end_headers()
            self.wfile.write(b'{"error": {"type": "invalid_request_error", "code": "x"}}')

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_everything_that_is_known_is_in_it_in_order() -> None:
    made = make_handoff(
        DIAGNOSIS,
        subject="No events",
        user_words="Nothing arrives",
        timeline=[Moment("2026-06-02T12:00:00.654321Z", "the user wrote")],
        reach={
            "accounts": 1200,
            "now": 18,
            "fresh": 5,
            "wrote_in": 3,
            "truncated": False,
            "from": "2026-05-04T00:00:00.123456Z",
            "to": "2026-06-03T00:00:00Z",
            "biggest": [
                {
                    "account_id": "acct_Big",
                    "volume": 123456,
                    "currency": "eur",
                    "last_seen": "2026-06-02T10:11:12.131415Z",
                }
            ],
            "first": [],
            "days": [{"day": "2026-06-02", "affected": 18, "fresh": 5}],
        },
    )
    page = as_markdown(made)
    for words in (
        "214 of 214 attempts", "`evt_2`", "SELECT 1 AS account_id", "rate-limited: no rows",
        "Accounts that show it: 1,200, from 2026-05-04T00:00:00Z", "1,234.56 EUR",
        "Within the last day: 18, of which 5 for the first time", "Wrote to us about it: 3",
        "2026-06-02T10:11:12Z |", "2026-06-02: 18 (5 new)", "object: `we_1`",
        "> Nothing arrives", "Not in the store: payouts",
        "probability 90%", "a\\|b c", "2026-05-04T00:00:00Z",
    ):  # fmt: skip
        assert words in page, words
    assert [each.what for each in made.timeline] == [
        "first row of the evidence", "the user wrote", "last row of the evidence"
    ]  # fmt: skip
    assert "gone" not in page
    assert ".654321" not in page and Handoff.from_dict(made.as_dict()) == made
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
    assert "headwater playbooks reach webhook-endpoint-failing" in as_markdown(
        make_handoff(DIAGNOSIS)
    )


def test_a_finding_about_a_parameter_says_so() -> None:
    row = {"account_id": "acct_1", "object_id": "descripton", "parameter": "descripton"}
    page = as_markdown(make_handoff({**DIAGNOSIS, "causes": [{**CAUSE, "rows": [row]}]}))
    assert "- parameter: `descripton`" in page
    assert "| parameter | descripton |" in page and "object_id" not in page


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"object_id": "pi_3Abc"}, "object"),
        ({"object_id": "key_old", "api_key_id": "key_old"}, "API key"),
        ({"object_id": "key_1"}, "API key"),
        ({"object_id": "inc_1", "incident_id": "inc_1"}, "incident"),
        ({"object_id": "A-77", "order_ref": "A-77"}, "order"),
        ({"object_id": "ord-7", "idempotency_key": "ord-7"}, "idempotency key"),
        ({"object_id": "2025-03-31.basil", "new_version": "2025-03-31.basil"}, "API version"),
        ({"object_id": "/v1/customers"}, "call"),
        ({"object_id": "stripe-python 16.0.0"}, "library"),
        ({"object_id": "trial_from_plan"}, "parameter"),
        ({"object_id": "payment_settings[x]"}, "parameter"),
        ({"object_id": "2026 June"}, "subject"),
        ({}, "object"),
    ],
)
def test_what_a_row_is_about_has_its_name(row: dict[str, Any], name: str) -> None:
    assert subject_name(row) == name


def test_ruled_out_without_a_word_to_say_is_one_line() -> None:
    span = "from 2026-05-04T00:00:00.5Z to 2026-06-03T00:00:00Z"
    out = [{"playbook": "api-outage", "reason": f"Searched incidents {span}: no rows."},
           {"playbook": "rate-limited", "reason": f"Searched a {span}: no rows. Told apart: 429."},
           {"playbook": "card-testing", "reason": f"Searched b {span}: no rows."}]  # fmt: skip
    page = as_markdown(make_handoff({**DIAGNOSIS, "ruled_out": out}))
    assert "without a row: api-outage, card-testing." in page
    assert "- rate-limited: Searched a from 2026-05-04T00:00:00Z to" in page


def test_lines_for_the_sdk_are_python_whatever_the_rows_hold() -> None:
    hostile = 'evt_1"); import os; os.system("x'
    cause = {**CAUSE, "rows": [{"object_id": hostile}, {"object_id": "seti_1"}]}
    requests = [
        {"id": hostile, "method": "GET", "path": "/v1/charges/ch_1", "error_message": "a\nexit()"},
        {"id": "req_1", "method": "POST", "path": "/v1/x\nexit()"},
        {"id": "req_2", "method": "post", "path": "/v1/refunds", "api_version": "1\"; exit()",
         "error_param": '"]; exit()', "stripe_account": '"\nexit()',
         "request_body": '{"a": "\\"); exit()"}'},
    ]  # fmt: skip
    text = steps_to_reproduce(cause, 'acct_1"\nexit()', requests)
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    names = {ast.unparse(call.func) for call in calls}
    assert names == {
        "stripe.StripeClient", "print", "client.v1.events.retrieve", "attempt", "str", "uuid.uuid4",
        "client.v1.setup_intents.retrieve", "os.environ.get", "test_key.startswith",
        "sandbox.raw_request",
    }  # fmt: skip
    assert "/v1/x" not in text


def _request(**more: Any) -> dict[str, Any]:
    return {"id": "req_9", "created": "2026-06-02T10:00:00.1Z", "method": "POST",
            "path": "/v1/customers", "route": "/v1/customers", "status": 400,
            "api_version": "2025-03-31.basil", **more}  # fmt: skip


def test_the_calls_that_failed_are_really_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    import stripe

    requests = [
        _request(error_code="parameter_unknown", error_param="descripton"),
        _request(error_code="parameter_invalid_integer", error_param="amount",
                 error_message="Invalid integer: 19.99.", stripe_account="acct_9"),
        _request(error_code="x", request_body='{"email": "", "metadata": {"n": 1}}'),
        _request(method="GET", path="/v1/charges/ch_1", error_code="resource_missing"),
    ]  # fmt: skip
    with refusing_api() as (url, seen):
        real = stripe.StripeClient
        monkeypatch.setattr(
            stripe, "StripeClient", lambda key: real(key, base_addresses={"api": url})
        )
        monkeypatch.setenv("STRIPE_TEST_KEY", "sk_test_123")
        exec(compile(steps_to_reproduce({**CAUSE, "evidence_ids": [], "rows": []}, "acct_1",
                                        requests), "steps", "exec"), {})  # fmt: skip
    assert [(each["method"], each["path"]) for each in seen] == [
        ("POST", "/v1/customers")] * 3 + [("GET", "/v1/charges/ch_1")]  # fmt: skip
    assert [each["body"] for each in seen[:3]] == [
        "descripton=x", "amount=19.99", "email=&metadata[n]=1"
    ]  # fmt: skip
    assert {each["headers"]["stripe-version"] for each in seen} == {"2025-03-31.basil"}
    assert len({each["headers"]["idempotency-key"] for each in seen[:3]}) == 3
    assert seen[1]["headers"]["stripe-account"] == "acct_9"
    assert {each["headers"]["authorization"] for each in seen} == {"Bearer sk_test_123"}


def test_a_reused_key_is_used_twice_and_a_declined_card_declined() -> None:
    text = steps_to_reproduce(CAUSE, "", [_request(error_type="idempotency_error")])
    assert text.count("idempotency_key=key") == 2 and "'metadata': {'reproduces'" in text
    card = _request(path="/v1/payment_intents", status=402, error_code="expired_card")
    assert "pm_card_chargeDeclinedExpiredCard" in steps_to_reproduce(CAUSE, "", [card])
    again = {**card, "path": "/v1/payment_intents/pi_1/confirm"}
    assert '"/v1/payment_intents",' in steps_to_reproduce(CAUSE, "", [again])


def test_what_the_log_redacted_is_left_out_and_said() -> None:
    body = '{"amount": "[redacted]", "currency": "eur", "customer": "[redacted]"}'
    twice = [_request(id=each, status=200, request_body=body) for each in ("req_1", "req_2")]
    text = steps_to_reproduce(CAUSE, "", twice)
    assert text.count("{'currency': 'eur', 'amount': 1000}") == 2
    assert "redacted there: amount, customer" in text


def test_a_failed_delivery_can_be_made_again() -> None:
    cause = {**CAUSE, "evidence_ids": ["we_1", "evt_1"]}
    text = steps_to_reproduce(cause, "acct_1")
    assert "stripe events resend evt_1 --webhook-endpoint we_1" in text and "uuid" not in text


def test_a_live_key_makes_no_failing_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_TEST_KEY", "sk_live_123")
    text = steps_to_reproduce(CAUSE, "", [_request(error_code="x")])
    with pytest.raises(AssertionError, match="live mode"):
        exec(compile(text, "steps", "exec"), {})


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
