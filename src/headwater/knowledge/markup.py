"""Text without the marks of Markdown and HTML."""

import re

_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\(([^()\s]{1,400})(?:\s[^()]{0,200})?\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_SPACE = re.compile(r"[ \t]*\n(?!\n)[ \t]*|[ \t]{2,}")


def plain(text: str) -> str:
    """The text with links as their words only, without tags, lines joined within a paragraph."""
    return _SPACE.sub(" ", _TAG.sub("", _LINK.sub(r"\1", text))).strip()


def links(text: str) -> list[tuple[str, str, int]]:
    """Each Markdown link as its words, its target and where it starts."""
    return [(found[1], found[2], found.start()) for found in _LINK.finditer(text)]


def slug(text: str) -> str:
    """A heading as an anchor."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:80]
