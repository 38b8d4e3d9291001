"""The hand-off for Engineering: everything they need to start, from what is already known. Pure.

Made from a diagnosis as `Diagnosis.as_dict` gives it, so that a stored one and a fresh one read
the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from headwater.diagnosis.reproduce import steps_to_reproduce
from headwater.kit.redaction import masked, masked_values

_ROWS = 20
_ALTERNATIVES = 5
_BLANK = "None."


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: an ISO 8601 time and what happened."""

    at: str
    what: str


@dataclass(frozen=True, slots=True)
class Handoff:
    """All of a hand-off. `cause` is empty where none was found; times are ISO 8601."""

    case_id: str
    subject: str
    account_id: str
    summary: str
    cause: Mapping[str, Any]
    alternatives: Sequence[Mapping[str, Any]]
    timeline: Sequence[Moment]
    ruled_out: Sequence[Mapping[str, Any]]
    searched: Mapping[str, Any]
    reach: Mapping[str, Any] | None
    reproduce: str
    user_words: str

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)


def make_handoff(
    diagnosis: Mapping[str, Any],
    *,
    subject: str = "",
    user_words: str = "",
    timeline: Sequence[Moment] = (),
    reach: Mapping[str, Any] | None = None,
) -> Handoff:
    """The hand-off of one diagnosis. `reach` is given only where it was counted.

    Keys, passwords and card numbers are masked: a hand-off goes further than the case does.
    """
    diagnosis = masked_values(diagnosis)
    causes = list(diagnosis["causes"])
    best = causes[0] if causes else {}
    told = [Moment(each.at, masked(each.what)) for each in timeline]
    moments = [*told, *_moments(best)]
    return Handoff(
        case_id=str(diagnosis["case_id"]),
        subject=masked(subject),
        account_id=str(diagnosis["account_id"] or ""),
        summary=_summary(diagnosis, best),
        cause=best,
        alternatives=[
            {"playbook": each["playbook"], "title": each["title"],
             "probability": each["probability"], "evidence_ids": each["evidence_ids"]}
            for each in causes[1 : _ALTERNATIVES + 1]
        ],
        timeline=sorted(moments, key=lambda each: each.at),
        ruled_out=list(diagnosis["ruled_out"]),
        searched=diagnosis["searched"] or {},
        reach=reach,
        reproduce=steps_to_reproduce(best, str(diagnosis["account_id"] or "")),
        user_words=masked(user_words),
    )  # fmt: skip


def as_markdown(handoff: Handoff) -> str:
    """The hand-off as one page; what nobody looked at is said, not left out."""
    best = handoff.cause
    head = f"# {handoff.subject or handoff.case_id}\n\n" + _bullets(
        [
            f"Case: `{handoff.case_id}`",
            f"Account: `{handoff.account_id}`" if handoff.account_id else "Account: not known",
            f"Playbook: {best['playbook']} ({', '.join(best['modes'])})" if best else "",
        ]
    )
    sections = [
        ("Summary", handoff.summary),
        ("Objects", _bullets(f"`{each}`" for each in best.get("evidence_ids", ()))),
        ("Timeline", _bullets(f"{each.at}: {each.what}" for each in handoff.timeline)),
        ("How to reproduce", _fence("python", handoff.reproduce)),
        ("Evidence", _table(best.get("rows") or [])),
        ("SQL", _sql(handoff)),
        ("Reach", _reach(handoff)),
        ("Other findings", _alternatives(handoff.alternatives)),
        ("Ruled out", _bullets(f"{each['playbook']}: {each['reason']}"
                               for each in handoff.ruled_out)),
        ("What was searched", _searched(handoff.searched)),
        ("In the user's words", _quoted(handoff.user_words)),
    ]  # fmt: skip
    body = "\n\n".join(f"## {title}\n\n{text.strip() or _BLANK}" for title, text in sections)
    return f"{head}\n\n{body}\n"


def _summary(diagnosis: Mapping[str, Any], best: Mapping[str, Any]) -> str:
    none = float(diagnosis.get("none_probability", 0.0))
    if not best:
        return f"No playbook explains this case (probability of no known cause: {none:.0%})."
    return (
        f"{best['title']} (probability {float(best['probability']):.0%}; no known cause: "
        f"{none:.0%}).\n\n{best['explanation']['engineer'].strip()}"
    )


def _moments(best: Mapping[str, Any]) -> list[Moment]:
    if not best:
        return []
    first, last = best.get("first_seen"), best.get("last_seen")
    found = [Moment(str(first), "first row of the evidence")] if first else []
    return [*found, Moment(str(last), "last row of the evidence")] if last else found


def _sql(handoff: Handoff) -> str:
    if not handoff.cause:
        return ""
    window = handoff.searched.get("window") or {}
    return (
        f"Over the rows of `{handoff.account_id}` alone, with `$window_start` = "
        f"{window.get('start', 'unknown')} and `$window_end` = {window.get('end', 'unknown')}.\n\n"
        + _fence("sql", str(handoff.cause["sql"]))
    )


def _reach(handoff: Handoff) -> str:
    if handoff.reach:
        return _bullets(f"{name.replace('_', ' ')}: {value}"
                        for name, value in handoff.reach.items())  # fmt: skip
    if not handoff.cause:
        return "Not counted: there is no cause to count."
    return (
        "Not counted. `headwater playbooks run "
        f"{handoff.cause['playbook']} --evidence DIR` lists every account that shows it."
    )


def _alternatives(found: Sequence[Mapping[str, Any]]) -> str:
    return _bullets(
        f"{each['title']} ({each['playbook']}), {float(each['probability']):.0%}: "
        + (", ".join(f"`{name}`" for name in each["evidence_ids"]) or "no ids")
        for each in found
    )


def _searched(searched: Mapping[str, Any]) -> str:
    window = searched.get("window") or {}
    missing, failed = searched.get("missing_tables") or (), searched.get("not_searched") or ()
    return _bullets(
        [
            f"Window: {window.get('start', 'unknown')} to {window.get('end', 'unknown')}",
            f"Tables: {', '.join(searched.get('tables') or ()) or 'none'}",
            *(f"{name}: data complete to {at}"
              for name, at in (searched.get("freshness") or {}).items()),
            f"Not in the store: {', '.join(missing)}" if missing else "",
            *(f"Could not be searched: {each['playbook']}. {each['reason']}" for each in failed),
        ]
    )  # fmt: skip


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    shown = list(rows)[:_ROWS]
    if not shown:
        return ""
    names = [name for name in shown[0] if any(row.get(name) is not None for row in shown)]
    # One row reads better downwards: field by field.
    if len(shown) == 1:
        head, body = ["field", "value"], [[name, shown[0][name]] for name in names]
    else:
        head, body = names, [[row.get(name) for name in names] for row in shown]
    lines = [head, ["---"] * len(head), *body]
    text = "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
    return text + (f"\n\nand {len(rows) - _ROWS} more rows" if len(rows) > _ROWS else "")


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _bullets(lines: Any) -> str:
    return "\n".join(f"- {line}" for line in lines if line)


def _fence(language: str, text: str) -> str:
    if not text.strip():
        return ""
    # A fence longer than any inside: a value of the data must not end the block.
    longest = max((len(run) for run in text.split() if set(run) == {"`"}), default=2)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{text.strip()}\n{marks}"
