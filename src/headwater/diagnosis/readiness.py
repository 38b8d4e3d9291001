"""What an evidence store holds and what can run on it: the report that command and page show."""

from collections.abc import Mapping
from typing import Any, TypedDict

from headwater.diagnosis.playbooks import Playbook, PlaybooksMissing, load_playbooks
from headwater.evidence.contract import load_contract
from headwater.evidence.readiness import Readiness, readiness
from headwater.evidence.types import EvidenceStore, TableState


class Report(TypedDict):
    """Everything that was found; the keys are stable."""

    location: str
    fingerprint: str
    tables: list[dict[str, Any]]
    unknown_files: list[str]
    view_problems: list[str]
    playbooks: list[dict[str, Any]]


def check_store(store: EvidenceStore, playbooks: Mapping[str, Playbook] | None = None) -> Report:
    """The report over one store, for `playbooks` or all that are installed, if any are."""
    states = store.tables()
    unknown: tuple[str, ...] = getattr(store, "unknown_files", tuple)()
    try:
        playbooks = load_playbooks() if playbooks is None else playbooks
    except PlaybooksMissing:
        playbooks = {}
    ready = playbooks_ready(store, states, playbooks)
    return Report(
        location=store.location,
        fingerprint=store.fingerprint(),
        tables=[_table(state) for state in states.values()],
        unknown_files=[_unknown(name) for name in unknown],
        view_problems=list(getattr(store, "view_problems", tuple)()),
        playbooks=[{**each.as_dict(), "title": playbooks[each.id].title} for each in ready],
    )


def playbooks_ready(
    store: EvidenceStore, states: Mapping[str, TableState], playbooks: Mapping[str, Playbook]
) -> list[Readiness]:
    """Each playbook with what it lacks on `store`, in the order given."""
    return [
        readiness(name, playbook.sql, store, states, optional=playbook.optional)
        for name, playbook in playbooks.items()
    ]


def _table(state: TableState) -> dict[str, Any]:
    return {
        "name": state.name,
        "present": state.present,
        "files": state.files,
        "as_of": state.as_of.isoformat() if state.as_of else None,
        "missing_columns": list(state.missing_columns),
        "cast_columns": list(state.cast_columns),
        "derived_columns": list(state.derived_columns),
        "problem": state.problem,
        "view": state.view,
    }


def _unknown(name: str) -> str:
    near = load_contract().nearest(name.removesuffix(".parquet"))
    return f"{name} (did you mean {near}?)" if near else name
