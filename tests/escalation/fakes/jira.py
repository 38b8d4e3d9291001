"""A small server of Jira Cloud's REST API, version 3, as its public reference describes it."""

import base64
import hashlib
import hmac
import json
import re
import uuid
from typing import Any

from tests.escalation.fakes.server import Asked, Fake, Reply

USER, TOKEN = "bot@acme.example", "atlassian-only-for-tests"
SECRET = "jira-hook-secret"
PROJECT = "OPS"
_API = "/rest/api/3"
_STATES = {
    "new": {"name": "To Do", "statusCategory": {"key": "new"}},
    "indeterminate": {"name": "In Progress", "statusCategory": {"key": "indeterminate"}},
    "done": {"name": "Done", "statusCategory": {"key": "done"}},
}
# What may stand in what, of the part of the document format that we write.
_INSIDE = {
    "doc": {"paragraph", "heading", "bulletList", "orderedList", "table", "codeBlock",
            "blockquote", "rule"},
    "blockquote": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "bulletList": {"listItem"}, "orderedList": {"listItem"},
    "listItem": {"paragraph", "bulletList", "orderedList", "codeBlock"},
    "table": {"tableRow"}, "tableRow": {"tableHeader", "tableCell"},
    "tableHeader": {"paragraph"}, "tableCell": {"paragraph"},
    "paragraph": {"text", "hardBreak"}, "heading": {"text", "hardBreak"}, "codeBlock": {"text"},
}  # fmt: skip


def wrong_in(node: Any, kind: str = "doc") -> str:
    """What makes a document invalid; "" where it is valid."""
    if not isinstance(node, dict) or node.get("type") != kind:
        return f"no {kind}"
    if kind == "doc" and node.get("version") != 1:
        return "no version"
    if kind == "text":
        return "" if node.get("text") else "empty text"
    for each in node.get("content", []):
        if each.get("type") not in _INSIDE.get(kind, set()):
            return f"{each.get('type')} in {kind}"
        if wrong := wrong_in(each, each["type"]):
            return wrong
    return ""


class FakeJira(Fake):
    """Issues of one project. `lag` says of how many newest issues the search knows nothing yet."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: list[dict[str, Any]] = []
        self.lag = 0

    def answer(self, asked: Asked) -> Reply:
        known = base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {known}":
            return Reply(401, {"errorMessages": ["Client must be authenticated"]})
        if asked.path == f"{_API}/issue" and asked.method == "POST":
            return self._create(asked)
        if asked.path == f"{_API}/search/jql" and asked.method == "POST":
            return self._search(asked)
        found = re.fullmatch(rf"{_API}/issue/([\w-]+)(/comment|/transitions)?", asked.path)
        issue = self._issue(found[1]) if found else None
        if found is None or issue is None:
            return Reply(404, {"errorMessages": ["Issue does not exist"]})
        if found[2] == "/comment":
            return self._comment(asked, issue)
        if found[2] == "/transitions":
            return self._transition(asked, issue)
        return Reply(200, _shown(issue))

    def _issue(self, name: str) -> dict[str, Any] | None:
        return next((one for one in self.issues if name in (one["id"], one["key"])), None)

    def _create(self, asked: Asked) -> Reply:
        fields = asked.content.get("fields", {})
        errors = {}
        if fields.get("project") != {"key": PROJECT}:
            errors["project"] = "project is required"
        if not fields.get("issuetype", {}).get("name"):
            errors["issuetype"] = "issue type is required"
        if not fields.get("summary") or "\n" in fields["summary"] or len(fields["summary"]) > 255:
            errors["summary"] = "You must specify a summary of the issue."
        if wrong := wrong_in(fields.get("description")):
            errors["description"] = f"INVALID_INPUT: {wrong}"
        if any(" " in label for label in fields.get("labels", [])):
            errors["labels"] = "The label contains spaces which is invalid."
        if errors:
            return Reply(400, {"errorMessages": [], "errors": errors})
        number = len(self.issues) + 1
        issue = {
            "id": str(10_000 + number), "key": f"{PROJECT}-{number}", "comments": [],
            "fields": {**fields, "status": _STATES["new"], "resolution": None, "assignee": None,
                       "updated": self.stamp()},
        }  # fmt: skip
        self.issues.append(issue)
        return Reply(201, {"id": issue["id"], "key": issue["key"], "self": self.url})

    def _search(self, asked: Asked) -> Reply:
        found = re.fullmatch(r'project = "(\w+)" AND labels = "([\w-]+)"', asked.content["jql"])
        if found is None:
            return Reply(400, {"errorMessages": ["Unbounded JQL queries are not allowed here."]})
        seen = self.issues[: len(self.issues) - self.lag]
        hits = [one for one in seen if found[2] in one["fields"]["labels"]]
        return Reply(200, {"issues": [_shown(one) for one in hits], "isLast": True})

    def _comment(self, asked: Asked, issue: dict[str, Any]) -> Reply:
        comments = issue["comments"]
        if asked.method == "POST":
            if wrong := wrong_in(asked.content.get("body")):
                return Reply(400, {"errorMessages": [f"Comment body is not valid! {wrong}"]})
            return Reply(201, self._add(issue, asked.content["body"], "Headwater", "app"))
        start, size = int(asked.query.get("startAt", 0)), int(asked.query.get("maxResults", 50))
        newest = asked.query.get("orderBy") == "-created"
        shown = list(reversed(comments)) if newest else comments
        page = shown[start : start + size]
        return Reply(200, {"comments": page, "total": len(comments), "startAt": start})

    def _transition(self, asked: Asked, issue: dict[str, Any]) -> Reply:
        offered = [{"id": str(n), "name": s["name"], "to": s} for n, s in
                   enumerate(_STATES.values(), 11)]  # fmt: skip
        if asked.method == "GET":
            return Reply(200, {"transitions": offered})
        chosen = next((t for t in offered if t["id"] == asked.content["transition"]["id"]), None)
        if chosen is None:
            return Reply(400, {"errorMessages": ["It seems that you have tried to perform an "
                                                 "illegal workflow operation."]})  # fmt: skip
        issue["fields"].update(status=chosen["to"], updated=self.stamp())
        return Reply(204)

    def stamp(self) -> str:
        """A time as Jira writes it."""
        return self.now().replace("Z", "+0000")

    def _add(self, issue: dict[str, Any], body: Any, name: str, kind: str) -> dict[str, Any]:
        comment = {
            "id": str(int(issue["id"]) * 100 + len(issue["comments"])), "body": body,
            "author": {"displayName": name, "accountType": kind}, "created": self.stamp(),
        }  # fmt: skip
        issue["comments"].append(comment)
        return comment

    # What the team does.

    def remark(self, number: int, body: str, author: str, role: str = "atlassian") -> None:
        lines = body.split("\n")
        words: list[dict[str, Any]] = []
        for line in lines:
            words += [{"type": "hardBreak"}] if words else []
            words += [{"type": "text", "text": line}] if line else []
        document = {"version": 1, "type": "doc", "content": [{"type": "paragraph",
                                                              "content": words}]}  # fmt: skip
        self._add(self.issues[number - 1], document, author, role)

    def assign(self, number: int, name: str) -> None:
        fields = self.issues[number - 1]["fields"]
        fields.update(assignee={"displayName": name}, status=_STATES["indeterminate"],
                      updated=self.stamp())  # fmt: skip

    def close_issue(self, number: int, reason: str = "completed") -> None:
        name = "Done" if reason == "completed" else "Won't Do"
        self.issues[number - 1]["fields"].update(
            status=_STATES["done"], resolution={"name": name}, updated=self.stamp()
        )

    def reopen(self, number: int) -> None:
        self.issues[number - 1]["fields"].update(
            status=_STATES["new"], resolution=None, updated=self.stamp()
        )

    def post(self, number: int, action: str = "jira:issue_updated") -> tuple[bytes, dict[str, str]]:
        """A delivery as Jira sends it: body and headers."""
        issue = self.issues[number - 1]
        content = {"webhookEvent": action, "issue": {"id": issue["id"], "key": issue["key"]}}
        body = json.dumps(content).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return body, {
            "X-Hub-Signature": f"sha256={signature}",
            "X-Atlassian-Webhook-Identifier": str(uuid.uuid4()),
        }

    def ids(self) -> list[str]:
        return [issue["id"] for issue in self.issues]


def _shown(issue: dict[str, Any]) -> dict[str, Any]:
    return {name: issue[name] for name in ("id", "key", "fields")}
