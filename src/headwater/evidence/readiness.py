"""The one rule for what a store lets a query do: run, run in part, or not run, and why.

Playbooks, metrics, the command line and pages ask here, so that they never disagree.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from headwater.evidence.types import EvidenceStore, TableState
from headwater.kit.errors import HeadwaterError

Status = Literal["full", "part", "none"]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether something that reads evidence can run on a store.

    `lacks` and `weaker_without` name tables and `table.column` pairs, sorted; `reason` is a
    sentence, empty where all is there; `problem` says why the query itself was refused.
    """

    id: str
    status: Status
    lacks: tuple[str, ...] = ()
    weaker_without: tuple[str, ...] = ()
    reason: str = ""
    problem: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON-ready values, with `runs` for those who ask no more."""
        plain = asdict(self)
        plain["lacks"], plain["weaker_without"] = list(self.lacks), list(self.weaker_without)
        return {**plain, "runs": self.status != "none"}


def readiness(
    identity: str,
    sql: str,
    store: EvidenceStore,
    states: Mapping[str, TableState],
    *,
    optional: Collection[str] = (),
) -> Readiness:
    """How `sql` fares on `store`, whose tables are in `states`.

    `optional` are the tables and `table.column` pairs that it can do without.
    """
    try:
        needs = store.needs(sql)
    except HeadwaterError as error:
        return Readiness(identity, "none", reason=str(error), problem=str(error))
    absent = {table for table, _ in needs if not _present(states, table)}
    columns = {
        f"{table}.{column}"
        for table, column in needs
        if table not in absent and column in states[table].missing_columns
    }
    missing = absent | columns
    may_lack = {name for name in missing if name in optional}
    lacks, weaker = sorted(missing - may_lack), sorted(may_lack)
    if lacks:
        return Readiness(identity, "none", tuple(lacks), tuple(weaker), _lacks(lacks, states))
    if weaker:
        reason = f"Runs without {', '.join(weaker)}."
        return Readiness(identity, "part", (), tuple(weaker), reason)
    return Readiness(identity, "full")


def _present(states: Mapping[str, TableState], table: str) -> bool:
    state = states.get(table)
    return state is not None and state.present


def _lacks(names: list[str], states: Mapping[str, TableState]) -> str:
    tables = [name for name in names if "." not in name]
    if not tables:
        return f"The evidence lacks the column {', '.join(names)}."
    told = [f"{name}{_unreadable(states.get(name))}" for name in tables]
    return f"The evidence lacks the table {', '.join(told)}."


def _unreadable(state: TableState | None) -> str:
    return f" (there, but wrong: {state.problem})" if state and state.problem else ""
