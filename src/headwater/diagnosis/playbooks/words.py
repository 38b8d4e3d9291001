"""Evidence rows in words: sandboxed templates and the few filters that they need."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import TemplateSyntaxError, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from headwater.kit.money import format_money

# Columns under this prefix hold facts that stay in the house: only the engineer's words use them.
INTERNAL = "internal_"


def money(amount: Any, currency: Any) -> str:
    """`1999|money("usd")` is `19.99 USD`; empty where the amount is unknown."""
    if amount is None or isinstance(amount, Undefined):
        return ""
    return format_money(int(amount), str(currency)) if currency else str(amount)


def when(moment: Any) -> str:
    """`22 Nov 2026, 18:10 UTC`; a date alone has no clock time; empty where unknown."""
    if isinstance(moment, datetime):
        return f"{moment.day} {moment:%b %Y, %H:%M} UTC"
    if isinstance(moment, date):
        return f"{moment.day} {moment:%b %Y}"
    return "" if moment is None or isinstance(moment, Undefined) else str(moment)


def day(moment: Any) -> str:
    """`22 Nov 2026`: for dates that a store may keep as midnight; empty where unknown."""
    if isinstance(moment, date):
        return f"{moment.day} {moment:%b %Y}"
    return "" if moment is None or isinstance(moment, Undefined) else str(moment)


def count(number: Any, noun: str = "", plural: str | None = None) -> str:
    """`1200|count("request")` is `1,200 requests`; one is singular."""
    whole = 0 if number is None or isinstance(number, Undefined) else int(number)
    word = noun if whole == 1 else (plural or f"{noun}s")
    return f"{whole:,} {word}" if noun else f"{whole:,}"


def percent(share: Any) -> str:
    """`0.974|percent` is `97 %`; a share that is small but not nothing reads `under 1 %`."""
    if share is None or isinstance(share, Undefined):
        return ""
    number = float(share if isinstance(share, int | float | Decimal) else str(share)) * 100
    return "under 1 %" if 0 < number < 1 else f"{number:.0f} %"


def duration(seconds: Any) -> str:
    """`95|duration` is `95 seconds`, from two minutes on whole minutes, then hours, then days."""
    if seconds is None or isinstance(seconds, Undefined):
        return ""
    total = float(seconds)
    for size, noun in ((172_800, "day"), (7_200, "hour"), (120, "minute")):
        if total >= size:
            per_unit = {"day": 86_400, "hour": 3_600, "minute": 60}[noun]
            return count(round(total / per_unit), noun)
    return count(round(total), "second")


def ids(value: str | None) -> str:
    """`ch_1,ch_2` is `ch_1, ch_2`: long lists of ids must be able to break. Each is named once."""
    named = (each.strip() for each in (value or "").split(","))
    return ", ".join(dict.fromkeys(each for each in named if each))


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        finalize=lambda value: "" if value is None else value
    )
    environment.globals.clear()
    environment.filters.update(
        money=money, when=when, day=day, count=count, percent=percent, duration=duration, ids=ids
    )
    return environment


_ENVIRONMENT = _environment()
# Lines of nothing but tags leave no line behind; a tag at the end of a line keeps its line break.
_TAG_LINES = re.compile(r"^[ \t]*((?:\{%(?:(?!%\}).)*%\}[ \t]*)+)\n", re.M)


# Marks the lines that the page itself begins as list items: a value that comes to stand at the
# beginning of a line, such as the 4 of `accepted later: 4.`, is none.
_ITEM = "\x01"
_ITEMS = re.compile(r"^([ \t]*)(?=(?:[-*]|\d+\.) )", re.M)


# A span that begins and ends in the same minute is a moment.
_MINUTE = r"(\d{1,2} [A-Z][a-z]{2} \d{4}, \d{2}:\d{2} UTC)"
_NO_SPAN = re.compile(rf"\b(?:([Bb])etween {_MINUTE} and \2|([Ff])rom {_MINUTE} (?:to|until) \4)")


_TAG = re.compile(r"\{%-?\s*(if|elif|else|endif)\b(?:(?!%\}).)*%\}")
_LINE_OF_IF = re.compile(r"^.*\{% endif %\}[ \t]*\n", re.M)
_ENDS = re.compile(r"^\{% endif %\}$")
# A line break that belongs to a condition: no line of its own where the condition does not hold.
_BREAK = "\x02"


def _without_hole(line: re.Match[str]) -> str:
    """A line that is one condition, its line break moved inside: false, it leaves no empty line,
    which would end the paragraph. Any other line stays as it is."""
    text = line[0].rstrip()
    opened: list[list[int]] = []
    last: list[int] = []
    for tag in _TAG.finditer(text):
        if tag[1] == "if":
            opened.append([tag.start()])
        elif not opened:
            return line[0]  # it closes what an earlier line opened
        else:
            opened[-1].append(tag.start())
            if tag[1] == "endif":
                last = opened.pop()
    if not last or _TAG.sub("", text[: last[0]]).strip() or not _ENDS.search(text[last[-1] :]):
        return line[0]
    for place in reversed(last[1:]):
        text = text[:place] + _BREAK + text[place:]
    return text


@lru_cache(maxsize=512)
def _compiled(template: str) -> Any:
    template = _TAG_LINES.sub(r"\1", template)
    template = _LINE_OF_IF.sub(_without_hole, template)
    return _ENVIRONMENT.from_string(_ITEMS.sub(rf"\1{_ITEM}", template))


def render(template: str, row: Mapping[str, Any]) -> str:
    """The template over the row's columns. Lines of one paragraph are joined, lists kept."""
    text = str(_compiled(template).render(**row)).replace(_BREAK, "\n")
    paragraphs = [_reflow(part) for part in re.split(r"\n\s*\n", text.strip())]
    return _NO_SPAN.sub(_moment, "\n\n".join(part for part in paragraphs if part))


def _moment(span: re.Match[str]) -> str:
    first = span[1] or span[3]
    return f"{'On' if first.isupper() else 'on'} {span[2] or span[4]}"


def _reflow(paragraph: str) -> str:
    lines: list[str] = []
    for line in (each.strip() for each in paragraph.splitlines()):
        if not line:
            continue
        if lines and not line.startswith(_ITEM):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return "\n".join(
        re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", re.sub(r" {2,}", " ", x.replace(_ITEM, "")))
        for x in lines
    )


def names_used(template: str) -> list[tuple[str, int]]:
    """The (column, line in the template) pairs that a template reads. Raises TemplateSyntaxError.

    Raises also for an unknown filter, so that a page fails when loaded and not when needed.
    """
    tree = _ENVIRONMENT.parse(template)
    for used in tree.find_all(nodes.Filter):
        if used.name not in _ENVIRONMENT.filters:
            raise TemplateSyntaxError(f"There is no filter named {used.name!r}.", used.lineno)
    free = meta.find_undeclared_variables(tree)
    found = {(n.name, n.lineno) for n in tree.find_all(nodes.Name) if n.name in free}
    return sorted(found, key=lambda pair: (pair[1], pair[0]))
