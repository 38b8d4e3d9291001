"""A diagnosis set for people, on a terminal or in a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from headwater.diagnosis.values import Diagnosis, Finding, Searched, Suggestion, plain_row

_BAR = 24
_ROWS = 8
_COLUMNS = 8
# Columns that every evidence row has and that the page shows elsewhere.
_SHOWN_ELSEWHERE = frozenset({"account_id", "evidence_ids"})


def show(diagnosis: Diagnosis, console: Console, *, subject: str, show_sql: bool) -> None:
    """Prints one diagnosis."""
    console.print(Rule(Text(f"{diagnosis.case_id}  {subject}".strip()), align="left"))
    console.print(_head(diagnosis))
    if not diagnosis.causes:
        known = diagnosis.account_id is not None
        said = "No cause proven." if known else "Nothing was searched: the account is not known."
        console.print(Text(f"\n{said}", style="bold"))
    for n, cause in enumerate(diagnosis.causes, start=1):
        console.print(_cause(n, cause, show_sql=show_sql or n == 1))
    if diagnosis.suggested:
        console.print(_suggested(diagnosis.suggested))
    if diagnosis.ask:
        asked = "\n".join(f"- {each}" for each in diagnosis.ask["questions"])
        console.print(_block(f"To ask the user: {diagnosis.ask['title']}", asked))
    if diagnosis.ruled_out:
        console.print(_ruled_out(diagnosis))
    console.print(_searched(diagnosis.searched))


def _head(diagnosis: Diagnosis) -> RenderableType:
    searched = diagnosis.searched
    table = Table.grid(padding=(0, 2))
    account = diagnosis.account_id or "unknown"
    table.add_row("Account", f"{account}  ({searched.account.get('how', '')})")
    if searched.account.get("note"):
        table.add_row("", str(searched.account["note"]))
    table.add_row("Window", f"{_when(searched.window_start)} to {_when(searched.window_end)} UTC")
    named = searched.account.get("named") or []
    if named:
        table.add_row("Named", ", ".join(named))
    not_found = searched.account.get("named_not_found") or []
    if not_found:
        table.add_row("Not found", ", ".join(not_found))
    if diagnosis.causes:
        table.add_row("No cause", f"{_bar(diagnosis.none_probability)} that it is none of these")
    return table


def _cause(n: int, cause: Finding, *, show_sql: bool) -> RenderableType:
    title = Text.assemble(
        (f"\n{n}. {cause.title}", "bold"),
        f"  {cause.playbook} ({', '.join(cause.modes)})\n",
        f"   {_bar(cause.probability)}  seen {_when(cause.first_seen)} to {_when(cause.last_seen)}",
    )
    parts: list[RenderableType] = [title]
    parts.append(_block("For the user", cause.explanation_user))
    parts.append(_block("For an engineer", cause.explanation_engineer))
    if cause.what_to_do.strip():
        parts.append(_block("What to do", cause.what_to_do))
    parts.append(Padding(_evidence(cause), (1, 0, 0, 3)))
    why = "\n".join(reason.text for reason in cause.reasons if abs(reason.points) >= 0.05)
    parts.append(_block("Why this probability", why))
    if cause.docs:
        parts.append(_block("Read more", "\n".join(cause.docs)))
    if show_sql:
        sql = Syntax(cause.sql, "sql", background_color="default", word_wrap=True)
        parts.append(Padding(Text("SQL", style="dim"), (1, 0, 0, 3)))
        parts.append(Padding(sql, (0, 0, 0, 3)))
    return Group(*parts)


def _block(label: str, body: str) -> RenderableType:
    return Padding(Group(Text(label, style="dim"), Text(body.strip())), (1, 0, 0, 3))


def _evidence(cause: Finding) -> RenderableType:
    names = [name for name in cause.columns if name not in _SHOWN_ELSEWHERE]
    rows = [plain_row(row) for row in cause.rows[:_ROWS]]
    if len(cause.rows) == 1:
        return Group(*_ids(cause), _facts(rows[0], names))
    table = Table(*names[:_COLUMNS], show_edge=False, pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row[name]) for name in names[:_COLUMNS]))
    left = len(cause.rows) - len(rows)
    more = [Text(f"and {left} more", style="dim")] if left > 0 else []
    return Group(*_ids(cause), table, *more)


def _ids(cause: Finding) -> list[Text]:
    """The guilty ids, unless the engineer's words just above have named them all."""
    if all(each in cause.explanation_engineer for each in cause.evidence_ids):
        return []
    return [Text(f"Evidence: {', '.join(cause.evidence_ids)}")]


def _facts(row: dict[str, Any], names: Sequence[str]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for name in names:
        if row[name] is not None:
            table.add_row(Text(name, style="dim"), _cell(row[name]))
    return table


def _suggested(suggested: Sequence[Suggestion]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for each in suggested:
        told = Text.assemble(
            (each.title, "bold"), f"  {each.playbook}\n", f"Not proven: {each.why}"
        )
        table.add_row(Text(f"{each.probability:4.0%}"), told)
    title = Text("\nThe words suggest, and nothing proves", style="bold")
    return Group(title, Padding(table, (0, 0, 0, 3)))


def _ruled_out(diagnosis: Diagnosis) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for each in diagnosis.ruled_out:
        table.add_row(each.playbook, Text(each.reason))
    return Group(Text("\nRuled out", style="bold"), Padding(table, (0, 0, 0, 3)))


def _searched(searched: Searched) -> RenderableType:
    lines = [f"Tables: {', '.join(searched.tables) or 'none'}"]
    if searched.freshness:
        oldest = min(searched.freshness.items(), key=lambda each: each[1])
        lines.append(f"Data complete to {_when(oldest[1])} UTC ({oldest[0]}, the oldest)")
    lines += [f"Not searched: {each.playbook}. {each.reason}" for each in searched.not_searched]
    return Group(Text("\nSearched", style="bold"), Padding("\n".join(lines), (0, 0, 1, 3)))


def _bar(share: float) -> str:
    full = round(share * _BAR)
    return f"{'█' * full}{'░' * (_BAR - full)} {share:4.0%}"


def _cell(value: Any) -> Text:
    return Text("" if value is None else str(value), overflow="fold")


def _when(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
