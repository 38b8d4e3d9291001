"""GitHub Issues over its REST API (version 2022-11-28)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from headwater.escalation import rules
from headwater.escalation.errors import TrackerUnclear
from headwater.escalation.trackers.base import Issue, Package, Remark
from headwater.escalation.trackers.http import Transport
from headwater.escalation.trackers.setup import TrackerSetup
from headwater.kit.clock import parse_utc

_LONGEST: Final = 65_000
_PAGE: Final = 100
_PAGES: Final = 20
# Their clock and ours.
_SKEW: Final = timedelta(minutes=5)
# Who speaks for the team: anybody may comment in a public repository.
_INSIDERS: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


class GitHub:
    """The issues of one repository."""

    def __init__(self, setup: TrackerSetup, *, loopback: bool) -> None:
        self._labels = list(setup.labels)
        self._base = f"/repos/{setup.repository}/issues"
        self._http = Transport(
            setup.base_url,
            {
                "Authorization": f"Bearer {setup.token}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
                "User-Agent": "headwater",
            },
            loopback=loopback,
            private=setup.private,
        )

    def create(self, package: Package) -> Issue:
        """Opens an issue whose last line is the hidden mark."""
        page = rules.fitting(package.page, _LONGEST, package.case_url)
        body = f"{page}\n\n{rules.mark(package.ref)}"
        content = {"title": package.title, "body": body, "labels": self._labels}
        return _issue(self._http.call("POST", self._base, send=content).content)

    def find(self, package: Package) -> Issue | None:
        """Looks through the issues since then: the list is exact, the search index lags behind."""
        since = package.opened_at - _SKEW
        params = {"state": "all", "sort": "created", "direction": "desc"}
        for each in self._pages(self._base, since, params):
            # Newest first: what was opened before cannot be it.
            if parse_utc(str(_field(each, "created_at"))) < since:
                break
            if "pull_request" not in each and rules.carries(each.get("body") or "", package.ref):
                return _issue(each)
        return None

    def read(self, issue_id: str) -> Issue:
        """The issue as it is now."""
        return _issue(self._http.call("GET", f"{self._base}/{issue_id}").content)

    def remarks(self, issue_id: str, since: datetime) -> list[Remark]:
        """The comments written or changed since then."""
        found = self._pages(f"{self._base}/{issue_id}/comments", since, {})
        return [_remark(each) for each in found]

    def say(self, issue_id: str, ref: str, body: str) -> str:
        """Adds a comment whose last line is the hidden mark."""
        text = f"{body[:_LONGEST]}\n\n{rules.mark(ref)}"
        path = f"{self._base}/{issue_id}/comments"
        return str(_field(self._http.call("POST", path, send={"body": text}).content, "id"))

    def said(self, issue_id: str, ref: str, since: datetime) -> str | None:
        """Looks for the mark among the comments."""
        found = self.remarks(issue_id, since - _SKEW)
        return next((each.id for each in found if rules.carries(each.body, ref)), None)

    def set_open(self, issue_id: str, *, is_open: bool) -> Issue:
        """Closes as not planned, or reopens."""
        content = {"state": "open" if is_open else "closed"}
        content["state_reason"] = "reopened" if is_open else "not_planned"
        return _issue(self._http.call("PATCH", f"{self._base}/{issue_id}", send=content).content)

    def _pages(self, path: str, since: datetime, params: dict[str, str]) -> Iterator[Any]:
        """Every item since then, page by page."""
        for page in range(1, _PAGES + 1):
            query = {
                **params,
                "since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
                "per_page": str(_PAGE),
                "page": str(page),
            }
            items = self._http.call("GET", path, params=query).content
            if not isinstance(items, list):
                raise TrackerUnclear("GitHub's answer is no list.")
            yield from items
            if len(items) < _PAGE:
                return
        # Stopping here would take "not among the newest" for "not there".
        raise TrackerUnclear(f"More than {_PAGE * _PAGES} items are newer than {since:%Y-%m-%d}.")


def _issue(content: Any) -> Issue:
    number = str(_field(content, "number"))
    assignee = content.get("assignee") or {}
    return Issue(
        id=number,
        key=f"#{number}",
        url=str(_field(content, "html_url")),
        state=_state(content),
        assignee=str(assignee.get("login") or ""),
        updated_at=parse_utc(str(_field(content, "updated_at"))),
    )


def _state(content: Any) -> str:
    if _field(content, "state") == "closed":
        # Who closes without saying why has completed it.
        dropped = content.get("state_reason") in ("not_planned", "duplicate")
        return rules.DECLINED if dropped else rules.FIXED
    return rules.WORKING if content.get("assignee") else rules.OPEN


def _remark(content: Any) -> Remark:
    return Remark(
        id=str(_field(content, "id")),
        body=str(content.get("body") or ""),
        author=str((content.get("user") or {}).get("login") or ""),
        at=parse_utc(str(_field(content, "created_at"))),
        trusted=content.get("author_association") in _INSIDERS,
    )


def _field(content: Any, name: str) -> Any:
    if not isinstance(content, dict) or content.get(name) is None:
        raise TrackerUnclear(f"GitHub's answer has no {name}.")
    return content[name]
