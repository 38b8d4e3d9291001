"""What a sync did, list by list."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ListReport:
    """One list of one account. `stored` is counted in the lake afterwards, not while writing.

    `seen` objects came from the list, `updated` were read again because an event named them,
    `problem` says why the list could not be read, if it could not.
    """

    account: str
    name: str
    seen: int
    stored: int
    rejected: int
    updated: int = 0
    problem: str | None = None

    @property
    def complete(self) -> bool:
        """Whether every object that was seen is in the lake or kept as a reject."""
        return self.problem is None and self.stored + self.rejected >= self.seen


@dataclass(slots=True)
class Report:
    """A whole run. `mode` is test or live; `requests` and `waits` count calls and pauses."""

    mode: str
    platform: str
    lists: list[ListReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    requests: int = 0
    waits: int = 0
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether everything that the key may read is in the lake."""
        return all(each.complete or each.problem is not None for each in self.lists)

    def as_dict(self) -> dict[str, Any]:
        """The report for --json."""
        return {
            "mode": self.mode,
            "platform": self.platform,
            "complete": self.complete,
            "requests": self.requests,
            "waits": self.waits,
            "seconds": round(self.seconds, 1),
            "notes": self.notes,
            "lists": [
                {
                    "account": each.account,
                    "list": each.name,
                    "seen": each.seen,
                    "stored": each.stored,
                    "rejected": each.rejected,
                    "updated": each.updated,
                    "complete": each.complete,
                    "problem": each.problem,
                }
                for each in self.lists
            ],
        }
