"""Which objects a cause made guilty, as far as they exist when the complaint is written."""

from collections.abc import Callable

import numpy as np

from headwater.sandbox.columns import id_text
from headwater.sandbox.core import Core
from headwater.sandbox.payments import AUTHENTICATION, BLOCKED, COPY_STYLES, DECLINED
from headwater.sandbox.plan import Plant
from headwater.sandbox.population import OLD_KEY
from headwater.sandbox.randomness import Array
from headwater.sandbox.traffic import creating_request

_MOST = 40


class Guilt:
    """Finds guilty objects; a frame is searched by account through its sorted rows."""

    def __init__(self, core: Core) -> None:
        self.core = core
        n = len(core.people)
        self._bounds = {
            name: np.searchsorted(getattr(core, name)["acc"], np.arange(n + 1))
            for name in ("payments", "charges", "refused")
        }
        order = np.argsort(core.deliveries["acc"], kind="stable")
        self._deliveries = {k: v[order] for k, v in core.deliveries.items()}
        self._bounds["deliveries"] = np.searchsorted(self._deliveries["acc"], np.arange(n + 1))

    def _mine(self, name: str, plant: Plant, frame: dict[str, Array]) -> Array:
        low, high = self._bounds[name][plant.acc : plant.acc + 2]
        index = np.arange(low, high)
        return index[frame["t"][index] < plant.received]

    def find(self, plant: Plant) -> list[str]:
        """Ids of the guilty objects, the telling ones first; empty where no trace exists yet."""
        if plant.mode.startswith("WH-"):
            return self._webhooks(plant)
        finder: Callable[[Plant], list[str]] | None = {
            "DEC-01": self._charges,
            "DEC-03": self._charges,
            "RAD-01": self._charges,
            "DUP-01": self._doubles,
            "IDEM-03": self._doubles,
            "DUP-02": self._doubles,
            "PAY-02": self._payout,
            "CON-01": self._account,
            "REF-04": self._refund,
            "AUTH-02": self._key,
        }.get(plant.mode)
        return finder(plant) if finder else plant.guilty

    def _charges(self, plant: Plant) -> list[str]:
        charges = self.core.charges
        outcome = {"DEC-01": DECLINED, "DEC-03": AUTHENTICATION, "RAD-01": BLOCKED}[plant.mode]
        mine = self._mine("charges", plant, charges)
        mine = mine[(charges["t"][mine] >= plant.onset) & (charges["outcome"][mine] == outcome)]
        mine = mine[charges["live"][mine]]
        return [id_text("ch", h) for h in charges["h"][mine][-_MOST:]] if len(mine) >= 3 else []

    def _doubles(self, plant: Plant) -> list[str]:
        payments = self.core.payments
        mine = self._mine("payments", plant, payments)
        copies = mine[payments["copy"][mine] == COPY_STYLES[plant.mode]]
        copies = copies[payments["t"][copies] >= plant.onset]
        orders = mine[np.isin(payments["order"][mine], payments["order"][copies])]
        return [id_text("pi", h) for h in payments["h"][orders][:_MOST]] if len(copies) else []

    def _webhooks(self, plant: Plant) -> list[str]:
        tries = self._deliveries
        endpoint = self.core.people.endpoints[plant.acc, 0]
        mine = self._mine("deliveries", plant, tries)
        start = plant.onset if plant.mode != "WH-09" else 0
        bad = ~np.isin(tries["result"][mine], (0, 12)) & (tries["t"][mine] >= start)
        mine = mine[bad & (tries["endpoint"][mine] == endpoint)]
        if len(mine) < 3:
            return []
        events = dict.fromkeys(tries["event"][mine].tolist())
        return [id_text("we", endpoint), *(id_text("evt", e) for e in list(events)[-_MOST:])]

    def _payout(self, plant: Plant) -> list[str]:
        payouts = self.core.payouts
        mine = (payouts["acc"] == plant.acc) & (payouts["t"] >= plant.onset)
        mine &= (payouts["refused"] >= 0) & (payouts["failed_at"] < plant.received)
        found = [id_text("po", h) for h in payouts["h"][mine]]
        return [*found, id_text("ba", self.core.people.bank[plant.acc])] if found else []

    def _account(self, plant: Plant) -> list[str]:
        refused = self.core.refused
        mine = self._mine("refused", plant, refused)
        requests = creating_request(refused)[mine]
        return [self.core.people.ids[plant.acc], *(id_text("req", h) for h in requests[:_MOST])]

    def _refund(self, plant: Plant) -> list[str]:
        refunds = self.core.refunds
        recent = plant.received - 9 * 86_400_000_000
        mine = (refunds["acc"] == plant.acc) & (refunds["t"] >= recent) & refunds["live"]
        mine &= (refunds["t"] < plant.received - 86_400_000_000) & ~refunds["fails"]
        at = np.flatnonzero(mine)
        if not len(at):
            return []
        plant.onset = int(refunds["t"][at[-1]])
        return [id_text("re", refunds["h"][at[-1]]), id_text("ch", refunds["ch"][at[-1]])]

    def _key(self, plant: Plant) -> list[str]:
        key = id_text("key", self.core.people.keys[plant.acc, OLD_KEY])
        return [*plant.guilty, key] if plant.guilty else []
