"""Linear over its GraphQL API. Ids are ours, so nothing is created twice."""

import hashlib
import uuid
from datetime import datetime
from typing import Any, Final

from headwater.escalation import rules
from headwater.escalation.errors import TrackerRefused, TrackerUnclear
from headwater.escalation.trackers.base import Issue, Package, Remark
from headwater.escalation.trackers.http import Transport
from headwater.escalation.trackers.setup import TrackerSetup
from headwater.kit.clock import parse_utc

_LONGEST: Final = 100_000
_PAGE: Final = 100
_PAGES: Final = 20
_PRIORITIES: Final = {"critical": 1, "major": 2, "minor": 3}
_ISSUE: Final = "id identifier url updatedAt state { type } assignee { displayName }"
_CREATE: Final = f"""mutation Open($input: IssueCreateInput!) {{
  issueCreate(input: $input) {{ success issue {{ {_ISSUE} }} }}
}}"""
_READ: Final = f"""query Read($id: String!) {{ issue(id: $id) {{ {_ISSUE} }} }}"""
# A filter finds nothing where asking by id would be an error that looks like any other.
_FIND: Final = f"""query Find($id: ID!) {{
  issues(filter: {{ id: {{ eq: $id }} }}, first: 1, includeArchived: true) {{
    nodes {{ {_ISSUE} }}
  }}
}}"""
_REMARKS: Final = """query Remarks($id: String!, $since: DateTimeOrDuration!, $after: String) {
  issue(id: $id) {
    comments(filter: { createdAt: { gte: $since } }, first: 100, after: $after) {
      nodes { id body createdAt user { displayName } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
_SAY: Final = """mutation Say($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { id } }
}"""
_STATES: Final = """query States($id: String!) {
  team(id: $id) { states { nodes { id type position } } }
}"""
_MOVE: Final = f"""mutation Move($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ success issue {{ {_ISSUE} }} }}
}}"""


class Linear:
    """The issues of one team."""

    def __init__(self, setup: TrackerSetup, *, loopback: bool) -> None:
        self._team = setup.team_id
        self._labels = list(setup.labels)
        self._http = Transport(
            setup.base_url,
            {"Authorization": setup.token, "User-Agent": "headwater"},
            loopback=loopback,
            private=setup.private,
        )

    def create(self, package: Package) -> Issue:
        """Opens an issue under an id that follows from the package's."""
        page = rules.fitting(package.page, _LONGEST, package.case_url)
        content: dict[str, Any] = {
            "id": id_for(package.ref),
            "teamId": self._team,
            "title": package.title,
            "description": page,
            "priority": _PRIORITIES[package.severity],
        }
        if self._labels:
            content["labelIds"] = self._labels
        return _issue(self._ask(_CREATE, {"input": content}, "issueCreate", "issue"))

    def find(self, package: Package) -> Issue | None:
        """The issue of that id."""
        nodes = self._ask(_FIND, {"id": id_for(package.ref)}, "issues", "nodes")
        return _issue(nodes[0]) if nodes else None

    def read(self, issue_id: str) -> Issue:
        """The issue as it is now."""
        return _issue(self._ask(_READ, {"id": issue_id}, "issue"))

    def remarks(self, issue_id: str, since: datetime) -> list[Remark]:
        """The comments written since then. Only members of the workspace can write any."""
        found: list[Any] = []
        after = None
        for _ in range(_PAGES):
            told = {"id": issue_id, "since": since.isoformat(), "after": after}
            page = self._ask(_REMARKS, told, "issue", "comments")
            found += page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        return sorted((_remark(each) for each in found), key=lambda each: each.at)

    def say(self, issue_id: str, ref: str, body: str) -> str:
        """Adds a comment under an id that follows from ours."""
        content = {"id": id_for(ref), "issueId": issue_id, "body": body[:_LONGEST]}
        comment = self._ask(_SAY, {"input": content}, "commentCreate", "comment")
        return str(comment["id"])

    def said(self, issue_id: str, ref: str, since: datetime) -> str | None:
        """Looks for that id among the comments."""
        wanted = id_for(ref)
        found = self.remarks(issue_id, since)
        return wanted if any(each.id == wanted for each in found) else None

    def set_open(self, issue_id: str, *, is_open: bool) -> Issue:
        """Moves to the team's first state of the kind."""
        kinds = ("unstarted", "backlog", "triage") if is_open else ("canceled",)
        states = self._ask(_STATES, {"id": self._team}, "team", "states", "nodes")
        states = sorted(states, key=lambda each: float(each.get("position") or 0))
        chosen = next((s["id"] for kind in kinds for s in states if s["type"] == kind), None)
        if chosen is None:
            raise TrackerRefused(f"The team has no state of the kind {' or '.join(kinds)}.")
        told = {"id": issue_id, "input": {"stateId": chosen}}
        return _issue(self._ask(_MOVE, told, "issueUpdate", "issue"))

    def _ask(self, query: str, variables: dict[str, Any], *path: str) -> Any:
        """What stands at `path` in the answer's data. GraphQL says no with a status of 200 too."""
        content = {"query": query, "variables": variables}
        answer = self._http.call("POST", "/graphql", send=content).content
        if not isinstance(answer, dict):
            raise TrackerUnclear("Linear's answer is no JSON.")
        if answer.get("errors"):
            raise TrackerRefused(f"Linear refused it: {_reasons(answer['errors'])}")
        found: Any = answer.get("data")
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if found is None:
            raise TrackerUnclear(f"Linear's answer has no {'.'.join(path)}.")
        return found


def id_for(ref: str) -> str:
    """A UUID of version 4's form that is always the same for the same id of ours."""
    return str(uuid.UUID(bytes=hashlib.sha256(ref.encode()).digest()[:16], version=4))


def _issue(content: Any) -> Issue:
    try:
        return Issue(
            id=str(content["id"]),
            key=str(content["identifier"]),
            url=str(content["url"]),
            state=_STATE_OF.get(str(content["state"]["type"]), rules.OPEN),
            assignee=str((content.get("assignee") or {}).get("displayName") or ""),
            updated_at=parse_utc(str(content["updatedAt"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TrackerUnclear(f"Linear's answer is no issue: {error}.") from error


_STATE_OF: Final = {
    "started": rules.WORKING,
    "completed": rules.FIXED,
    "canceled": rules.DECLINED,
    "duplicate": rules.DECLINED,
}


def _remark(content: Any) -> Remark:
    return Remark(
        id=str(content["id"]),
        body=str(content.get("body") or ""),
        author=str((content.get("user") or {}).get("displayName") or ""),
        at=parse_utc(str(content["createdAt"])),
        trusted=True,
    )


def _reasons(errors: Any) -> str:
    listed = errors if isinstance(errors, list) else [errors]
    words = [str(each.get("message")) for each in listed if isinstance(each, dict)]
    return "; ".join(words)[:300] or "no reason given"
