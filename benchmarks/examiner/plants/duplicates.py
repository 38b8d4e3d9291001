"""The ways to be charged, or served, twice."""

# ruff: noqa: E501 (rows read better in one line)

from datetime import timedelta

from benchmarks.examiner import billing
from benchmarks.examiner.plants.frame import Case, Steps, Truth, facts_of, plant
from benchmarks.examiner.plants.recurring import sub_facts
from benchmarks.examiner.sales import patron, sell


@plant("DUP-01", "live", 1.8)
def two_intents(c: Case) -> Steps:
    """One order, two intents, both paid."""
    t = c.ago(0.05, 5)
    first = sell(c.world, c.a, t, ["ok"], metadata={"order_id": str(c.world.whole(10000, 809999))})
    second = sell(
        c.world,
        c.a,
        t + timedelta(seconds=c.world.whole(8, 420)),
        ["ok"],
        who=first.who,
        amount=first.pi["amount"],
    )
    second.pi["metadata"] = second.last["metadata"] = first.pi["metadata"]
    yield
    return Truth(
        [first.pi["id"], second.pi["id"], first.last["id"], second.last["id"]],
        facts_of(c.a, second.last, second.who),
        ["IDEM-03"],
    )


@plant("IDEM-03", "server", 1.3)
def unstable_key(c: Case) -> Steps:
    """The client gave up waiting and sent it again under a new key."""
    t = c.ago(0.05, 5)
    first = sell(c.world, c.a, t, ["ok"], metadata={"order_id": str(c.world.whole(10000, 809999))})
    second = sell(
        c.world,
        c.a,
        t + timedelta(seconds=c.world.whole(31, 75)),
        ["ok"],
        who=first.who,
        amount=first.pi["amount"],
    )
    second.pi["metadata"] = second.last["metadata"] = first.pi["metadata"]
    yield
    yield
    c.world.run(
        "UPDATE api_request_logs SET duration_ms = 33000 + duration_ms WHERE object_id = ? AND method = 'POST'",
        first.pi["id"],
    )
    return Truth(
        [first.pi["id"], second.pi["id"], first.last["id"], second.last["id"]],
        facts_of(c.a, second.last, second.who),
        ["DUP-01", "SDK-02"],
    )


@plant("DUP-02", "live", 1.5)
def only_a_hold(c: Case) -> Steps:
    """One attempt was reversed after the bank had said yes."""
    t = c.ago(0.05, 4)
    first = sell(c.world, c.a, t, ["incorrect_zip"])
    first.last.update(
        {
            "outcome_network_status": "reversed_after_approval",
            "outcome_type": "blocked",
            "outcome_reason": "rule",
        }
    )
    second = sell(
        c.world,
        c.a,
        t + timedelta(seconds=c.world.whole(40, 500)),
        ["ok"],
        who=first.who,
        amount=first.pi["amount"],
    )
    yield
    return Truth([first.last["id"], second.last["id"]], facts_of(c.a, second.last, second.who))


@plant("DUP-03", "billing", 1.4)
def two_subscriptions(c: Case) -> Steps:
    """One person, two customers, two subscriptions."""
    w, t = c.world, c.ago(0.3, 7)
    one = patron(w, c.a, t)
    two = patron(w, c.a, t + timedelta(minutes=w.whole(4, 3000)), email=one.email, name=one.name)
    cost, ids = billing.price(w, c.a, recurring_interval="month"), []
    for who in (one, two):
        sub, item, _ = billing.subscription(
            w, c.a, cost, who.row["created"] + timedelta(minutes=1), who=who
        )
        billing.invoice(
            w,
            c.a,
            sub,
            item,
            cost["unit_amount"],
            sub["created"],
            reason="subscription_create",
            attempts=["ok"],
            who=who,
        )
        ids.append(sub["id"])
    yield
    return Truth([*ids, one.id, two.id], sub_facts(c, sub, two, cost["unit_amount"]))


@plant("DUP-04", "hooked", 1.2)
def two_events(c: Case) -> Steps:
    """One payment, two types of message, two fulfilments."""
    w = c.world
    w.flush()
    e = c.a.hooked[0]
    w.run(
        """UPDATE webhook_endpoints SET enabled_events = '["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]' WHERE id = ?""",
        e["id"],
    )
    s = [sell(w, c.a, t, ["ok"]) for t in c.moments(4)][-1]
    yield
    return Truth([e["id"], s.pi["id"]], facts_of(c.a, s.last, s.who, url=e["url"]))
