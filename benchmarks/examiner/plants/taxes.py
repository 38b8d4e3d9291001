"""Tax."""

# ruff: noqa: E501 (rows read better in one line)

from datetime import timedelta

from benchmarks.examiner import billing
from benchmarks.examiner.plants.frame import Case, Steps, Truth, plant
from benchmarks.examiner.plants.recurring import new_sub, sub_facts
from benchmarks.examiner.traffic import request


@plant("TAX-02", "billing", 1.2)
def no_tax(c: Case) -> Steps:
    """Tax is on, and nothing is registered."""
    w, t = c.world, c.ago(0.3, 6)
    w.flush()
    w.run("DELETE FROM tax_registrations WHERE account_id = ?", c.a.id)
    bills = []
    for _ in range(w.whole(2, 5)):
        sub, item, who, cost = new_sub(c, t - timedelta(days=30), automatic_tax_enabled=True)
        bill, _ = billing.invoice(
            w,
            c.a,
            sub,
            item,
            cost["unit_amount"],
            t,
            attempts=["ok"],
            who=who,
            automatic_tax_enabled=True,
            automatic_tax_status="complete",
        )
        w.pending["invoice_line_items"][-1]["tax_amount"] = 0
        bills.append(bill["id"])
    yield
    row = request(
        w,
        c.a,
        t,
        "POST",
        "/v1/tax/calculations",
        status=400,
        code="stripe_tax_inactive",
        message="Stripe Tax has not been activated on your account. Visit https://dashboard.stripe.com/settings/tax to get started.",
        body={},
    )
    return Truth([*bills, row["id"]], sub_facts(c, sub, who, cost["unit_amount"], bill))
