"""Plain text from outside, made safe and readable: escaped, ids in mono, links without referrer."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# A prefixed id as payments platforms write them, or one of our own.
_ID = re.compile(r"\b(?:[a-z]{2,6}|whsec|idem)_(?:test_|live_)?[A-Za-z0-9]{6,40}\b")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_TOKEN = re.compile(f"({_LINK.pattern})|({_ID.pattern})")

# Raw HTML in a page is shown, never run; images would load from outside.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _mark(line: str) -> str:
    out: list[str] = []
    at = 0
    for found in _TOKEN.finditer(line):
        out.append(escape(line[at : found.start()]))
        text = escape(found.group(0))
        if found.group(1):
            out.append(f'<a href="{text}" rel="noopener noreferrer">{text}</a>')
        else:
            out.append(f'<code class="id">{text}</code>')
        at = found.end()
    return "".join([*out, escape(line[at:])])


def prose(text: str) -> SafeString:
    """`text` as HTML paragraphs; nothing of it can become markup."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    paragraphs = [
        "<br>".join(_mark(line) for line in block.split("\n")) for block in blocks if block
    ]
    return mark_safe("".join(f"<p>{one}</p>" for one in paragraphs))  # noqa: S308 - escaped above


def markdown(text: str) -> SafeString:
    """A playbook's Markdown as HTML, with raw HTML and images switched off."""
    return mark_safe(str(_MARKDOWN.render(text)))  # noqa: S308 - html=False escapes
