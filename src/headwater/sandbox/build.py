"""Builds a world on disk: evidence, inbox, cases, truth."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from headwater.sandbox import dimensions, money_tables, standing, tables
from headwater.sandbox import requests as log
from headwater.sandbox.columns import Frame, rows
from headwater.sandbox.core import Core, draw_core
from headwater.sandbox.inbox import write_inbox
from headwater.sandbox.lake import write_day, write_days, write_dimension
from headwater.sandbox.population import Population
from headwater.sandbox.spec import DAY_US, SpecError, WorldSpec

Report = Callable[[str, float], None]
# Below this many rows a second process costs more than it brings.
_POOL_FROM = 1_500_000
_people: Population | None = None
_texts: log.RequestTexts | None = None


@dataclass(slots=True)
class Built:
    """What a build wrote: rows per table, and how many cases."""

    rows: dict[str, int]
    cases: int


def build_world(folder: Path, spec: WorldSpec, report: Report = lambda text, done: None) -> Built:
    """Writes the world into `folder`, replacing a world that is there. Raises SpecError."""
    _clear(folder)
    report("Drawing accounts, payments and causes", 0.0)
    core = draw_core(spec)
    evidence = folder / "evidence"
    written: dict[str, int] = {}
    for done, (name, count) in enumerate(_write_core(evidence, core)):
        written[name] = count
        report(f"Writing {name}", 0.05 + 0.015 * done)
    written["api_request_logs"] = 0
    for done, count in enumerate(_write_requests(evidence, core), start=1):
        written["api_request_logs"] += count
        report("Writing api_request_logs", 0.35 + 0.63 * done / spec.days)
    for name, columns in dimensions.operations(spec, sorted(written)).items():
        written[name] = write_dimension(evidence, name, columns)
    cases = write_inbox(folder, core)
    report("Done", 1.0)
    return Built(written, cases)


def _clear(folder: Path) -> None:
    """Empties a folder that holds an earlier world; refuses any other folder with content."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "truth.jsonl").exists() and not (folder / "evidence").exists():
            raise SpecError(
                f"{folder} holds something else.", hint="Name an empty or a new folder."
            )
        for name in ("evidence", "inbox"):
            shutil.rmtree(folder / name, ignore_errors=True)
        for name in ("cases.jsonl", "truth.jsonl"):
            (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def _write_core(evidence: Path, core: Core) -> Iterator[tuple[str, int]]:
    spec, people, end = core.spec, core.people, core.spec.end_us
    accounts, requirements, capabilities = standing.standing(spec, people, core.plants)
    refused = {p.acc for p in core.plants if p.mode == "PAY-02"}
    small = {
        "accounts": accounts,
        "account_requirements": requirements,
        "account_capabilities": capabilities,
        "external_accounts": dimensions.external_accounts(people, refused),
        "api_keys": dimensions.api_keys(spec, people),
        "webhook_endpoints": dimensions.webhook_endpoints(spec, people, core.plants),
        "customers": dimensions.customers(people, core.customers),
        "payment_methods": dimensions.payment_methods(people, core.customers),
    }
    for name, columns in small.items():
        yield name, write_dimension(evidence, name, columns)
    facts: dict[str, tuple[Frame, tables.Materialise]] = {
        "payment_intents": (core.payments, tables.payment_intents(people)),
        "charges": (core.charges, tables.charges(people)),
        "setup_intents": (core.setups, tables.setup_intents(people)),
        "account_status_history": (core.changes, lambda f: standing.status_history(people, f)),
        "refunds": (core.refunds, money_tables.refunds(people)),
        "disputes": (core.disputes, money_tables.disputes(people)),
        "balance_transactions": (core.ledger, money_tables.balance_transactions(people, end)),
        "payouts": (core.payouts, money_tables.payouts(people, end)),
        "events": (core.events, tables.events(people)),
        "webhook_delivery_attempts": (
            core.deliveries,
            tables.webhook_delivery_attempts(people),
        ),
    }
    for name, (frame, materialise) in facts.items():
        yield name, write_days(evidence, name, frame, materialise, end)


def _write_requests(evidence: Path, core: Core) -> Iterator[int]:
    """Writes the request log day by day; yields the rows of each day."""
    spec = core.spec
    day = core.requests["t"] // DAY_US
    budget = max(spec.total_requests - len(day), 0) / spec.days
    jobs = []
    for start in range(spec.start_us, spec.end_us, DAY_US):
        low, high = np.searchsorted(day, [start // DAY_US, start // DAY_US + 1])
        jobs.append((evidence, spec, start, budget, rows(core.requests, np.arange(low, high))))
    texts = core.texts.freeze()
    if spec.total_requests < _POOL_FROM:
        _remember(core.people, texts)
        yield from map(_request_day, jobs)
        return
    # Fresh processes, not forks: the writer's threads would not survive one.
    with ProcessPoolExecutor(
        2, mp_context=get_context("spawn"), initializer=_remember, initargs=(core.people, texts)
    ) as pool:
        yield from pool.map(_request_day, jobs)


def _remember(people: Population, texts: log.RequestTexts) -> None:
    global _people, _texts
    _people, _texts = people, texts


def _request_day(job: tuple[Path, WorldSpec, int, float, Frame]) -> int:
    evidence, spec, start, budget, linked = job
    if _people is None or _texts is None:
        raise RuntimeError("The worker was started without a world.")
    plain = log.background(spec, _people, start, budget)
    frame = log.write_order(log.merge([plain, linked]))
    return write_day(evidence, "api_request_logs", start, log.materialise(_people, _texts, frame))
