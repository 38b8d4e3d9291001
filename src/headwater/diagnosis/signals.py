"""What speaks for a finding, as numbers near 0 when they say nothing. Pure: values in, values out.

Each feature is described in docs/algorithms/ranking.md; its words are shown beside its points.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from headwater.diagnosis.account import Named
from headwater.diagnosis.base_rates import Rate
from headwater.diagnosis.ids import ids_in, prefix_of
from headwater.diagnosis.values import Row

FEATURES = (
    "text",
    "surprise",
    "magnitude",
    "strength",
    "named",
    "named_account",
    "named_other",
    "facts",
    "recent",
    "onset",
)

_RECENT_HOURS = 48.0
_ONSET_DAYS = 7.0
_TEXT_BOUND = 2.0
# One unit of surprise is a factor of e^3, about 20, in how rare the sign is.
_SURPRISE_UNIT = 3.0
_UNCOUNTED = 1.0
# Rarer than this counts little more: a sign that nobody else shows must not weigh three times as
# much where there are thousands of accounts to compare with as where there are thirty.
_RARE = 1 / 200

# An id cut short ("ch_3NxAb12..") still names its object when this much of it is left.
_CUT_SHORT = 9

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_FRAME = frozenset(
    "account_id object_id evidence_ids first_seen last_seen occurrences mode strength".split()
)
# Values that any mail may hold by accident.
_GENERIC = frozenset(
    """active api automatic bank card cards charge customer disabled enabled event failed false
    invoice live manual month none null payment payout pending platform post status stripe
    succeeded test true user webhook year""".split()
)


@dataclass(frozen=True, slots=True)
class Signal:
    """One feature's value and the same in words."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is known of the mail: its words (lower case), when it came (naive UTC), its ids."""

    text: str
    received_at: datetime
    named: tuple[Named, ...] = ()
    ids: tuple[str, ...] = ()


def row_ids(row: Row) -> frozenset[str]:
    """Every object id that a row holds: the guilty ones and those in its facts."""
    found: set[str] = set()
    for name, value in row.items():
        if name != "account_id" and isinstance(value, str):
            found.update(evidence_ids(value) if name == "evidence_ids" else ids_in(value))
            if name == "object_id" or name.endswith("_id"):
                found.add(value)
    return frozenset(found)


def evidence_ids(value: object) -> tuple[str, ...]:
    """The ids of an `evidence_ids` cell (comma-separated text or a list), in order, each once."""
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    return tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))


def main_rows(rows: Sequence[Row], complaint: Complaint) -> list[Row]:
    """The row that each mode is told by: named by the text, else quoted, the strongest, latest."""

    def key(row: Row) -> tuple[float, float, float, float, float, datetime, str]:
        return (
            float(bool(_hits(row, complaint))),
            float(_names_account(row, complaint)),
            _facts(row, complaint).value,
            number(row.get("strength")),
            number(row.get("occurrences")),
            moment(row.get("last_seen"), complaint.received_at),
            str(row.get("object_id")),
        )

    best: dict[str, Row] = {}
    for row in rows:
        mode = str(row.get("mode") or "")
        if mode not in best or key(row) > key(best[mode]):
            best[mode] = row
    return list(best.values())


def signals(
    row: Row,
    complaint: Complaint,
    *,
    text_scores: Mapping[str, float],
    playbook: str,
    rate: Rate | None,
    chances: int = 1,
) -> dict[str, Signal]:
    """All features of one finding. `chances`: accounts in scope that could have matched."""
    return {
        "text": text_signal(text_scores, playbook),
        "surprise": _surprise(rate, chances),
        "magnitude": _magnitude(rate, chances),
        "strength": _strength(row),
        "named": _named(row, complaint),
        "named_account": _named_account(row, complaint),
        "named_other": _named_other(row, complaint),
        "facts": _facts(row, complaint),
        "recent": _recent(row, complaint),
        "onset": _onset(row, complaint),
    }


def text_signal(scores: Mapping[str, float], playbook: str) -> Signal:
    """How near a mail is to a playbook, against its nearness to all of them on average."""
    own = scores.get(playbook, 0.0)
    mean = sum(scores.values()) / len(scores) if scores else 0.0
    value = max(-_TEXT_BOUND, min(_TEXT_BOUND, math.log((own + 1.0) / (mean + 1.0))))
    rank = 1 + sum(1 for each in scores.values() if each > own)
    if own <= 0.0:
        return Signal(value, "the mail uses none of this playbook's words")
    return Signal(value, f"the mail's words fit it as number {rank} of {len(scores)} playbooks")


def _rareness(shown: int, rate: Rate, chances: int) -> float:
    share = min(1.0, (shown + 0.5) / (rate.comparable + 1.0))
    # With several accounts in scope, one of them showing the sign by accident is more likely.
    share = 1.0 - (1.0 - share) ** max(chances, 1)
    return -math.log(min(1.0, share + _RARE)) / _SURPRISE_UNIT


def _surprise(rate: Rate | None, chances: int) -> Signal:
    if rate is None:
        return Signal(
            _UNCOUNTED, "how common the sign is could not be counted; taken as 1 account in 20"
        )
    return Signal(
        _rareness(rate.matching, rate, chances),
        f"{rate.matching:,} of {rate.comparable:,} comparable accounts show this",
    )


def _magnitude(rate: Rate | None, chances: int) -> Signal:
    if rate is None:
        return Signal(0.0, "how strong the sign is elsewhere could not be counted")
    value = _rareness(rate.as_strong, rate, chances) - _rareness(rate.matching, rate, chances)
    return Signal(max(0.0, value), f"{rate.as_strong:,} show it at least as strongly")


def _strength(row: Row) -> Signal:
    if "strength" not in row:
        return Signal(0.0, "the playbook does not grade its evidence")
    value = max(0.0, min(1.0, number(row["strength"])))
    return Signal(value, f"the playbook grades its evidence {value:.2f} of 1")


def _hits(row: Row, complaint: Complaint) -> list[str]:
    ids = row_ids(row)
    literal = [
        each
        for each in complaint.ids
        if each in ids or (len(each) >= _CUT_SHORT and any(i.startswith(each) for i in ids))
    ]
    tied = [
        each.object_id
        for each in complaint.named
        if each.object_id in ids or (each.table != "accounts" and not ids.isdisjoint(each.linked))
    ]
    return list(dict.fromkeys([*literal, *tied]))


def _names_account(row: Row, complaint: Complaint) -> bool:
    """Whether the row is of a connected account that a platform's mail names."""
    owner = str(row.get("account_id"))
    # One's own id, which has no other account behind it, is a signature.
    return any(
        each.table == "accounts"
        and each.object_id == owner
        and any(linked.startswith("acct_") for linked in each.linked)
        for each in complaint.named
    )


def _named_account(row: Row, complaint: Complaint) -> Signal:
    if not _names_account(row, complaint):
        return Signal(0.0, "the mail names no connected account that shows this")
    return Signal(1.0, f"the mail names the connected account {row.get('account_id')}")


def _named(row: Row, complaint: Complaint) -> Signal:
    hits = _hits(row, complaint)
    if not hits:
        return Signal(0.0, "the mail names none of the objects found")
    return Signal(1.0, f"the mail names {', '.join(hits[:3])}")


def _named_other(row: Row, complaint: Complaint) -> Signal:
    ids = row_ids(row)
    listed = evidence_ids(row.get("evidence_ids"))
    # A long list is cut short by the playbook: an object that is not on it may still be guilty.
    complete = number(row.get("occurrences")) <= max(len(listed), 1)
    kinds = {prefix_of(each) for each in ids}
    same_kind = [each.object_id for each in complaint.named if prefix_of(each.object_id) in kinds]
    if not complete or not same_kind or _hits(row, complaint):
        return Signal(0.0, "the mail names no innocent object of this kind")
    return Signal(1.0, f"the mail names {', '.join(same_kind[:3])}, which does not show this")


def _facts(row: Row, complaint: Complaint) -> Signal:
    numbers = _numbers(complaint.text)
    found = [
        shown
        for name, value in row.items()
        if name not in _FRAME and not name.endswith("_id")
        for shown in _fact_in(name, value, complaint.text, numbers)
    ]
    distinct = list(dict.fromkeys(found))
    if not distinct:
        return Signal(0.0, "the mail quotes no value of the evidence")
    return Signal(1.0 - 0.5 ** len(distinct), f"the mail quotes {', '.join(distinct[:3])}")


def _fact_in(name: str, value: object, text: str, numbers: frozenset[str]) -> Iterable[str]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int):
        for form in _number_forms(name, value):
            if form in numbers:
                yield form
                return
    if isinstance(value, str):
        for part in _words_of(value):
            pattern = re.escape(part).replace("_", "[ _-]")
            if re.search(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", text):
                yield part


def _words_of(value: str) -> list[str]:
    if "://" in value:
        host = urlsplit(value.strip()).hostname
        return [host] if host else []
    parts = [part.strip().lower() for part in value.split(",")][:20]
    return [
        part for part in parts if 4 <= len(part) <= 80 and part not in _GENERIC and not ids_in(part)
    ]


def _number_forms(name: str, value: int) -> list[str]:
    if "amount" in name:
        forms = [f"{value / 100:.2f}"]
        if value >= 1_000:
            forms.append(str(value // 100) if value % 100 == 0 else str(value))
        return forms
    return [str(value)] if "status" in name and 300 <= value < 600 else []


def _numbers(text: str) -> frozenset[str]:
    found: set[str] = set()
    for raw in _NUMBER.findall(text):
        decimal = re.fullmatch(r"([\d.,]*?)[.,](\d{2})", raw)
        whole = re.sub(r"[.,]", "", decimal.group(1) if decimal else raw)
        found.add(f"{whole or '0'}.{decimal.group(2)}" if decimal else whole)
        if decimal and decimal.group(2) == "00":
            found.add(whole)
    return frozenset(found)


def _recent(row: Row, complaint: Complaint) -> Signal:
    gap = complaint.received_at - moment(row.get("last_seen"), complaint.received_at)
    hours = max(0.0, gap.total_seconds() / 3600)
    return Signal(math.exp(-hours / _RECENT_HOURS), f"last seen {_span(hours)} before the mail")


def _onset(row: Row, complaint: Complaint) -> Signal:
    gap = complaint.received_at - moment(row.get("first_seen"), complaint.received_at)
    hours = max(0.0, gap.total_seconds() / 3600)
    return Signal(math.exp(-hours / 24 / _ONSET_DAYS), f"first seen {_span(hours)} before the mail")


def _span(hours: float) -> str:
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return f"{hours:.0f} hours" if hours >= 1.5 else "1 hour"
    return f"{hours / 24:.0f} days"


def number(value: object) -> float:
    """A cell as a number; 0.0 for anything that is none."""
    try:
        return float(value) if value is not None else 0.0  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0


def moment(value: object, default: datetime) -> datetime:
    """A cell as naive UTC; `default` for anything that is no time."""
    return value if isinstance(value, datetime) else default
