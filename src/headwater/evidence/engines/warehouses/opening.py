"""A warehouse opened at its address.

What an address may run is kept by `headwater evidence verify`; without that, nothing.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from headwater.evidence.contract import Contract, load_contract
from headwater.evidence.engines.generated import dialect_of
from headwater.evidence.engines.translating import TranslatingEngine
from headwater.evidence.engines.warehouses.base import WarehouseBackend
from headwater.evidence.engines.warehouses.kept import Proof, proof_of


def open_warehouse(
    engine: str,
    address: str,
    options: Mapping[str, Any],
    *,
    allowed: frozenset[str] | None = None,
) -> TranslatingEngine:
    """The engine at a warehouse's address. `allowed` replaces what is kept as proven for it.

    Raises StoreNotFound where the driver is missing, the address is wrong or nothing answers.
    """
    contract = load_contract()
    backend = open_backend(engine, address, contract)
    proof: Proof = proof_of(engine, address)
    return TranslatingEngine(
        backend,
        dialect_of(engine),
        contract,
        proof.proven if allowed is None else allowed,
        remedy=proof.remedy,
    )


def open_backend(engine: str, address: str, contract: Contract) -> WarehouseBackend:
    """The adapter alone. Raises StoreNotFound."""
    module = import_module(f"headwater.evidence.engines.warehouses.{engine}")
    made: WarehouseBackend = getattr(module, f"{engine.capitalize()}Backend")(address, contract)
    made.refresh()
    return made
