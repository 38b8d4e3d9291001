"""The hand-off for Engineering: everything they need to start, from what is already known. Pure.

Made from a diagnosis as `Diagnosis.as_dict` gives it, so that a stored one and a fresh one read
the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from headwater.diagnosis.reproduce import steps_to_reproduce
from headwater.diagnosis.subjects import subject_name
from headwater.kit.money import format_money
from headwater.kit.redaction import masked, masked_values

_ROWS = 20
_ALTERNATIVES = 5
_DAYS = 14
_BLANK = "None."
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.\d+")
# A playbook that found no row and that nothing tells apart from the cause.
_SILENT = re.compile(r"Searched [^:]*(?::\d{2}[^:]*)*: no rows\.$")
_FRACTION = re.compile(r"\.\d+(?=Z|[+-]|$)")


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
    # Rows of the request log, as `handing_over.completed` reads them.
    requests: Sequence[Mapping[str, Any]] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Handoff":
        """The hand-off of `as_dict`, also of one that an older version stored."""
        moments = [Moment(**each) for each in content["timeline"]]
        return cls(**{**content, "timeline": moments})


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
    moments = [Moment(_FRACTION.sub("", each.at), each.what) for each in (*told, *_moments(best))]
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
        ("What it is about", _subjects(best)),
        ("Timeline", _bullets(f"{each.at}: {each.what}" for each in handoff.timeline)),
        ("How to reproduce", _fence("python", handoff.reproduce)),
        ("Evidence", _table(best.get("rows") or [])),
        ("SQL", _sql(handoff)),
        ("Reach", _reach(handoff)),
        ("Other findings", _alternatives(handoff.alternatives)),
        ("Ruled out", _ruled_out(handoff.ruled_out)),
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


def _subjects(best: Mapping[str, Any]) -> str:
    """The guilty objects, and before them what the finding itself is about, by its name."""
    ids = list(best.get("evidence_ids", ()))
    about = [
        f"{subject_name(row)}: `{row['object_id']}`"
        for row in best.get("rows") or ()
        if row.get("object_id") and row["object_id"] not in ids
    ]
    return _bullets([*dict.fromkeys(about), *(f"`{each}`" for each in ids)])


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
    if handoff.reach and handoff.reach.get("pending"):
        return "Being counted; this section is complete in a minute."
    if handoff.reach and not handoff.reach.get("problem"):
        return _counted(handoff.reach)
    if handoff.reach:
        return f"Could not be counted: {handoff.reach['problem']}"
    if not handoff.cause:
        return "Not counted: there is no cause to count."
    return (
        "Not counted. `headwater playbooks reach "
        f"{handoff.cause['playbook']} --evidence DIR` lists every account that shows it."
    )


def _counted(reach: Mapping[str, Any]) -> str:
    more = " or more" if reach.get("truncated") else ""
    wrote = reach.get("wrote_in")
    lines = _bullets(
        [
            f"Accounts that show it: {reach['accounts']:,}{more}, from "
            f"{_in_seconds(reach['from'])} to {_in_seconds(reach['to'])}",
            f"Within the last day: {reach['now']:,}, of which {reach['fresh']:,} for the first "
            "time",
            "" if wrote is None else f"Wrote to us about it: {wrote:,}",
        ]
    )
    tables = [
        f"{title}\n\n{_table([_as_money(each) for each in reach[name]])}"
        for title, name in (("The biggest:", "biggest"), ("The first:", "first"))
        if reach.get(name)
    ]
    days = [f"{each['day']}: {each['affected']:,} ({each['fresh']:,} new)"
            for each in (reach.get("days") or ())[-_DAYS:]]  # fmt: skip
    return "\n\n".join([lines, *tables, *(["By day:\n\n" + _bullets(days)] if days else [])])


def _as_money(row: Mapping[str, Any]) -> dict[str, Any]:
    """An account of the reach with its volume in units, not cents."""
    volume = format_money(row["volume"], row["currency"]) if row["currency"] else None
    shown = {name: value for name, value in row.items() if name not in ("volume", "currency")}
    return {**shown, "volume": volume}


def _alternatives(found: Sequence[Mapping[str, Any]]) -> str:
    return _bullets(
        f"{each['title']} ({each['playbook']}), {float(each['probability']):.0%}: "
        + (", ".join(f"`{name}`" for name in each["evidence_ids"]) or "no ids")
        for each in found
    )


def _ruled_out(found: Sequence[Mapping[str, Any]]) -> str:
    """What took a judgement, in words; of the rest only that its query found nothing."""
    silent = [each for each in found if _SILENT.match(str(each["reason"]))]
    told = [each for each in found if each not in silent]
    lines = _bullets(f"{each['playbook']}: {_in_seconds(each['reason'])}" for each in told)
    if not silent:
        return lines
    names = ", ".join(str(each["playbook"]) for each in silent)
    return f"{lines}\n\nSearched in the same window without a row: {names}.".strip()


def _searched(searched: Mapping[str, Any]) -> str:
    window = searched.get("window") or {}
    missing, failed = searched.get("missing_tables") or (), searched.get("not_searched") or ()
    return _bullets(
        [
            f"Window: {_in_seconds(window.get('start', 'unknown'))} to "
            f"{_in_seconds(window.get('end', 'unknown'))}",
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
    subject = subject_name(shown[0])
    if subject in names:
        names.remove("object_id")  # another column says the same under its own name
    heads = [subject if name == "object_id" else name for name in names]
    if len(shown) == 1:
        pairs = zip(heads, names, strict=True)
        head, body = ["field", "value"], [[said, shown[0][name]] for said, name in pairs]
    else:
        head, body = heads, [[row.get(name) for name in names] for row in shown]
    lines = [head, ["---"] * len(head), *body]
    text = "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)
    return text + (f"\n\nand {len(rows) - _ROWS} more rows" if len(rows) > _ROWS else "")


def _in_seconds(text: Any) -> str:
    """A text whose times have no fractions: nobody reads microseconds."""
    return _MOMENT.sub(r"\1", str(text))


def _cell(value: Any) -> str:
    text = "" if value is None else _in_seconds(value)
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
