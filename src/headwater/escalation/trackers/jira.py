"""Jira Cloud over its REST API, version 3, whose texts are documents (ADF)."""

from datetime import datetime
from typing import Any, Final

from headwater.escalation import rules
from headwater.escalation.errors import TrackerError, TrackerRefused, TrackerUnclear
from headwater.escalation.trackers.adf import document, plain
from headwater.escalation.trackers.base import Issue, Package, Remark
from headwater.escalation.trackers.http import Transport
from headwater.escalation.trackers.setup import TrackerSetup
from headwater.kit.clock import parse_utc

_API: Final = "/rest/api/3"
# The bound of a text is 32,767 characters, and the document around the words counts.
_LONGEST: Final = 24_000
_PAGE: Final = 100
_PAGES: Final = 20
_FIELDS: Final = ("status", "resolution", "assignee", "updated")
_DROPPED: Final = frozenset(
    {"won't do", "won't fix", "wontfix", "declined", "duplicate", "cannot reproduce", "canceled",
     "cancelled", "rejected", "not planned"}
)  # fmt: skip


class Jira:
    """The issues of one project."""

    def __init__(self, setup: TrackerSetup, *, loopback: bool) -> None:
        self._setup = setup
        self._http = Transport(
            setup.base_url,
            {"Accept": "application/json", "User-Agent": "headwater"},
            auth=(setup.user, setup.token),
            loopback=loopback,
            private=setup.private,
        )

    def create(self, package: Package) -> Issue:
        """Opens an issue with the mark as its label."""
        page = rules.fitting(package.page, _LONGEST, package.case_url)
        fields = {
            "project": {"key": self._setup.project},
            "issuetype": {"name": self._setup.issue_type},
            "summary": package.title,
            "description": document(page),
            "labels": [*self._setup.labels, _label(package.ref)],
        }
        made = self._http.call("POST", f"{_API}/issue", send={"fields": fields}).content
        try:
            return self.read(str(_field(made, "id")))
        except TrackerError as error:
            # Whatever was said to the reading, the issue is there.
            raise TrackerUnclear(f"Jira opened an issue and then said: {error.message}") from error

    def find(self, package: Package) -> Issue | None:
        """Searches for the label. The index lags behind, which `settle_seconds` waits for."""
        jql = f'project = "{self._setup.project}" AND labels = "{_label(package.ref)}"'
        asked = {"jql": jql, "maxResults": 1, "fields": list(_FIELDS)}
        found = self._http.call("POST", f"{_API}/search/jql", send=asked).content
        issues = _field(found, "issues")
        return self._issue(issues[0]) if issues else None

    def read(self, issue_id: str) -> Issue:
        """The issue as it is now."""
        params = {"fields": ",".join(_FIELDS)}
        return self._issue(
            self._http.call("GET", f"{_API}/issue/{issue_id}", params=params).content
        )

    def remarks(self, issue_id: str, since: datetime) -> list[Remark]:
        """The comments written since then, read from the newest back."""
        found: list[Remark] = []
        for page in range(_PAGES):
            params = {"orderBy": "-created", "maxResults": str(_PAGE), "startAt": str(page * _PAGE)}
            path = f"{_API}/issue/{issue_id}/comment"
            answer = self._http.call("GET", path, params=params).content
            comments = [_remark(each) for each in _field(answer, "comments")]
            found += [each for each in comments if each.at >= since]
            if len(comments) < _PAGE or comments[-1].at < since:
                break
        return sorted(found, key=lambda each: each.at)

    def say(self, issue_id: str, ref: str, body: str) -> str:
        """Adds a comment whose last line is the mark."""
        text = document(f"{body[:_LONGEST]}\n\n{rules.mark(ref, hidden=False)}")
        path = f"{_API}/issue/{issue_id}/comment"
        return str(_field(self._http.call("POST", path, send={"body": text}).content, "id"))

    def said(self, issue_id: str, ref: str, since: datetime) -> str | None:
        """Looks for the mark among the comments."""
        found = self.remarks(issue_id, since)
        return next((each.id for each in found if rules.carries(each.body, ref)), None)

    def set_open(self, issue_id: str, *, is_open: bool) -> Issue:
        """Takes a transition that the workflow offers into a state of the kind."""
        now = self.read(issue_id)
        if (now.state in rules.LIVE) == is_open:
            return now
        path = f"{_API}/issue/{issue_id}/transitions"
        offered = _field(self._http.call("GET", path).content, "transitions")
        kinds = ("new", "indeterminate") if is_open else ("done",)
        chosen = next(
            (each["id"] for kind in kinds for each in offered if _category(each["to"]) == kind),
            None,
        )
        if chosen is None:
            raise TrackerRefused(
                f"The workflow of {now.key} offers no way to {'open' if is_open else 'close'} it.",
                hint="Move the issue by hand.",
            )
        self._http.call("POST", path, send={"transition": {"id": chosen}})
        return self.read(issue_id)

    def _issue(self, content: Any) -> Issue:
        fields, key = _field(content, "fields"), str(_field(content, "key"))
        return Issue(
            id=str(_field(content, "id")),
            key=key,
            url=f"{self._setup.base_url}/browse/{key}",
            state=_state(fields),
            assignee=str((fields.get("assignee") or {}).get("displayName") or ""),
            updated_at=_moment(_field(fields, "updated")),
        )


def _label(ref: str) -> str:
    return f"headwater-{ref}"


def _state(fields: dict[str, Any]) -> str:
    kind = _category(_field(fields, "status"))
    if kind == "done":
        resolution = str((fields.get("resolution") or {}).get("name") or "").lower()
        return rules.DECLINED if resolution in _DROPPED else rules.FIXED
    return rules.WORKING if kind == "indeterminate" else rules.OPEN


def _category(status: Any) -> str:
    return str(((status or {}).get("statusCategory") or {}).get("key") or "")


def _remark(content: Any) -> Remark:
    author = content.get("author") or {}
    return Remark(
        id=str(_field(content, "id")),
        body=plain(content.get("body")),
        author=str(author.get("displayName") or ""),
        at=_moment(_field(content, "created")),
        # A customer of a service desk is no colleague; who has no kind is none either.
        trusted=author.get("accountType") in ("atlassian", "app"),
    )


def _moment(text: Any) -> datetime:
    return parse_utc(str(text))


def _field(content: Any, name: str) -> Any:
    if not isinstance(content, dict) or content.get(name) is None:
        raise TrackerUnclear(f"Jira's answer has no {name}.")
    return content[name]
