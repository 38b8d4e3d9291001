"""Writes go through acts, reads through queries: nobody reaches past the doors of a room."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "headwater"
ROOMS = (
    "accounts",
    "cases",
    "cases/effort",
    "cases/handling",
    "cases/automation",
    "cases/routing",
    "cases/sla",
    "channels",
    "channels/agent_mail",
    "channels/asides",
    "channels/imap",
    "channels/webhooks",
    "diagnosis",
    "diagnosis/notices",
    "diagnosis/rephrasing",
    "diagnosis/watch",
    "escalation",
    "evidence",
    "kit/jobs",
    "kit/outbox",
    "macros",
    "surveys",
)
# The files of a room that may touch stored things; `tasks` of a room call its acts.
STORES = {
    "acts.py",
    "awaiting.py",
    "beside.py",
    "bulk.py",
    "choosing.py",
    "quarantine.py",
    "queries.py",
    "ledger.py",
    "delivery.py",
    "fields.py",
    "feedback.py",
    "escalated.py",
    "files.py",
    "following.py",
    "links.py",
    "marks.py",
    "mentioning.py",
    "merging.py",
    "outreach.py",
    "placement.py",
    "models.py",
    "notices.py",
    "recorder.py",
    "restoring.py",
    "rulebooks.py",
    "running.py",
    "signoffs.py",
    "snoozing.py",
    "splitting.py",
    "spreading.py",
    "tags.py",
    "telling.py",
    "tracking.py",
    "using.py",
}
MODELS = {
    "Agent",
    "AccountLink",
    "ActedMail",
    "Aside",
    "AsideFile",
    "AsideMessage",
    "Person",
    "PlatformAccount",
    "AutomationRun",
    "AutomationVersion",
    "AwaitedMail",
    "BulkAct",
    "BulkItem",
    "Case",
    "CaseEvent",
    "CaseField",
    "CaseLink",
    "CaseTag",
    "Clock",
    "Diagnosis",
    "Draft",
    "EngineeringHandoff",
    "Escalation",
    "EscalationCase",
    "EscalationComment",
    "EvidenceCitation",
    "EvidenceRemoval",
    "EvidenceRun",
    "EvidenceSnapshot",
    "FieldOffer",
    "FieldValue",
    "FileContent",
    "Finding",
    "Follower",
    "Job",
    "LibraryEntry",
    "LibraryUse",
    "LibraryVersion",
    "MailEvent",
    "MailFolder",
    "Message",
    "MessageReference",
    "Notice",
    "NoticeBatch",
    "MarkedAddress",
    "OutgoingMail",
    "Problem",
    "ProblemCase",
    "ProblemEvent",
    "Offer",
    "PolicyVersion",
    "Queue",
    "RawMail",
    "RoutingVersion",
    "ReachCount",
    "Rephrasing",
    "ReplyFile",
    "Schedule",
    "SignOff",
    "Spread",
    "Stretch",
    "Tag",
    "TimeCorrection",
    "TrackerDelivery",
    "TrackerPause",
    "WebhookPost",
}


def outsiders() -> list[Path]:
    """Every source file that is not one of a room's stores."""
    inside = {SOURCE / room / name for room in ROOMS for name in STORES}
    return [
        path
        for path in sorted(SOURCE.rglob("*.py"))
        if path not in inside and "migrations" not in path.parts
    ]


def breaches(tree: ast.AST) -> Iterator[str]:
    """`Model.objects` anywhere, and `.save(` or `.delete(` on something that looks stored."""
    stored = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".models")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value
        if node.attr in {"objects", "_default_manager"} and isinstance(owner, ast.Name):
            if owner.id in stored | MODELS:
                yield f"line {node.lineno}: {owner.id}.{node.attr}"
        elif node.attr == "save" and isinstance(owner, ast.Name) and owner.id != "super":
            yield f"line {node.lineno}: {owner.id}.save"


@pytest.mark.parametrize("path", outsiders(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_stored_things_are_reached_through_acts_and_queries(path: Path) -> None:
    found = list(breaches(ast.parse(path.read_text())))
    assert not found, f"{path.relative_to(SOURCE)}: {found}; call an act or a query instead"


def test_the_check_sees_a_breach() -> None:
    bad = "from headwater.cases.models import Case as C\nC.objects.all()\ncase.save()\n"
    assert len(list(breaches(ast.parse(bad)))) == 2
