"""Reads a page as a browser would, for checks on what it really holds."""

from html.parser import HTMLParser

Attributes = dict[str, str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def tags(html: str) -> list[tuple[str, Attributes]]:
    """Every opening tag with its attributes, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.tags


def unlabelled(html: str) -> list[Attributes]:
    """Form controls that no label names."""
    found = tags(html)
    named = {attrs["for"] for tag, attrs in found if tag == "label" and "for" in attrs}
    return [
        attrs
        for tag, attrs in found
        if tag in {"input", "textarea", "select"}
        and attrs.get("type") != "hidden"
        and attrs.get("id") not in named
        and "aria-label" not in attrs
    ]


def inline(html: str) -> list[str]:
    """Inline styles, handlers and scripts, which the content security policy would block."""
    found = []
    for tag, attrs in tags(html):
        found += [f"{tag} {name}" for name in attrs if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in attrs):
            found.append(tag)
    return found
