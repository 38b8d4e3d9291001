"""The order in which a world is built, and how it is written."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.examiner import (
    assigning,
    billing,
    happenings,
    ledger,
    noise,
    operations,
    people,
    trade,
    traffic,
)
from benchmarks.examiner.base import World, contract_tables

GAP_TABLES = ("radar_evaluations", "account_status_history", "doc_pages", "setup_intents",
              "mandates", "credit_notes", "reserves", "payment_method_domains")  # fmt: skip
GAP_COLUMNS = {
    "api_request_logs": ["params_hash", "error_doc_url", "sdk_version", "error_advice_code"],
    "events": ["request_idempotency_key", "previous_attributes"],
    "charges": ["card_three_d_secure_result", "client_ip", "statement_descriptor"],
    "webhook_delivery_attempts": ["account_id", "next_attempt_at"],
    "payouts": ["trace_id_value", "trace_id_status"], "accounts": ["mcc", "timezone"],
    "refunds": ["account_id", "destination_details_reference"],
    "subscription_items": ["account_id"], "invoice_line_items": ["account_id"],
}  # fmt: skip
SHOUTED = {"charges": ["card_brand"], "accounts": ["business_type"], "prices": ["tax_behavior"]}


def build(folder: Path, *, seed: int, accounts: int, days: int, cases: int,
          gaps: bool = False) -> dict[str, Any]:  # fmt: skip
    """Builds world, cases and truth in `folder`; returns row counts and seconds."""
    begun = time.monotonic()
    world = World(seed, accounts, days)
    people.build(world)
    trade.build(world)
    billing.build(world)
    plan = assigning.plan(world, cases)
    _step(world, plan)
    ledger.build(world)
    _step(world, plan)
    traffic.build(world)
    noise.build(world)
    _step(world, plan)
    operations.build(world)
    happenings.events(world)
    _step(world, plan)
    happenings.deliveries(world)
    _step(world, plan)
    operations.finish(world)
    lines, truth = assigning.contacts(world, plan, cases)
    counts = write(world, folder / "evidence", gaps=gaps)
    for name, content in (("cases", lines), ("truth", truth)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in content)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return {"rows": counts, "cases": len(lines), "seconds": round(time.monotonic() - begun, 1)}


def _step(world: World, plan: list[Any]) -> None:
    """Lets every plant do its next part; what a plant returns ends it."""
    for each in plan:
        steps: Iterator[None] | None = each.steps
        if steps is None:
            continue
        try:
            next(steps)
        except StopIteration as done:
            each.truth, each.steps = done.value, None
    world.flush()


def write(world: World, folder: Path, *, gaps: bool) -> dict[str, int]:
    """One Parquet file per table that has rows, in the order of its key; returns row counts."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    world.run("SET preserve_insertion_order = true")
    for table in contract_tables():
        rows = world.one(f"SELECT count(*) AS n FROM {table}")
        if not rows or not rows["n"] or (gaps and table in GAP_TABLES):
            continue
        names = [each["column_name"] for each in world.rows(f"DESCRIBE {table}")]
        lost = GAP_COLUMNS.get(table, []) if gaps else []
        loud = SHOUTED.get(table, []) if gaps else []
        wanted = ", ".join(f'upper("{n}") AS "{n}"' if n in loud else f'"{n}"' for n in names
                           if n not in lost)  # fmt: skip
        order = ", ".join(
            f'"{n}"'
            for n in ("account_id", "created", "attempted_at", "id", names[0])
            if n in names
        )
        world.run(
            f"COPY (SELECT {wanted} FROM {table} ORDER BY {order}) TO '{folder}/{table}.parquet' "
            "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 60000)"
        )
        counts[table] = rows["n"]
    return counts
