"""What a person asks: the query, its parameters, whose rows, and why. Read from a form or link."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from headwater.cases.models import Case
from headwater.diagnosis.queries import latest_diagnosis
from headwater.evidence.errors import QueryRefused
from headwater.evidence.parameters import read_moment, read_value
from headwater.kit.clock import utc_now

ROW_CHOICES = (1_000, 10_000)
SECONDS = 30.0
_WINDOW = timedelta(days=30)
# Text, names in quotes and comments may hold a dollar that is no parameter.
_SKIP_OR_PARAM = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/|\$([A-Za-z_]\w*)", re.DOTALL
)
_ACCOUNT_NAMES = frozenset(["account", "account_id", "acct"])
_MOMENTS = frozenset(["window_start", "window_end"])
MAX_CHARACTERS = 20_000


def params_in(sql: str) -> list[str]:
    """Names of the `$parameters` in the order in which they appear."""
    found = (match[1] for match in _SKIP_OR_PARAM.finditer(sql[:MAX_CHARACTERS]) if match[1])
    return list(dict.fromkeys(found))


@dataclass(slots=True)
class Question:
    """The form as typed. `whose` is `account` or `all`; `values` are the parameters' texts."""

    sql: str = ""
    values: dict[str, str] = field(default_factory=dict)
    whose: str = "account"
    account: str = ""
    reason: str = ""
    rows: int = ROW_CHOICES[0]
    case: Case | None = None

    @property
    def accounts(self) -> tuple[str, ...] | None:
        """The scope: the account, or None for every account. Raises QueryRefused."""
        if self.whose == "all":
            return None
        if not self.account:
            raise QueryRefused(
                _("No account is given."),
                param="account",
                hint=_("Write the account's id, or choose “Every account”."),
            )
        return (self.account,)

    def purpose_reason(self) -> str:
        """Why this person looks. Raises QueryRefused where neither case nor reason says so."""
        if self.reason.strip():
            return " ".join(self.reason.split())[:300]
        if self.case is not None:
            return f"case {self.case.pk}"
        raise QueryRefused(
            _("A reason is missing: every look at the evidence is recorded with one."),
            param="reason",
            hint=_("Say why you look, or open this page from a case."),
        )

    def params(self) -> dict[str, datetime | str | int]:
        """The parameters as values. Raises QueryRefused naming one without a value."""
        given: dict[str, datetime | str | int] = {}
        for name in params_in(self.sql):
            text = self.values.get(name, "").strip()
            if not text:
                raise QueryRefused(
                    _("The parameter $%(name)s has no value.") % {"name": name},
                    param=name,
                    hint=_("Fill in its field below the query."),
                )
            if name in _MOMENTS:
                given[name] = read_moment(text, utc_now(), param=name)
            else:
                given[name] = read_value(text)
        return given

    def fields(self) -> list[dict[str, str]]:
        """The parameters as form fields: name, value, kind of hint."""
        return [
            {"name": name, "value": self.values.get(name, ""), "hint": _hint(name)}
            for name in params_in(self.sql)
        ]


def read_question(data: QueryDict, case: Case | None) -> Question:
    """The question in a form or a link; what the case knows fills what is empty."""
    rows = data.get("rows", "")
    question = Question(
        sql=data.get("sql", "").replace("\r\n", "\n")[: MAX_CHARACTERS + 1],
        values={key[2:]: data.get(key, "").strip() for key in data if key.startswith("p_")},
        account=data.get("account", "").strip(),
        reason=data.get("reason", ""),
        rows=int(rows) if rows in map(str, ROW_CHOICES) else ROW_CHOICES[0],
        case=case,
    )
    if case is not None and not question.account and "account" not in data:
        question.account = case.account_id or ""
    chosen = data.get("whose", "")
    question.whose = chosen if chosen in ("account", "all") else _usual_scope(question)
    fill_defaults(question, params_in(question.sql))
    return question


def _usual_scope(question: Question) -> str:
    return "account" if question.account or question.case is not None else "all"


def fill_defaults(question: Question, names: Iterable[str]) -> None:
    """Values that the case suggests, for parameters that have none yet."""
    if not names:
        return
    start, end = usual_window(question.case)
    usual = {"window_start": _shown(start), "window_end": _shown(end)}
    for name in names:
        if name not in question.values:
            account = question.account if name in _ACCOUNT_NAMES else ""
            question.values[name] = usual.get(name, account)


def usual_window(case: Case | None) -> tuple[datetime, datetime]:
    """The 30 days that the case's diagnosis looked at, or that end when it was opened, or now."""
    if case is None:
        now = utc_now()
        return now - _WINDOW, now
    diagnosis = latest_diagnosis(case)
    if diagnosis is not None:
        return diagnosis.window_start, diagnosis.window_end
    return case.opened_at - _WINDOW, case.opened_at


def link_params(sql: str, values: Mapping[str, str], **rest: str) -> QueryDict:
    """The query string that opens the page with this question."""
    link = QueryDict(mutable=True)
    link["sql"] = sql
    for name, value in values.items():
        link[f"p_{name}"] = value
    for name, value in rest.items():
        if value:
            link[name] = value
    return link


def plain_params(params: Mapping[str, Any]) -> dict[str, str]:
    """Values as texts that `read_value` reads back."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in params.items()
    }


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _hint(name: str) -> str:
    return _("UTC, or 7d for seven days ago") if name in _MOMENTS else ""
