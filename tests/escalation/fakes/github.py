"""A small server of GitHub's REST API for issues, as its public reference describes it."""

import hashlib
import hmac
import json
import re
import uuid
from typing import Any

from tests.escalation.fakes.server import Asked, Fake, Reply

TOKEN = "ghp_only-for-tests"
SECRET = "github-hook-secret"
REPOSITORY = "acme/api"
_BASE = f"/repos/{REPOSITORY}/issues"


class FakeGitHub(Fake):
    """Issues and comments of one repository."""

    def __init__(self) -> None:
        super().__init__()
        self.issues: list[dict[str, Any]] = []
        self.comments: dict[int, list[dict[str, Any]]] = {}

    def answer(self, asked: Asked) -> Reply:
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Reply(401, {"message": "Bad credentials"})
        if not asked.headers.get("user-agent"):
            return Reply(403, {"message": "Request forbidden by administrative rules."})
        if asked.headers.get("x-github-api-version") != "2022-11-28":
            return Reply(400, {"message": "Unsupported version"})
        if asked.path == _BASE:
            return self._create(asked) if asked.method == "POST" else self._list(asked)
        found = re.fullmatch(rf"{_BASE}/(\d+)(/comments)?", asked.path)
        number = int(found[1]) if found else 0
        if not found or not 0 < number <= len(self.issues):
            return Reply(404, {"message": "Not Found"})
        if found[2]:
            return self._comment(asked, number)
        return self._patch(asked, number)

    def _create(self, asked: Asked) -> Reply:
        content = asked.content
        if not isinstance(content.get("title"), str) or not content["title"]:
            return Reply(422, {"message": "Validation Failed", "errors": [{"code": "missing"}]})
        if len(content.get("body") or "") > 65_536:
            return Reply(422, {"message": "body is too long (maximum is 65536 characters)"})
        number, now = len(self.issues) + 1, self.now()[:19] + "Z"
        issue = {
            "id": 9_000 + number, "number": number, "title": content["title"],
            "body": content.get("body"), "state": "open", "state_reason": None,
            "labels": [{"name": name} for name in content.get("labels", [])],
            "assignee": None, "assignees": [], "created_at": now, "updated_at": now,
            "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
        }  # fmt: skip
        self.issues.append(issue)
        return Reply(201, issue)

    def _list(self, asked: Asked) -> Reply:
        since, state = asked.query.get("since", ""), asked.query.get("state", "open")
        found = [one for one in self.issues if one["updated_at"] >= since]
        found = [one for one in found if state in ("all", one["state"])]
        return Reply(200, _page(asked, list(reversed(found))))

    def _patch(self, asked: Asked, number: int) -> Reply:
        issue = self.issues[number - 1]
        if asked.method == "PATCH":
            if asked.content.get("state") not in (None, "open", "closed"):
                return Reply(422, {"message": "Validation Failed"})
            issue.update(asked.content, updated_at=self.now()[:19] + "Z")
        return Reply(200, issue)

    def _comment(self, asked: Asked, number: int) -> Reply:
        if asked.method == "GET":
            since = asked.query.get("since", "")
            found = [c for c in self.comments.get(number, []) if c["updated_at"] >= since]
            return Reply(200, _page(asked, found))
        if not asked.content.get("body"):
            return Reply(422, {"message": "Validation Failed"})
        return Reply(201, self.remark(number, asked.content["body"], "headwater-bot"))

    # What the team does.

    def remark(self, number: int, body: str, author: str, role: str = "MEMBER") -> dict[str, Any]:
        comments = self.comments.setdefault(number, [])
        now = self.now()[:19] + "Z"
        comment = {
            "id": number * 1000 + len(comments), "body": body, "user": {"login": author},
            "author_association": role, "created_at": now, "updated_at": now,
        }  # fmt: skip
        comments.append(comment)
        return comment

    def assign(self, number: int, login: str) -> None:
        self.issues[number - 1].update(assignee={"login": login}, updated_at=self._second())

    def close_issue(self, number: int, reason: str = "completed") -> None:
        self.issues[number - 1].update(
            state="closed", state_reason=reason, updated_at=self._second()
        )

    def reopen(self, number: int) -> None:
        self.issues[number - 1].update(
            state="open", state_reason="reopened", updated_at=self._second()
        )

    def _second(self) -> str:
        return self.now()[:19] + "Z"

    def post(self, number: int, action: str = "edited") -> tuple[bytes, dict[str, str]]:
        """A delivery as GitHub sends it: body and headers."""
        content = {
            "action": action,
            "issue": self.issues[number - 1],
            "repository": {"full_name": REPOSITORY},
        }
        body = json.dumps(content).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return body, {
            "X-GitHub-Event": "issues",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": f"sha256={signature}",
        }

    def ids(self) -> list[str]:
        return [str(issue["number"]) for issue in self.issues]


def _page(asked: Asked, items: list[Any]) -> list[Any]:
    size, page = int(asked.query.get("per_page", 30)), int(asked.query.get("page", 1))
    return items[(page - 1) * size : page * size]
