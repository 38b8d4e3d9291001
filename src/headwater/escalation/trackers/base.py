"""What is asked of a tracker. All times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Package:
    """What a team is given. `ref` is ours: what is created carries it, to be found again."""

    ref: str
    title: str
    page: str
    severity: str
    opened_at: datetime
    case_url: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as the tracker has it; `state` is one of open, working, fixed, declined."""

    id: str
    key: str
    url: str
    state: str
    assignee: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the tracker; `trusted` where its author belongs to the team's own people."""

    id: str
    body: str
    author: str
    at: datetime
    trusted: bool


class Tracker(Protocol):
    """Calls over HTTP. Each raises TrackerError, whose kind says whether it may have happened."""

    def create(self, package: Package) -> Issue:
        """Opens an issue."""
        ...

    def find(self, package: Package) -> Issue | None:
        """The issue that an earlier `create` of the same `ref` opened, if it did."""
        ...

    def read(self, issue_id: str) -> Issue:
        """The issue as it is now."""
        ...

    def remarks(self, issue_id: str, since: datetime) -> list[Remark]:
        """Its comments since then, oldest first."""
        ...

    def say(self, issue_id: str, ref: str, body: str) -> str:
        """Adds a comment; its id there."""
        ...

    def said(self, issue_id: str, ref: str, since: datetime) -> str | None:
        """The id of the comment that an earlier `say` of the same `ref` made, if it did."""
        ...

    def set_open(self, issue_id: str, *, is_open: bool) -> Issue:
        """Closes the issue as no longer wanted, or opens it again; the issue afterwards."""
        ...
