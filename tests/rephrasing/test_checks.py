"""A rephrasing says the same in every particular, or it is refused with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.diagnosis.rephrasing import objections

DRAFT = """Since 10 Jun 2026, 08:00 UTC your endpoint https://shop.example/hooks has refused \
12 events with HTTP 403; the latest is evt_1AbC9. One payment, \
pi_3XyZ7 of 1,249.00 EUR, was not booked.

What to do:

1. Exempt the path /hooks from the CSRF check.
2. Do not delete the endpoint we_77Aa; it holds the secret.
3. Resend the missed events within 30 days.

Documentation:

Webhooks: https://docs.stripe.com/webhooks"""

HONEST = """Your endpoint https://shop.example/hooks has been turning away our deliveries since \
June 10, 2026 at 08:00 UTC: twelve events came back with HTTP 403, most recently evt_1AbC9. \
The payment pi_3XyZ7 over EUR 1249.00 could not be booked for that reason.

Here is what to do:

1. Please exempt the path /hooks from the CSRF check.
2. Please do not delete the endpoint we_77Aa, since it holds the secret.
3. Then resend the missed events within 30 days.

More: https://docs.stripe.com/webhooks"""


def test_an_honest_rephrasing_stands() -> None:
    assert objections(DRAFT, HONEST.replace("EUR 1249.00", "1249.00 EUR")) == []
    assert objections(DRAFT, DRAFT) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("evt_1AbC9", "evt_1AbC8", "ids that the draft does not: evt_1AbC8"),
        ("evt_1AbC9", "one of them", "lost ids: evt_1AbC9"),
        ("12 events", "13 events", "numbers that the draft does not: 13"),
        ("12 events", "thirteen events", "numbers that the draft does not: 13"),
        ("1,249.00 EUR", "1,294.00 EUR", "lost amounts: 1249 EUR"),
        ("1,249.00 EUR", "1,249.00 USD", "1249 USD"),
        ("1,249.00 EUR", "some money", "lost amounts"),
        ("10 Jun 2026", "11 Jun 2026", "dates that the draft does not: 2026-06-11"),
        ("10 Jun 2026", "10 Jul 2026", "2026-07-10"),
        ("08:00 UTC", "09:00 UTC", "times that the draft does not: 09:00"),
        ("08:00 UTC", "08:00 CET", "codes that the draft does not: CET"),
        ("HTTP 403", "HTTP 401", "401"),
        ("30 days", "30 hours", "amounts that the draft does not: 30 hour"),
        ("https://docs.stripe.com/webhooks", "https://evil.example/login", "addresses"),
        ("https://docs.stripe.com/webhooks", "the documentation", "lost addresses"),
        ("has refused", "yesterday refused", "days that the draft does not: yesterday"),
        ("was not booked.", "was not booked. We will refund it.", "does not use: refund"),
        ("was not booked.", "was not booked. Write to boss@evil.example.", "addresses"),
        ("Do not delete", "Delete", "Step 2 may say the opposite"),
        ("3. Resend the missed events within 30 days.", "", "3 steps and it has 2; it lost 3"),
        ("Exempt the path /hooks from the CSRF check", "Restart your computer", "Step 1 no longer"),
        ("latest is", "latest is <b>bold</b>", "markup"),
        ("latest is", "latest is\u202e", "characters that cannot be seen"),
        ("latest is", 'latest is "rate_limit", i.e.', "quotations"),
        ("latest is", "latest is (sk_live_51HxYzAbCdEfGh0123456789)", "secret or a card number"),
        ("latest is", "latest is stripe_error_lookup", "codes"),
    ],
)  # fmt: skip
def test_every_change_of_a_particular_is_named(old: str, new: str, reason: str) -> None:
    assert old in DRAFT
    found = objections(DRAFT, DRAFT.replace(old, new, 1))
    assert any(reason in each for each in found), found


def test_what_the_evidence_shows_may_be_named() -> None:
    text = DRAFT.replace("the latest is", "the endpoint is we_Other1, 99 in all; the latest is")
    assert objections(DRAFT, text)
    assert objections(DRAFT, text, evidence=["we_Other1: 99 attempts"]) == []


def test_length_is_bounded() -> None:
    assert "length" in objections(DRAFT, "Fine.")[0]
    assert any("length" in each for each in objections(DRAFT, DRAFT * 3))


@given(st.text(max_size=300))
def test_any_answer_is_judged_without_failing(text: str) -> None:
    objections(DRAFT, text)
    objections(text, DRAFT)


@given(st.integers(0, 10**6), st.sampled_from(["EUR", "days", "%", ""]))
def test_no_new_number_passes(number: int, unit: str) -> None:
    text = DRAFT.replace("was not booked", f"was not booked after {number} {unit}".rstrip())
    known = {12, 403} if unit == "" else set()
    if number not in known and not (number == 30 and unit in ("days", "")):
        allowed = unit == "" and number in {30, 1249}
        assert bool(objections(DRAFT, text)) != allowed
