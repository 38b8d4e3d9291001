"""Who is on the platform: accounts, their keys, endpoints, banks and how they integrate."""

# ruff: noqa: E501 (statements, rows and letters)

import json
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from benchmarks.examiner.base import World
from benchmarks.examiner.vocabulary import (
    BANKS,
    COUNTRIES,
    ENDING,
    FIRST,
    LAST,
    PLACE,
    SDKS,
    SUFFIX,
    TRADE,
    VERSIONS,
)


@dataclass
class Account:
    """One account and its habits; `weight` is its share of all payments."""

    n: int
    id: str
    kind: str  # direct | platform | connected
    country: str
    currency: str
    zone: str
    company: str
    domain: str
    email: str
    person: str
    created: datetime
    weight: float = 0.0
    parent: "Account | None" = None
    routing: str = "none"  # none | direct | destination | separate: how a platform moves money
    style: str = "elements"  # elements | checkout | server
    sdk: str = "stripe-node"
    sdk_version: str = "17.7.0"
    user_agent: str = ""
    version: str = "2023-10-16"
    ips: list[str] = field(default_factory=list)
    idempotent: bool = True
    orders: bool = True
    manual: bool = False
    billing: bool = False
    several: bool = False
    asynchronous: bool = False
    test_only: bool = False
    dormant: bool = False
    decline_rate: float = 0.06
    interval: str = "daily"
    polls: float = 1.0
    keys: dict[str, str] = field(default_factory=dict)
    endpoints: list[dict[str, Any]] = field(default_factory=list)
    bank: dict[str, Any] = field(default_factory=dict)
    taken: str | None = None
    row: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> "Account":
        """Whose server makes the calls: the platform, where charges are made on its behalf."""
        return self.parent if self.parent and self.parent.routing == "direct" else self

    @property
    def hooked(self) -> list[dict[str, Any]]:
        """Enabled live endpoints of its own."""
        return [e for e in self.endpoints if e["livemode"] and not e["is_connect"]]


def build(world: World) -> None:
    """Draws all accounts and writes what belongs to them."""
    kinds = ["platform" if k % 11 == 3 else "connected" if k % 11 in (1, 6, 8) else "direct"
             for k in range(world.size)]  # fmt: skip
    taken: set[str] = set()
    platforms: list[Account] = []
    for n in sorted(range(world.size), key=lambda k: kinds[k] != "platform"):
        account = _draw(world, n, kinds[n], platforms, taken)
        if account.kind == "platform":
            platforms.append(account)
        world.accounts.append(account)
        world.by_id[account.id] = account
    _sizes(world)
    for account in world.accounts:
        _write(world, account)
        _keys(world, account)
        _endpoints(world, account)
        _bank(world, account)
        _standing(world, account)
    world.flush()
    _side_table(world)


def _draw(world: World, n: int, kind: str, platforms: list[Account], taken: set[str]) -> Account:
    parent = world.pick(platforms) if kind == "connected" else None
    country = parent.country if parent and world.chance(0.8) else world.weighted(
        {name: each[1] for name, each in COUNTRIES.items()})  # fmt: skip
    currency, _, _, zone, *_ = COUNTRIES[country]
    name = f"{world.pick(PLACE)} {world.pick(TRADE)}"
    while name in taken:
        name = f"{world.pick(PLACE)} {world.pick(TRADE)} {world.pick(PLACE)}"
    taken.add(name)
    slug = name.lower().replace(" ", world.pick(["", "-", ""]))
    domain = f"{slug}.{SUFFIX[country] if world.chance(0.7) else 'com'}"
    person = f"{world.pick(FIRST)} {world.pick(LAST)}"
    local = world.pick([person.split()[0].lower(), person.lower().replace(" ", "."), "info",
                        "billing", "hello", "dev", "accounts"])  # fmt: skip
    local = unicodedata.normalize("NFD", local).encode("ascii", "ignore").decode()
    sdk = world.weighted({key: each[1] for key, each in SDKS.items()})
    age = int(world.rng.gamma(2.0, 260)) + world.days + 12
    version = world.weighted(VERSIONS)
    account = Account(
        n, world.id("acct_1", 15), kind, country, currency, zone, name + ENDING[country], domain,
        f"{local}@{domain}", person, world.end - timedelta(days=age, seconds=world.whole(0, 86399)),
        parent=parent, sdk=sdk, version=version,
    )  # fmt: skip
    account.routing = world.weighted({"direct": 45, "destination": 35, "separate": 20}) if (
        kind == "platform") else "none"  # fmt: skip
    account.style = world.weighted({"elements": 48, "checkout": 36, "server": 16})
    names = SDKS[sdk]
    account.sdk_version = world.pick(names[2]) if world.chance(0.9) else names[3]
    account.user_agent = f"Stripe/v1 {names[0]}/{account.sdk_version}"
    account.ips = [world.address() for _ in range(world.whole(1, 4))]
    account.idempotent = world.chance(0.62)
    account.orders = world.chance(0.7)
    account.manual = world.chance(0.1)
    account.billing = kind != "connected" and world.chance(0.5)
    account.several = world.chance(0.2)
    account.asynchronous = version >= "2024-04-10" and world.chance(0.7)
    account.test_only = kind == "direct" and world.chance(0.06)
    account.dormant = kind != "platform" and world.chance(0.05)
    account.decline_rate = 0.01 + float(world.rng.beta(1.6, 24))
    account.interval = world.weighted({"daily": 68, "weekly": 18, "monthly": 7, "manual": 7})
    account.polls = float(world.rng.lognormal(0, 0.9))
    return account


def _sizes(world: World) -> None:
    ranks = world.rng.permutation(len(world.accounts)) + 1
    for account, rank in zip(world.accounts, ranks, strict=True):
        account.weight = float(1.0 / (rank + 6) ** 0.95)
        if account.dormant:
            account.weight = 0.0
    total = sum(account.weight for account in world.accounts)
    for account in world.accounts:
        account.weight /= total


def _write(world: World, a: Account) -> None:
    kind = world.weighted({"express": 50, "standard": 35, "custom": 15}) if a.parent else "none"
    if a.parent and a.parent.routing == "direct" and kind == "express":
        kind = "standard"
    a.row = world.add(
        "accounts", id=a.id, parent_platform_id=a.parent.id if a.parent else None, type=kind,
        country=a.country, default_currency=a.currency, email=a.email, business_name=a.company,
        business_type=world.weighted({"company": 70, "individual": 27, "non_profit": 3}),
        mcc=world.pick(["5734", "5812", "5941", "7991", "8299", "5732", "7372", "5947", "5651"]),
        created=a.created, livemode_activated_at=None if a.test_only else
        a.created + timedelta(hours=world.whole(1, 200)),
        details_submitted=not a.test_only or world.chance(0.2), charges_enabled=not a.test_only,
        payouts_enabled=not a.test_only, default_api_version=a.version, timezone=a.zone,
        tos_service_agreement="recipient" if a.parent and world.chance(0.08) else "full",
        payout_schedule_interval=a.interval, payout_schedule_delay_days=COUNTRIES[a.country][6],
        payout_statement_descriptor=a.company.split(" ")[0].upper()[:12], deleted=False,
    )  # fmt: skip


def _keys(world: World, a: Account) -> None:
    kinds = [("secret", True, "sk"), ("publishable", True, "pk"), ("secret", False, "tsk"),
             ("publishable", False, "tpk")]  # fmt: skip
    if world.chance(0.18):
        kinds.append(("restricted", True, "rk"))
    for kind, live, short in kinds:
        if live and a.test_only:
            a.keys[short] = None  # type: ignore[assignment]
            continue
        prefix = {"secret": "sk", "publishable": "pk", "restricted": "rk"}[kind]
        made = world.between(a.created, max(a.created, world.start - timedelta(days=6)))
        row = world.add(
            "api_keys", id=world.id("mk_1", 20), account_id=a.id, type=kind, livemode=live,
            name=world.pick(["default", "server", "production", "backend"]) if kind != "restricted"
            else world.pick(["reporting", "zapier", "warehouse export"]),
            masked=f"{prefix}_{'live' if live else 'test'}_...{world.id('', 4)}", created=made,
            permissions='["charge_read","customer_read","balance_read"]'
            if kind == "restricted" else None,
            last_used_at=world.end - timedelta(minutes=world.whole(1, 9000)), status="active",
        )  # fmt: skip
        a.keys[short] = row["id"]
    if world.chance(0.14) and not a.test_only:  # an old key, rolled long before
        gone = world.between(a.created, world.start - timedelta(days=5))
        world.add(
            "api_keys", id=world.id("mk_1", 20), account_id=a.id, type="secret", livemode=True,
            name="default", masked=f"sk_live_...{world.id('', 4)}", created=a.created,
            last_used_at=gone, expired_at=gone, status="expired",
        )  # fmt: skip


PATHS = ["/webhooks/stripe", "/api/webhook", "/stripe/webhook", "/hooks/payments",
         "/api/stripe/events", "/wc-api/wc_stripe/", "/payments/callback"]  # fmt: skip
BASKETS = [
    ["payment_intent.succeeded", "payment_intent.payment_failed", "charge.refunded",
     "charge.dispute.created", "payout.paid", "payout.failed"],
    ["checkout.session.completed", "checkout.session.expired", "charge.refunded",
     "payment_intent.succeeded"],
    ["charge.succeeded", "charge.failed", "charge.refunded", "charge.dispute.created",
     "charge.dispute.closed"],
]  # fmt: skip
BILLING = ["invoice.paid", "invoice.payment_failed", "invoice.created", "invoice.finalized",
           "customer.subscription.created", "customer.subscription.updated",
           "customer.subscription.deleted"]  # fmt: skip


def endpoint(world: World, a: Account, url: str, **over: Any) -> dict[str, Any]:
    """Registers an endpoint with the account's habits; `over` replaces columns."""
    events = ["*"] if world.chance(0.3) else list(world.pick(BASKETS))
    if events != ["*"] and a.billing:
        events += BILLING
    row = {
        "id": world.id("we_1", 23), "account_id": a.id, "url": url, "status": "enabled",
        "enabled_events": json.dumps(events), "livemode": True, "is_connect": False,
        "api_version": a.version if world.chance(0.75) else None, "application": None,
        "description": world.pick([None, None, "production", "main"]),
        "created": world.between(a.created, world.start - timedelta(days=3)),
    } | over  # fmt: skip
    world.add("webhook_endpoints", **row)
    a.endpoints.append(row)
    return row


def _endpoints(world: World, a: Account) -> None:
    if a.dormant and world.chance(0.5):
        return
    if a.kind == "connected" and world.chance(0.75):
        return
    host = world.pick(["", "api.", "shop.", "www."])
    path = world.pick(PATHS)
    if not a.test_only and world.chance(0.92):
        endpoint(world, a, f"https://{host}{a.domain}{path}")
        if world.chance(0.28):
            endpoint(world, a, f"https://hooks.{a.domain}{world.pick(PATHS)}")
        if world.chance(0.12):
            endpoint(world, a, f"https://crm.{a.domain}/in/stripe", enabled_events=world.pick(
                ['["customer.created", "customer.updated"]', '["*"]']))  # fmt: skip
    if world.chance(0.55):
        endpoint(world, a, f"https://staging.{a.domain}{path}", livemode=False)
    if a.kind == "platform":
        endpoint(world, a, f"https://{host}{a.domain}{path}/connect", is_connect=True,
                 enabled_events=world.pick(['["*"]', '["account.updated", "payout.failed", '
                 '"account.application.deauthorized", "charge.succeeded", '
                 '"payment_intent.succeeded", "charge.dispute.created"]']))  # fmt: skip


def _bank(world: World, a: Account) -> None:
    if a.test_only:
        return
    a.bank = world.add(
        "external_accounts", id=world.id("ba_1", 22), account_id=a.id, object="bank_account",
        country=a.country, currency=a.currency, last4=f"{world.whole(0, 9999):04d}",
        bank_name=BANKS[a.country], status=world.pick(["new", "new", "verified"]),
        default_for_currency=True, created=a.created + timedelta(hours=2),
    )  # fmt: skip
    if world.chance(0.1):
        world.add(
            "external_accounts", id=world.id("ba_1", 22), account_id=a.id, object="bank_account",
            country=a.country, currency=a.currency, last4=f"{world.whole(0, 9999):04d}",
            bank_name=BANKS[a.country], status="new", default_for_currency=False,
            created=a.created + timedelta(hours=1),
        )  # fmt: skip


def _standing(world: World, a: Account) -> None:
    names = ["card_payments", "transfers"] if a.parent or a.kind == "platform" else [
        "card_payments"]  # fmt: skip
    if a.currency == "eur":
        names += ["sepa_debit_payments", "ideal_payments"]
    for name in names:
        world.add("account_capabilities", account_id=a.id, id=name, requested=True,
                  requested_at=a.created, status="inactive" if a.test_only else "active")  # fmt: skip
    if world.chance(0.12) and a.country not in ("SG",):
        world.add(
            "account_capabilities", account_id=a.id, requested=True,
            id=world.pick(["link_payments", "klarna_payments", "affirm_payments"]),
            requested_at=a.created + timedelta(days=3), status=world.pick(["active", "pending"]),
        )  # fmt: skip
    if world.chance(0.15):
        world.add(
            "account_requirements", account_id=a.id, capability="card_payments",
            field=world.pick(["company.tax_id", "person.verification.document",
                              "business_profile.url"]),
            bucket="eventually_due", since=a.created + timedelta(days=20),
        )  # fmt: skip
    if world.chance(0.08):
        opened = world.between(a.created, world.end - timedelta(days=12))
        world.add(
            "account_reviews", id=world.id("arv_", 14), account_id=a.id, kind=world.pick(
            ["risk", "verification", "business_model"]), opened_at=opened, closed_at=opened
            + timedelta(days=world.whole(1, 9)), outcome="approved",
            user_visible_reason="Routine review, nothing to do.",
            internal_note="cleared, low exposure",
        )  # fmt: skip
    if world.chance(0.7) and not a.test_only:
        world.add("payment_method_domains", id=world.id("pmd_1", 20), account_id=a.id,
                  domain_name=a.domain, enabled=True, apple_pay_status="active",
                  google_pay_status="active", created=a.created + timedelta(days=1),
                  livemode=True)  # fmt: skip


def _side_table(world: World) -> None:
    """`x_acct`: what the traffic statements need to know of an account's habits."""
    rows = []
    for a in world.accounts:
        c, by = COUNTRIES[a.country], a.actor
        rows.append({
            "n": a.n, "id": a.id, "actor": by.id, "sa": a.id if by is not a else None,
            "style": by.style, "sk": by.keys["sk"], "pk": by.keys["pk"], "tsk": by.keys["tsk"],
            "tpk": by.keys["tpk"], "ver": by.version, "sdk": by.sdk, "sdkv": by.sdk_version,
            "ua": by.user_agent, "ips": by.ips, "idem": by.idempotent, "orders": by.orders,
            "ccy": a.currency, "country": a.country, "bps": c[4], "fixed": c[5], "delay": c[6],
            "hours": c[2], "manual": a.manual, "asy": by.asynchronous, "days": a.interval,
            "parent": a.parent.id if a.parent else None, "domain": a.domain, "polls": a.polls,
            "routing": a.routing, "several": a.several, "bank": a.bank.get("id"),
            "last4": a.bank.get("last4"), "test_only": a.test_only, "dormant": a.dormant,
            "acctver": a.version,
        })  # fmt: skip
    world.con.register("incoming", pa.Table.from_pylist(rows))
    world.run("CREATE TABLE x_acct AS SELECT * FROM incoming")
    world.con.unregister("incoming")


def shares(world: World, total: int) -> np.ndarray:
    """Payments per account for a world of `total`; active accounts have at least a few."""
    raw = np.array([a.weight for a in world.accounts]) * total
    low = world.rng.integers(8, 26, len(raw)) * (world.days / 40) ** 0.5
    return np.where(raw > 0, np.maximum(raw, low), 0).astype(int)
