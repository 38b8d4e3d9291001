"""Fees, conversions, amounts."""

from datetime import timedelta

from benchmarks.examiner.plants.frame import Case, Steps, Truth, facts_of, money, plant
from benchmarks.examiner.plants.money import sold, told
from benchmarks.examiner.sales import sell
from benchmarks.examiner.traffic import request


@plant("FEE-01", "live", 1.3)
def dear(c: Case) -> Steps:
    """A foreign card, a conversion: more than the price list's first line."""
    w = c.world
    abroad = next(x for x in ("US", "BR", "GB") if x != c.a.country)
    sales = []
    for _ in range(w.whole(1, 3)):
        s = sold(c, 1, 9, currency="gbp" if c.a.currency == "usd" and w.chance(0.5) else None)
        s.last["card_country"] = s.who.pm_row["card_country"] = abroad
        sales.append(s)
    yield
    fee = w.one(
        "SELECT fee, currency FROM balance_transactions WHERE source_id = ?", sales[-1].last["id"]
    )
    return told(c, sales[-1], fee=money(fee["fee"], fee["currency"]) if fee else "more")


@plant("FEE-02", "euro", 1.2)
def not_settled(c: Case) -> Steps:
    """A debit that is still on its way."""
    s = sell(c.world, c.a, c.ago(0.4, 3), ["pending"])
    yield
    return told(c, s)


@plant("FEE-03", "modern", 1.1)
def a_moment_later(c: Case) -> Steps:
    """The ledger row comes seconds after the success."""
    s = sell(c.world, c.a, c.moments(1)[0], ["ok"], capture_method="automatic_async")
    yield
    row = request(
        c.world,
        c.a,
        s.last["created"] + timedelta(milliseconds=900),
        "GET",
        "/v1/charges/:id",
        oid=s.last["id"],
        reply={
            "id": s.last["id"],
            "object": "charge",
            "status": "succeeded",
            "balance_transaction": None,
        },
    )
    return told(c, s, row["id"], s.pi["id"])


@plant("CUR-04", "live", 1.2)
def converted(c: Case) -> Steps:
    """Sold in one currency, settled in another."""
    other = "usd" if c.a.currency != "usd" else "eur"
    s = sold(c, 1, 9, currency=other)
    yield
    got = c.world.one(
        "SELECT id, net, currency FROM balance_transactions WHERE source_id = ?", s.last["id"]
    )
    return told(
        c,
        s,
        *([got["id"]] if got else []),
        got=money(got["net"], got["currency"]) if got else "less",
    )


@plant("CUR-01", "live", 1.0)
def hundredfold(c: Case) -> Steps:
    """Yen times a hundred."""
    w, sales = c.world, []
    for t in c.moments(w.whole(1, 4)):
        price = w.pick([1200, 2980, 4500, 9800])
        sales.append(
            sell(
                w,
                c.a,
                t,
                ["ok"],
                currency="jpy",
                amount=price * 100,
                metadata={
                    "order_id": str(w.whole(1000, 9999)),
                    "order_total": str(price),
                    "currency": "JPY",
                },
            )
        )
    yield
    return Truth(
        [x for s in sales for x in (s.pi["id"], s.last["id"])],
        facts_of(c.a, sales[-1].last, sales[-1].who),
    )
