"""Declines, authentication, holds, fraud blocks."""

# ruff: noqa: E501 (statements, rows and letters)

from datetime import timedelta

from benchmarks.examiner.plants.frame import Case, Steps, Truth, facts_of, plant
from benchmarks.examiner.sales import Sale, patron, sell
from benchmarks.examiner.traffic import request


def _truth(c: Case, sales: list[Sale], *also: str) -> Truth:
    """The last sale is the one written about."""
    last = sales[-1]
    ids = [x for s in sales for x in (s.pi["id"], *(ch["id"] for ch in s.charges))]
    return Truth(ids, facts_of(c.a, last.last if last.charges else None, last.who) | {
        "pi": last.pi["id"], "n": str(len(sales))}, list(also))  # fmt: skip


@plant("DEC-01", "live", 3.0)
def issuer(c: Case) -> Steps:
    """One customer's bank says no, again and again; or several customers' banks do."""
    w = c.world
    code = w.weighted({"insufficient_funds": 4, "do_not_honor": 3, "generic_decline": 4,
                       "transaction_not_allowed": 1, "fraudulent": 1, "lost_card": 0.5,
                       "try_again_later": 1})  # fmt: skip
    c.onset = max(c.onset, c.when - timedelta(days=4))
    if w.chance(0.6):
        who = patron(w, c.a, c.onset)
        sales = [sell(w, c.a, c.onset, [code] * w.whole(1, 3), who=who)]
        if w.chance(0.5):
            sales.append(
                sell(w, c.a, c.moments(1)[0], [code], who=who, amount=sales[0].pi["amount"])
            )
    else:
        sales = [
            sell(w, c.a, t, [w.pick([code, "generic_decline"])]) for t in c.moments(w.whole(3, 9))
        ]
    yield
    return _truth(c, sales)


@plant("DEC-02", "live", 1.4)
def card_data(c: Case) -> Steps:
    """Security code, date or number typed wrongly, more than once."""
    w = c.world
    code = w.pick(["incorrect_cvc", "expired_card", "incorrect_number", "incorrect_zip"])
    c.onset = max(c.onset, c.when - timedelta(days=3))
    sales = [sell(w, c.a, t, [code] * w.whole(1, 3)) for t in c.moments(w.whole(1, 2))]
    yield
    return _truth(c, sales)


@plant("DEC-03", "live", 1.4)
def off_session(c: Case) -> Steps:
    """Charged while the customer is away; the bank wants them present."""
    w = c.world
    sales = [sell(w, c.a, t, ["authentication_required"], who=patron(w, c.a, t, country=w.pick(
        ["DE", "FR", "GB", "IT"]))) for t in c.moments(w.whole(2, 7))]  # fmt: skip
    yield
    for s in sales:
        request(w, c.a, s.last["created"] - timedelta(seconds=1), "POST", "/v1/payment_intents",
                oid=s.pi["id"], status=402, code="authentication_required", message=
                s.last["failure_message"], body={"amount": s.pi["amount"], "currency":
                s.pi["currency"], "customer": s.who.id, "payment_method": s.who.pm, "off_session":
                True, "confirm": True}, error_decline_code="authentication_required",
                error_charge_id=s.last["id"])  # fmt: skip
    return _truth(c, sales)


@plant("DEC-04", "live", 1.6)
def waits_for_customer(c: Case) -> Steps:
    """The authentication was never finished."""
    w = c.world
    c.onset = max(c.onset, c.when - timedelta(days=6))
    sales = []
    for t in c.moments(w.whole(1, 6)):
        s = sell(w, c.a, t, [], status="requires_action", next_action_type=w.pick(
            ["use_stripe_sdk", "redirect_to_url"]))  # fmt: skip
        s.pi["payment_method_id"] = s.who.pm
        sales.append(s)
    yield
    facts = facts_of(c.a, s.pi | {"payment_intent_id": s.pi["id"]}, s.who)
    facts.pop("ch", None)
    return Truth([x.pi["id"] for x in sales], facts)


@plant("DEC-05", "live", 1.2)
def failed_then_paid(c: Case) -> Steps:
    """First attempt refused, the same intent paid minutes later."""
    w = c.world
    c.onset = max(c.onset, c.when - timedelta(days=5))
    sales = [sell(w, c.a, t, ["insufficient_funds", "ok"]) for t in c.moments(w.whole(2, 5))]
    yield
    return _truth(c, sales)


@plant("DEC-06", "live")
def india(c: Case) -> Steps:
    """Cards from India charged without a mandate."""
    w = c.world
    sales, ids = [], []
    for t in c.moments(w.whole(2, 6)):
        who = patron(w, c.a, t, country="IN")
        sales.append(sell(w, c.a, t, ["transaction_not_allowed"], who=who))
    yield
    for s in sales:
        ids.append(request(w, c.a, s.last["created"], "POST", "/v1/payment_intents/:id/confirm",
            oid=s.pi["id"], status=400, code="payment_intent_mandate_invalid", message="The provided "
            "mandate is invalid or missing for off-session payments with cards issued in India.",
            body={"off_session": True, "payment_method": s.who.pm})["id"])  # fmt: skip
    truth = _truth(c, sales, "DEC-07")
    truth.objects += ids
    return truth


@plant("DEC-07", "live", 1.2)
def unsupported(c: Case) -> Steps:
    """The card cannot do this kind of payment or currency."""
    w = c.world
    code = w.pick(["card_not_supported", "currency_not_supported", "transaction_not_allowed"])
    currency = w.pick(["usd", "eur", "gbp"]) if code == "currency_not_supported" else None
    c.onset = max(c.onset, c.when - timedelta(days=4))
    sales = [sell(w, c.a, t, [code] * w.whole(1, 2), currency=currency)
             for t in c.moments(w.whole(1, 4))]  # fmt: skip
    yield
    return _truth(c, sales)


@plant("DEC-09", "elements", 1.2)
def wrong_state(c: Case) -> Steps:
    """Confirmed or captured twice."""
    w = c.world
    sales = [sell(w, c.a, t, ["ok"]) for t in c.moments(w.whole(3, 10))]
    verb = w.pick(["confirm", "capture", "cancel"])
    text = {"confirm": "You cannot confirm this PaymentIntent because it has already succeeded after "
            "being previously confirmed.", "capture": "This PaymentIntent could not be captured "
            "because it has already been captured.", "cancel": "You cannot cancel this PaymentIntent "
            "because it has a status of succeeded."}[verb]  # fmt: skip
    yield
    wrong = [request(w, c.a, s.last["created"] + timedelta(seconds=w.whole(1, 9)), "POST",
             f"/v1/payment_intents/:id/{verb}", oid=s.pi["id"], status=400, message=text,
             code="payment_intent_unexpected_state")["id"] for s in sales]  # fmt: skip
    truth = _truth(c, sales)
    truth.objects += wrong
    truth.facts |= {"error": text, "req": wrong[-1]}
    return truth


@plant("DEC-10", "live", 1.4)
def hold_lapsed(c: Case) -> Steps:
    """Held, never captured, released after seven days."""
    w = c.world
    if w.days < 9:
        held = w.start + timedelta(hours=1)
    else:
        held = c.when - timedelta(days=7 + float(w.rng.random()) * 2 + 0.1)
    s = sell(w, c.a, held, ["held"])
    gone = min(held + timedelta(days=7), c.when - timedelta(hours=1))
    s.pi.update({"status": "canceled", "canceled_at": gone, "cancellation_reason": "automatic",
             "amount_capturable": 0})  # fmt: skip
    s.last.update({"refunded": True, "amount_refunded": s.pi["amount"]})
    yield
    ids = []
    if w.chance(0.7):
        ids.append(request(w, c.a, w.between(gone, c.when), "POST", "/v1/payment_intents/:id/capture",
            oid=s.pi["id"], status=400, code=w.pick(["charge_expired_for_capture",
            "payment_intent_unexpected_state"]), message="This PaymentIntent could not be captured "
            "because it has a status of canceled.")["id"])  # fmt: skip
    truth = _truth(c, [s])
    truth.objects += ids
    return truth


def _blocked(c: Case, reason: str, count: int, **over: object) -> list[Sale]:
    sales = []
    for t in c.moments(count):
        s = sell(c.world, c.a, t, ["fraudulent"])
        s.last.update({"outcome_type": "blocked", "outcome_network_status": "not_sent_to_network",
                       "outcome_reason": reason, "outcome_network_decline_code": None,
                       "outcome_advice_code": None} | over)  # fmt: skip
        s.pi["last_payment_error_decline_code"] = "generic_decline"
        sales.append(s)
    return sales


@plant("RAD-01", "live", 1.6)
def highest_risk(c: Case) -> Steps:
    """Never reached the bank: blocked for risk."""
    w = c.world
    c.onset = max(c.onset, c.when - timedelta(days=5))
    sales = _blocked(c, "highest_risk_level", w.whole(1, 4), outcome_risk_level="highest",
                     outcome_risk_score=w.whole(76, 97))  # fmt: skip
    yield
    return _truth(c, sales)


@plant("RAD-02", "live", 1.6)
def own_rule(c: Case) -> Steps:
    """A rule that the user wrote."""
    w = c.world
    rule = w.add("radar_rules", id=w.id("ssr_1", 18), account_id=c.a.id, action="block",
                 predicate=w.pick([":card_country: not in ('US','CA')", ":ip_country: != "
                 ":card_country:", "@strict_list", ":card_funding: = 'prepaid'",
                 ":total_charges_per_email_daily: > 2", ":cvc_check: = 'fail'"]),
                 created=c.onset - timedelta(minutes=5), livemode=True)  # fmt: skip
    sales = _blocked(c, "rule", w.whole(2, 8), outcome_rule_id=rule["id"],
                     outcome_risk_level="normal", outcome_risk_score=w.whole(5, 50))  # fmt: skip
    yield
    truth = _truth(c, sales)
    truth.objects.append(rule["id"])
    return truth


@plant("RAD-03", "live", 1.2)
def low_probability(c: Case) -> Steps:
    """The same card, refused before, is not tried any more."""
    w = c.world
    c.onset = max(c.onset, c.when - timedelta(days=4))
    who = patron(w, c.a, c.onset)
    first = sell(w, c.a, c.onset, ["do_not_honor"] * w.whole(2, 4), who=who, gap=600)
    c.onset = c.onset + (c.when - c.onset) * 0.6
    sales = _blocked(c, "low_probability_of_authorization", 1, outcome_risk_level="normal")
    for name in ("card_fingerprint", "card_last4", "card_brand", "card_country"):
        sales[-1].last[name] = first.last[name]
    sales[-1].last["customer_id"] = sales[-1].pi["customer_id"] = who.id
    sales[-1].who = who
    yield
    return _truth(c, [first, *sales], "DEC-01")


@plant("RAD-04", "live", 1.2)
def held_in_review(c: Case) -> Steps:
    """Paid, but somebody has to look first."""
    w = c.world
    c.onset = max(c.onset, c.when - timedelta(days=4))
    sales, ids = [], []
    for t in c.moments(w.whole(1, 3)):
        s = sell(w, c.a, t, ["ok"])
        s.last.update({"outcome_type": "manual_review", "outcome_reason": "elevated_risk_level",
                   "outcome_risk_level": "elevated", "outcome_risk_score": w.whole(66, 74)})  # fmt: skip
        row = w.add("reviews", id=w.id("prv_1"), account_id=c.a.id, charge_id=s.last["id"],
                    payment_intent_id=s.pi["id"], created=s.last["created"], open=True,
                    opened_reason="rule", reason="rule", livemode=True)  # fmt: skip
        s.last["review_id"] = row["id"]
        ids.append(row["id"])
        sales.append(s)
    yield
    truth = _truth(c, sales)
    truth.objects += ids
    return truth


@plant("RAD-05", "live", 1.6)
def card_testing(c: Case) -> Steps:
    """Bots: many cards, few addresses, small sums."""
    w = c.world
    begin = max(c.onset, c.when - timedelta(days=3))
    ips = [w.address() for _ in range(w.whole(1, 4))]
    sales = []
    for _ in range(w.whole(60, 260)):
        t = begin + timedelta(seconds=float(w.rng.exponential(5000)))
        t = t if t < c.when else w.between(begin, c.when)
        code = w.weighted({"generic_decline": 5, "incorrect_number": 3, "incorrect_cvc": 4,
                           "do_not_honor": 2, "ok": 0.4, "stolen_card": 1})  # fmt: skip
        s = sell(w, c.a, t, [code], amount=w.whole(100, 300), metadata={})
        s.last["client_ip"] = w.pick(ips)
        sales.append(s)
    yield
    return _truth(c, sales)
