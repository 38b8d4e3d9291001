"""A small server of Linear's GraphQL API: the operations that we send, checked field by field."""

import hashlib
import hmac
import json
import re
import time
import uuid
from typing import Any

from tests.escalation.fakes.server import Asked, Fake, Reply

TOKEN = "lin_api_only-for-tests"
SECRET = "linear-hook-secret"
TEAM = "9cfb482a-81e3-4154-b5b9-2c805e70a02d"
_STATES = [
    {"id": "st-backlog", "type": "backlog", "position": 0},
    {"id": "st-todo", "type": "unstarted", "position": 1},
    {"id": "st-doing", "type": "started", "position": 2},
    {"id": "st-done", "type": "completed", "position": 3},
    {"id": "st-no", "type": "canceled", "position": 4},
]


class FakeLinear(Fake):
    """Issues of one team."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: list[dict[str, Any]] = []

    def answer(self, asked: Asked) -> Reply:
        # A personal key goes without the word Bearer.
        if asked.headers.get("authorization") != TOKEN:
            return _refused("Authentication required, not authenticated", 401)
        if asked.path != "/graphql" or asked.method != "POST":
            return Reply(404)
        query, told = asked.content["query"], asked.content["variables"]
        field = re.search(r"\{\s*(\w+)", query)
        assert field is not None
        do = getattr(self, f"_do_{field[1]}", None)
        if do is None:
            return _refused(f'Cannot query field "{field[1]}"', 400)
        reply: Reply = do(query, told)
        return reply

    def _do_issueCreate(self, _query: str, told: dict[str, Any]) -> Reply:  # noqa: N802
        given = told["input"]
        if given.get("teamId") != TEAM:
            return _refused("Entity not found: Team")
        if not given.get("title"):
            return _refused("Argument Validation Error")
        if given.get("priority", 0) not in range(5):
            return _refused("Argument Validation Error")
        if uuid.UUID(given["id"]).version != 4:
            return _refused("id must be a UUID v4")
        if self._issue(given["id"]):
            return _refused("Entity with the given id already exists")
        number = len(self.issues) + 1
        issue = {
            "id": given["id"], "identifier": f"PRD-{number}", "given": given, "comments": [],
            "url": f"https://linear.app/acme/issue/PRD-{number}", "updatedAt": self.now(),
            "state": _STATES[0], "assignee": None,
        }  # fmt: skip
        self.issues.append(issue)
        return _data("issueCreate", {"success": True, "issue": _shown(issue)})

    def _do_issues(self, _query: str, told: dict[str, Any]) -> Reply:
        found = self._issue(told["id"])
        return _data("issues", {"nodes": [_shown(found)] if found else []})

    def _do_issue(self, query: str, told: dict[str, Any]) -> Reply:
        issue = self._issue(told["id"])
        if issue is None:
            return _refused("Entity not found: Issue")
        if "comments(" not in query:
            return _data("issue", _shown(issue))
        since = told["since"].replace("+00:00", "Z")
        found = [one for one in issue["comments"] if one["createdAt"] >= since]
        start = int(told.get("after") or 0)
        # Newest first, as Linear lists them.
        page = list(reversed(found))[start : start + 100]
        more = {"hasNextPage": start + 100 < len(found), "endCursor": str(start + 100)}
        return _data("issue", {"comments": {"nodes": page, "pageInfo": more}})

    def _do_commentCreate(self, _query: str, told: dict[str, Any]) -> Reply:  # noqa: N802
        given = told["input"]
        issue = self._issue(given["issueId"])
        if issue is None or not given.get("body"):
            return _refused("Argument Validation Error")
        if any(one["id"] == given["id"] for one in issue["comments"]):
            return _refused("Entity with the given id already exists")
        comment = self._add(issue, given["body"], "Headwater", given["id"])
        return _data("commentCreate", {"success": True, "comment": {"id": comment["id"]}})

    def _do_team(self, _query: str, told: dict[str, Any]) -> Reply:
        if told["id"] != TEAM:
            return _refused("Entity not found: Team")
        return _data("team", {"states": {"nodes": _STATES}})

    def _do_issueUpdate(self, _query: str, told: dict[str, Any]) -> Reply:  # noqa: N802
        issue = self._issue(told["id"])
        state = next((s for s in _STATES if s["id"] == told["input"]["stateId"]), None)
        if issue is None or state is None:
            return _refused("Entity not found")
        issue.update(state=state, updatedAt=self.now())
        return _data("issueUpdate", {"success": True, "issue": _shown(issue)})

    def _issue(self, name: str) -> dict[str, Any] | None:
        return next((one for one in self.issues if one["id"] == name), None)

    def _add(self, issue: dict[str, Any], body: str, author: str, name: str) -> dict[str, Any]:
        comment = {"id": name, "body": body, "createdAt": self.now(),
                   "user": {"displayName": author}}  # fmt: skip
        issue["comments"].append(comment)
        return comment

    # What the team does.

    def remark(self, number: int, body: str, author: str, role: str = "") -> None:
        self._add(self.issues[number - 1], body, author, str(uuid.uuid4()))

    def assign(self, number: int, name: str) -> None:
        self.issues[number - 1].update(
            assignee={"displayName": name}, state=_STATES[2], updatedAt=self.now()
        )

    def close_issue(self, number: int, reason: str = "completed") -> None:
        state = _STATES[3] if reason == "completed" else _STATES[4]
        self.issues[number - 1].update(state=state, updatedAt=self.now())

    def reopen(self, number: int) -> None:
        self.issues[number - 1].update(state=_STATES[1], updatedAt=self.now())

    def post(
        self, number: int, action: str = "update", age: float = 0.0
    ) -> tuple[bytes, dict[str, str]]:
        """A delivery as Linear sends it, `age` seconds ago: body and headers."""
        content = {
            "action": action,
            "type": "Issue",
            "data": {"id": self.issues[number - 1]["id"]},
            "webhookTimestamp": int((time.time() - age) * 1000),
        }
        body = json.dumps(content).encode()
        return body, {
            "Linear-Event": "Issue",
            "Linear-Delivery": str(uuid.uuid4()),
            "Linear-Signature": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
        }

    def ids(self) -> list[str]:
        return [issue["id"] for issue in self.issues]


def _shown(issue: dict[str, Any]) -> dict[str, Any]:
    return {name: issue[name] for name in
            ("id", "identifier", "url", "updatedAt", "state", "assignee")}  # fmt: skip


def _data(name: str, content: Any) -> Reply:
    return Reply(200, {"data": {name: content}})


def _refused(message: str, status: int = 200) -> Reply:
    return Reply(status, {"errors": [{"message": message}], "data": None})
