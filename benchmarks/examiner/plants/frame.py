"""What plants share: a register of causes, the case's clock, and the facts a mail may name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks.examiner.base import World
from benchmarks.examiner.people import Account
from benchmarks.examiner.vocabulary import ZERO_DECIMAL

SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "cad": "CA$", "aud": "A$", "sek": "kr ",
         "chf": "CHF ", "pln": "zł ", "mxn": "MX$", "sgd": "S$", "inr": "₹"}  # fmt: skip


@dataclass
class Truth:
    """What was planted: guilty ids, facts for the mail's slots, other causes that are as true."""

    objects: list[str]
    facts: dict[str, str] = field(default_factory=dict)
    also_ok: list[str] = field(default_factory=list)


Steps = Iterator[None]


@dataclass
class Case:
    """One plant in the making: whose, when the contact comes, when the cause began."""

    world: World
    a: Account
    when: datetime
    onset: datetime

    def moments(self, count: int, until: datetime | None = None) -> list[datetime]:
        """`count` moments between onset and contact, in order."""
        last = until or self.when - timedelta(minutes=2)
        return sorted(self.world.between(min(self.onset, last), last) for _ in range(count))

    def ago(self, low: float, high: float) -> datetime:
        """A moment between `low` and `high` days before the contact, inside the window."""
        floor = self.world.start + timedelta(hours=2)
        spot = self.world.between(self.when - timedelta(days=high), self.when - timedelta(days=low))
        return max(spot, floor)

    def sellers(self) -> list[Account]:
        """Connected accounts of a platform that carry no cause of their own."""
        found = [s for s in self.world.accounts if s.parent is self.a and not s.taken
                 and not s.dormant]  # fmt: skip
        if found:
            return found
        return [s for s in self.world.accounts if s.parent is self.a]

    def seller(self) -> Account:
        """One of them, from now on taken."""
        found = self.world.pick(self.sellers())
        found.taken = found.taken or "by platform"
        return found


Maker = Callable[[Case], Any]


@dataclass(frozen=True)
class Plant:
    """A cause that can be planted, on accounts for which `fits` holds."""

    mode: str
    make: Maker
    needs: str
    weight: float


REGISTER: dict[str, Plant] = {}
FITS: dict[str, Callable[[World, Account], bool]] = {
    "live": lambda w, a: True,
    "direct": lambda w, a: a.kind == "direct",
    "hooked": lambda w, a: bool(a.hooked),
    "billing": lambda w, a: a.billing,
    "billing_hooked": lambda w, a: a.billing and bool(a.hooked),
    "elements": lambda w, a: a.actor.style == "elements",
    "checkout": lambda w, a: a.style == "checkout" and a.kind != "connected",
    "server": lambda w, a: a.actor.style == "server",
    "seller": lambda w, a: a.kind == "connected",
    "platform": lambda w, a: a.kind == "platform" and any(s.parent is a for s in w.accounts),
    "routed": lambda w, a: FITS["platform"](w, a) and a.routing == "direct",
    "destined": lambda w, a: FITS["platform"](w, a) and a.routing != "direct",
    "euro": lambda w, a: a.currency == "eur",
    "busy": lambda w, a: a.weight > 0.0012,
    "own": lambda w, a: a.kind != "connected",
    "modern": lambda w, a: a.actor is a and a.version >= "2024-04-10",
}


def plant(mode: str, needs: str = "live", weight: float = 1.0) -> Callable[[Maker], Maker]:
    """Registers a generator function as the maker of `mode`."""

    def put(make: Maker) -> Maker:
        REGISTER[mode] = Plant(mode, make, needs, weight)
        return make

    return put


def money(amount: int, currency: str, continental: bool = False) -> str:
    """An amount as people write it."""
    sign = SIGNS.get(currency, currency.upper() + " ")
    if currency in ZERO_DECIMAL:
        return f"{sign}{amount:,}"
    text = f"{amount / 100:,.2f}"
    if continental:
        return text.replace(",", "_").replace(".", ",").replace("_", ".") + " " + sign.strip()
    return sign + text


def day(t: datetime) -> str:
    """A day as people write it."""
    return f"{t.day} {t:%B}"


def facts_of(a: Account, charge: dict[str, Any] | None = None, who: Any = None,
             **more: Any) -> dict[str, str]:  # fmt: skip
    """Slots from a charge row, its customer and anything else; values become text."""
    facts: dict[str, str] = {}
    if charge:
        facts |= {"ch": charge["id"], "pi": charge["payment_intent_id"], "date": day(
            charge["created"]), "amount": money(charge["amount"], charge["currency"], a.country in (
                "DE", "FR", "ES", "NL", "PL")), "time": f"{charge['created']:%H:%M}"}  # fmt: skip
        if charge.get("card_last4"):
            facts["last4"] = charge["card_last4"]
    if who is not None:
        facts |= {"customer": who.name, "mail": who.email, "cus": who.id}
    return facts | {key: str(value) for key, value in more.items()}
