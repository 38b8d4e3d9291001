"""What the evidence store holds: tables, freshness, and which playbooks can run because of it."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from headwater.desk.investigate.store import desk_store
from headwater.desk.shelf import known_playbooks
from headwater.desk.shell import render_page
from headwater.diagnosis.readiness import Report, check_store
from headwater.evidence.contract import load_contract
from headwater.kit.errors import HeadwaterError


@login_required
@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """The report of `headwater evidence check` as a page."""
    try:
        context = _shown(_report())
    except HeadwaterError as problem:
        context = {"problem": problem}
    return render_page(request, "desk/evidence.html", context, section="evidence")


def _report() -> Report:
    store, playbooks = desk_store(), known_playbooks()
    return _check(store.location, store.fingerprint(), tuple(playbooks))


@lru_cache(maxsize=2)
def _check(location: str, fingerprint: str, playbooks: tuple[str, ...]) -> Report:
    """Asked anew only when data or playbooks changed: every playbook's query has to be read."""
    return check_store(desk_store(), known_playbooks())


def _shown(report: Report) -> dict[str, Any]:
    tables = [_table(table) for table in report["tables"]]
    needed: dict[str, list[str]] = {}
    for playbook in report["playbooks"]:
        for name in {lack.partition(".")[0] for lack in playbook["lacks"]}:
            needed.setdefault(name, []).append(playbook["title"])
    contract = load_contract().tables
    missing = [
        {**table, "stops": needed.get(table["name"], []), "about": contract[table["name"]].grain}
        for table in tables
        if not table["present"]
    ]
    status = [playbook["status"] for playbook in report["playbooks"]]
    order = {"none": 0, "part": 1, "full": 2}
    return {
        "report": report,
        "present": [table for table in tables if table["present"]],
        # What stops something comes first.
        "missing": sorted(missing, key=lambda table: -len(table["stops"])),
        "playbooks": sorted(report["playbooks"], key=lambda each: order[each["status"]]),
        "runnable": len(status) - status.count("none"),
        "in_part": status.count("part"),
        "of_tables": len(tables),
    }


def _table(table: dict[str, Any]) -> dict[str, Any]:
    as_of = table["as_of"]
    moment = datetime.fromisoformat(as_of).replace(tzinfo=UTC) if as_of else None
    return {**table, "moment": moment}
