"""What an escalation says and when, over plain values. Pure."""

import re
from datetime import datetime, timedelta
from typing import Final

from headwater.escalation.errors import EscalationRefused
from headwater.kit.redaction import PERSONAL, masked

OPEN: Final = "open"
WORKING: Final = "working"
FIXED: Final = "fixed"
DECLINED: Final = "declined"
WITHDRAWN: Final = "withdrawn"
# Somebody of the team still has to do something.
LIVE: Final = frozenset({OPEN, WORKING})

TEAMS: Final = {"engineering": "Engineering", "product": "Product", "operations": "Operations"}
SEVERITIES: Final = {"minor": "Minor", "major": "Major", "critical": "Critical"}

# The line that opens what a team wants support to know; the rest of the comment belongs to it.
_FOR_SUPPORT = re.compile(r"^[ \t]*/support\b[ \t]*:?[ \t]*", re.MULTILINE | re.IGNORECASE)
_MARK = re.compile(r"(?:<!-- )?headwater:(esc|ecm)_[0-9A-Za-z]{14}(?: -->)?")
_MENTION = re.compile(r"@(?=\w)")
_LONGEST_TITLE: Final = 200
_LONGEST_NOTE: Final = 20_000
LONGEST_PROMISE: Final = timedelta(days=90)


def for_support(body: str) -> str:
    """What a comment tells support: all from the first line that begins with `/support`, or ""."""
    found = _FOR_SUPPORT.search(body.replace("\r\n", "\n"))
    return body.replace("\r\n", "\n")[found.end() :].strip()[:_LONGEST_NOTE] if found else ""


def mark(ref: str, *, hidden: bool = True) -> str:
    """The line that lets us find what we wrote again; `hidden` where the tracker takes HTML."""
    return f"<!-- headwater:{ref} -->" if hidden else f"headwater:{ref}"


def is_ours(body: str) -> bool:
    """Whether a comment ends with a mark of ours, alone on its line."""
    lines = body.strip().splitlines()
    return bool(lines) and _MARK.fullmatch(lines[-1].strip()) is not None


def carries(body: str, ref: str) -> bool:
    """Whether a text holds the mark of `ref` alone on a line, so that a quote of it does not."""
    return any(line.strip() in (mark(ref), mark(ref, hidden=False)) for line in body.splitlines())


def issue_title(subject: str, severity: str, case_id: str) -> str:
    """One line for the tracker, without personal data."""
    words = " ".join(masked(subject, PERSONAL).split()) or case_id
    return _unnamed(f"[{SEVERITIES[severity]}] {words}")[:_LONGEST_TITLE]


def issue_page(
    page: str, *, ask: str, severity: str, next_update_at: datetime, case_url: str
) -> str:
    """The package as the issue's Markdown: what is asked, until when, and the hand-off's page."""
    head = (
        f"**Severity:** {SEVERITIES[severity]}\n"
        f"**Next update to support:** {next_update_at:%Y-%m-%d %H:%M} UTC\n"
        f"**Case:** {case_url}\n\n"
        "A comment that begins with `/support` reaches the people who talk to the user."
    )
    asked = f"\n\n{ask.strip()}" if ask.strip() else ""
    return _quotes_unnamed(masked(f"{head}{asked}\n\n{page.strip()}", PERSONAL))


def link(url: str) -> str:
    """An address that may become a link: plain http or https, or ""."""
    return url if url.startswith(("https://", "http://")) and len(url) <= 500 else ""


def comment_text(body: str) -> str:
    """Our words for the tracker, without personal data or secrets."""
    return masked(body.strip(), PERSONAL)


def fitting(page: str, most: int, case_url: str) -> str:
    """The page within a tracker's bound, in characters; what is cut off is named."""
    if len(page) <= most:
        return page
    tail = f"\n\nThe rest is in the case: {case_url}"
    kept = page[: most - len(tail) - 8]
    kept = kept[: kept.rfind("\n")] if "\n" in kept else kept
    # A block of code that is cut in two must still end.
    open_fence = sum(line.startswith("```") for line in kept.splitlines()) % 2
    return kept + ("\n```" if open_fence else "") + tail


def _quotes_unnamed(page: str) -> str:
    return "\n".join(_unnamed(line) if line.startswith(">") else line for line in page.splitlines())


def _unnamed(text: str) -> str:
    """A user's words must not call people of the tracker by their names there."""
    return _MENTION.sub("@\u2060", text)


def checked_promise(next_update_at: datetime, now: datetime) -> int:
    """How long from `now` the next word is promised, in seconds. Raises EscalationRefused."""
    wait = next_update_at - now
    if wait <= timedelta(0):
        raise EscalationRefused(
            "That time has passed.", param="next_update_at", hint="Choose a later time."
        )
    if wait > LONGEST_PROMISE:
        raise EscalationRefused(
            f"The next update may be {LONGEST_PROMISE.days} days away at most.",
            param="next_update_at",
        )
    return max(int(wait.total_seconds()), 60)


def state_after(state: str, remote: str) -> str:
    """Our state once the tracker's issue is in state `remote`; what we took back stays so."""
    return state if state == WITHDRAWN else remote


def letter(name: str, outcome: str, team: str) -> str:
    """The draft for the user once the team is done. Says no more than the tracker did."""
    first = name.split(" ")[0] if name else ""
    greeting = f"Hello {first}," if first else "Hello,"
    if outcome == FIXED:
        words = (
            f"our {TEAMS[team]} team tells us that the problem which you wrote to us about is "
            "fixed.\n\nPlease try again. If you still see it, answer this mail with the time and, "
            "where there is one, the id of the request, and we look again at once."
        )
    else:
        words = (
            f"our {TEAMS[team]} team has looked into what you wrote to us about and has closed it "
            "without a change.\n\nWe look at what they found and tell you what you can do instead."
        )
    return f"{greeting}\n\n{words}\n\nKind regards"
