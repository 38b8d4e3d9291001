"""The values that the diagnosis room takes in and gives out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from headwater.evidence.types import Value

Row = dict[str, Value]


@dataclass(frozen=True, slots=True)
class CaseInput:
    """One problem of one user, as it came in. `received_at` is zone-aware UTC.

    `account_id` is given only when somebody already knows which account the sender stands for.
    """

    case_id: str
    from_email: str
    subject: str
    body: str
    account_id: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a finding gained or lost: `points` = `value` x `weight`, and the same in words."""

    feature: str
    value: float
    weight: float
    points: float
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values, numbers rounded to what a reader can use."""
        return {
            "feature": self.feature,
            "value": round(self.value, 4),
            "weight": round(self.weight, 4),
            "points": round(self.points, 2),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """A playbook that matched, with its probability of being the cause. Times are naive UTC."""

    playbook: str
    title: str
    modes: tuple[str, ...]
    probability: float
    evidence_ids: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    explanation_user: str
    explanation_engineer: str
    docs: tuple[str, ...]
    sql: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    what_to_do: str
    reasons: tuple[Reason, ...]
    run_id: str

    def as_dict(self) -> dict[str, Any]:
        """The finding as one entry of `causes`."""
        return {
            "playbook": self.playbook,
            "title": self.title,
            "modes": list(self.modes),
            "probability": round(self.probability, 4),
            "proven": True,
            "evidence_ids": list(self.evidence_ids),
            "first_seen": iso(self.first_seen),
            "last_seen": iso(self.last_seen),
            "explanation": {"user": self.explanation_user, "engineer": self.explanation_engineer},
            "docs": list(self.docs),
            "sql": self.sql,
            "rows": [plain_row(row) for row in self.rows],
            "what_to_do": self.what_to_do,
            "reasons": [reason.as_dict() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A cause that the words point to and no row proves. `why`: what its query found, or why not.

    `searched`: its query ran and found nothing; else it could not run.
    """

    playbook: str
    title: str
    modes: tuple[str, ...]
    probability: float
    searched: bool
    why: str
    docs: tuple[str, ...]
    sql: str
    what_to_do: str
    reasons: tuple[Reason, ...]

    def as_dict(self) -> dict[str, Any]:
        """In the form of a finding, as an entry of `causes`: the same keys, and no evidence."""
        return {
            "playbook": self.playbook,
            "title": self.title,
            "modes": list(self.modes),
            "probability": round(self.probability, 4),
            "proven": False,
            "evidence_ids": [],
            "first_seen": None,
            "last_seen": None,
            "explanation": {
                "user": f"What you describe sounds like this: {self.title}. We could not see it "
                "in our data so far, so please tell us more about it.",
                "engineer": f"Not proven: the user's words fit, but {self.why}",
            },
            "docs": list(self.docs),
            "sql": self.sql,
            "rows": [],
            "what_to_do": self.what_to_do,
            "reasons": [reason.as_dict() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class RuledOut:
    """A playbook that was looked at and is not the cause, and why."""

    playbook: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        """Plain JSON values."""
        return {"playbook": self.playbook, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class NotSearched:
    """A playbook that could not run: tables that are not there, or a query that failed."""

    playbook: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        """Plain JSON values."""
        return {"playbook": self.playbook, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked at, and what could not be. Times are naive UTC, the window half-open."""

    window_start: datetime
    window_end: datetime
    tables: tuple[str, ...] = ()
    freshness: Mapping[str, datetime] = field(default_factory=dict)
    missing_tables: tuple[str, ...] = ()
    not_searched: tuple[NotSearched, ...] = ()
    account: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "window": {"start": iso(self.window_start), "end": iso(self.window_end)},
            "tables": list(self.tables),
            "freshness": {name: iso(at) for name, at in sorted(self.freshness.items())},
            "missing_tables": list(self.missing_tables),
            "not_searched": [each.as_dict() for each in self.not_searched],
            "account": dict(self.account),
        }


# Below this the best cause is offered as a first lead, not as the explanation.
SURE_FROM: Final = 0.5


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Proven causes best first, what the words suggest beside, what was ruled out, was searched."""

    case_id: str
    account_id: str | None
    causes: tuple[Finding, ...]
    ruled_out: tuple[RuledOut, ...]
    searched: Searched
    none_probability: float
    suggested: tuple[Suggestion, ...] = ()
    # By playbook, listed or not, its features, and under "" those of no cause: from these weights
    # are learned.
    weighed: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    # Where nothing is proven: the page of questions that the words fit, as plain JSON.
    ask: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """One output line of `headwater diagnose --json`.

        Where the account is known, `causes` holds what the words suggest among what is proven,
        most probable first. Where it is not, nothing was looked at: they are only `suggested`.
        """
        proven = [cause.as_dict() for cause in self.causes]
        beside = [each.as_dict() for each in self.suggested]
        known = self.account_id is not None
        both = sorted([*proven, *beside], key=lambda each: -float(each["probability"]))
        return {
            "case_id": self.case_id,
            "account_id": self.account_id,
            "causes": both if known else proven,
            "suggested": [] if known else beside,
            "ruled_out": [each.as_dict() for each in self.ruled_out],
            "searched": self.searched.as_dict(),
            "none_probability": round(self.none_probability, 4),
            "ask": dict(self.ask) if self.ask else None,
        }


def iso(moment: datetime) -> str:
    """ISO 8601 with Z; text without a zone counts as UTC. Fractions only where there are any."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat().replace("+00:00", "Z")


def plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON values: times become ISO 8601 with Z, decimals become numbers."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return float(value) if hasattr(value, "__float__") else str(value)
