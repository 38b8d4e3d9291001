"""A stored diagnosis as the case page shows it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headwater.accounts.models import Agent
from headwater.diagnosis.models import CaseEvidence, Diagnosis, Finding
from headwater.evidence.models import EvidenceSnapshot
from headwater.evidence.queries import rows_of, snapshot_folder
from headwater.kit.errors import HeadwaterError
from headwater.knowledge.guide import known_documents

# The context pane holds few columns; the full page shows every row.
_ROWS_IN_PANE = 3
_NAMING = ("object_id", "mode", "account_id")


@dataclass(frozen=True)
class FindingView:
    """A finding with its rows turned for a narrow pane: one line per field."""

    rank: int
    playbook: str
    title: str
    modes: list[str]
    probability: float
    first_seen: datetime | None
    last_seen: datetime | None
    explanation_user: str
    explanation_engineer: str
    what_to_do: str
    reasons: list[str]
    sql: str
    columns: list[str]
    table: list[list[Any]]
    fields: list[tuple[str, list[Any]]]
    row_heads: list[str]
    row_note: str
    doc_links: list[dict[str, str]]


def finding_view(finding: Finding) -> FindingView:
    """`finding` ready to be shown. Rows may be stored as lists or as mappings."""
    columns = [str(column) for column in finding.columns]
    table = [_as_list(row, columns) for row in finding.rows]
    shown = table[:_ROWS_IN_PANE]
    fields = [
        (column, [row[index] for row in shown])
        for index, column in enumerate(columns)
        # The account is in the head of the page, and a field without any value says nothing.
        if column != "account_id" and any(row[index] not in (None, "") for row in shown)
    ]
    total = len(table)
    note = ngettext("%(n)d row.", "%(n)d rows.", total) % {"n": total}
    if total > len(shown):
        note = _("%(shown)d of %(n)d rows.") % {"shown": len(shown), "n": total}
    return FindingView(
        rank=finding.rank, playbook=finding.playbook, title=finding.title,
        modes=list(finding.modes), probability=finding.probability,
        first_seen=finding.first_seen, last_seen=finding.last_seen,
        explanation_user=finding.explanation_user,
        explanation_engineer=finding.explanation_engineer, what_to_do=finding.what_to_do,
        reasons=[reason_text(each) for each in finding.reasons if _weighs(each)],
        sql=finding.sql.strip(),
        columns=columns, table=table, fields=fields,
        row_heads=[_row_head(row, columns, number) for number, row in enumerate(shown, 1)],
        row_note=note, doc_links=[doc_link(doc) for doc in finding.docs],
    )  # fmt: skip


@dataclass(frozen=True)
class AttachedView:
    """Attached evidence for a narrow pane: the first rows, a line for each field.

    `problem` says why the rows cannot be shown, for instance that they were erased.
    """

    id: str
    title: str
    note: str
    who: str
    attached_at: datetime
    fields: list[tuple[str, list[Any]]]
    row_note: str
    problem: str


def require_sight(found: CaseEvidence, agent: Agent) -> None:
    """Raises HeadwaterError where the rows hold what this agent may not see."""
    if found.personal and not agent.sees_personal:
        raise HeadwaterError(
            _("These rows hold personal data, which you see masked."),
            hint=_("Open the query in Investigate to read them with masks."),
        )


def attached_view(found: CaseEvidence, agent: Agent) -> AttachedView:
    """`found` ready to be shown to `agent` beside the conversation."""
    fields: list[tuple[str, list[Any]]] = []
    problem, total, shown = "", found.snapshot.rows, 0
    try:
        require_sight(found, agent)
        columns, rows = _kept(found.snapshot)
        shown = len(rows)
        fields = [(name, [row[i] for row in rows]) for i, name in enumerate(columns)]
    except HeadwaterError as error:
        problem = str(error)
    note = ngettext("%(n)d row.", "%(n)d rows.", total) % {"n": total}
    if total > shown:
        note = _("%(shown)d of %(n)d rows.") % {"shown": shown, "n": total}
    return AttachedView(
        id=found.pk, title=found.title, note=found.note, who=found.agent.name,
        attached_at=found.attached_at, fields=fields, row_note=note, problem=problem,
    )  # fmt: skip


def _kept(record: EvidenceSnapshot) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    if record.gone_at is not None:
        rows_of(record)  # raises, with the reason
    return _first_rows(record.pk)


@lru_cache(maxsize=64)
def _first_rows(identity: str) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """A snapshot's name is its content's hash, so what was read once stays true."""
    kept = snapshot_folder().get(identity)
    return kept.columns, kept.rows[:_ROWS_IN_PANE]


def _weighs(reason: Any) -> bool:
    """Whether it moved the probability by more than "+0.0"."""
    return not isinstance(reason, dict) or abs(float(reason.get("points", 1))) >= 0.05


def reason_text(reason: Any) -> str:
    """A stored reason in words: `{"text", "points", …}`, or the words themselves."""
    return str(reason.get("text", "")) if isinstance(reason, dict) else str(reason)


def _as_list(row: Any, columns: list[str]) -> list[Any]:
    if isinstance(row, dict):
        return [row.get(column) for column in columns]
    return [*row, *[None] * (len(columns) - len(row))]


def _row_head(row: list[Any], columns: list[str], number: int) -> str:
    for name in _NAMING:
        if name in columns and row[columns.index(name)]:
            return str(row[columns.index(name)])
    return str(number)


def doc_link(doc: Any) -> dict[str, str]:
    """`{"url", "title"}`; a bare address is titled by the guide or its last part."""
    if isinstance(doc, dict):
        url = str(doc.get("url", ""))
        return {"url": _web_only(url), "title": str(doc.get("title") or _title(url))}
    return {"url": _web_only(str(doc)), "title": _title(str(doc))}


def _title(url: str) -> str:
    return known_documents().get(url) or _tail(url)


def _web_only(url: str) -> str:
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def _tail(url: str) -> str:
    parts = urlsplit(url)
    last = (parts.path.rstrip("/").rsplit("/", 1)[-1] or parts.netloc or url).replace("-", " ")
    return _("Docs: %(page)s") % {"page": f"{last}#{parts.fragment}" if parts.fragment else last}


def searched_tables(diagnosis: Diagnosis) -> list[dict[str, str]]:
    """Every table that was looked at, with its newest row's time as text."""
    fresh = diagnosis.searched.get("freshness") or {}
    names = diagnosis.searched.get("tables") or list(fresh)
    return [{"name": str(name), "fresh": _short(fresh.get(name))} for name in names]


def searched_missing(diagnosis: Diagnosis) -> list[str]:
    """Tables that the playbooks wanted and the store lacks."""
    missing = diagnosis.searched.get("missing_tables") or []
    return [str(name) for name in missing]


def _short(moment: Any) -> str:
    return str(moment).replace("T", " ")[:16] if moment else ""


def not_searched(diagnosis: Diagnosis, titles: dict[str, str]) -> list[dict[str, str]]:
    """Playbooks that could not run, and why, as `{"title", "reason"}`."""
    return _named(diagnosis.searched.get("not_searched") or [], titles)


def suggested(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """Causes that only the words point to, as `{"title", "probability", "why"}`."""
    return [
        {
            "title": each["title"],
            "probability": each["probability"],
            "why": each["explanation"]["engineer"],
        }
        for each in diagnosis.suggested
    ]


def ruled_out(diagnosis: Diagnosis, titles: dict[str, str]) -> list[dict[str, str]]:
    """What was looked for and not found, each with why, as `{"title", "reason"}`."""
    return _named(diagnosis.ruled_out, titles)


def _named(items: list[Any], titles: dict[str, str]) -> list[dict[str, str]]:
    named = []
    for item in items:
        about = item if isinstance(item, dict) else {"playbook": item}
        name = str(about.get("playbook", ""))
        named.append({"title": titles.get(name, name), "reason": str(about.get("reason") or "")})
    return named
