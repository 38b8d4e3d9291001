"""Masks in HTML: a secret is found although tags run through it. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote

import lxml.etree
import lxml.html

from headwater.kit.redaction.exposure import Exposure, exposures_of
from headwater.kit.redaction.spans import Kind, Span

_BLOCKS = frozenset(
    "address article blockquote br caption dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li ol "
    "p pre section table tbody td tfoot th thead tr ul".split()
)
_ATTRIBUTES = ("href", "title", "alt", "src", "data-src", "cite")
_ADDRESSES = frozenset(["href", "src", "data-src", "cite"])
_ROUNDS = 5

Find = Any  # (text, kinds) -> spans; handed in, since the package's front imports this module


def masked_markup(html: str, find: Find, kinds: frozenset[Kind]) -> tuple[str, list[Exposure]]:
    """Sanitised `html` with masks in the place of secrets, and what they hid.

    HTML that cannot be read is dropped: what is not understood is not shown.
    """
    if not html.strip():
        return html, []
    try:
        root = lxml.html.fragment_fromstring(html, create_parent="div")
    except (lxml.etree.LxmlError, ValueError, RecursionError):
        return "", []
    found: dict[Exposure, None] = {}
    changed = False
    # What a mask cuts free may be something of its own.
    for _ in range(_ROUNDS):
        spans, text = _mask_texts(root, find, kinds)
        more, attributes = _mask_attributes(root, find, kinds)
        found |= dict.fromkeys([*exposures_of(text, spans), *more])
        if not spans and not attributes:
            break
        changed = True
    if not changed:
        return html, []
    inner = [root.text or "", *(lxml.html.tostring(one, encoding="unicode") for one in root)]
    escaped = lxml.html.tostring(_only_text(inner[0]), encoding="unicode")
    return escaped.removeprefix("<i>").removesuffix("</i>") + "".join(inner[1:]), list(found)


def _only_text(text: str) -> Any:
    element = lxml.html.Element("i")
    element.text = text
    return element


def _mask_texts(root: Any, find: Find, kinds: frozenset[Kind]) -> tuple[Sequence[Span], str]:
    pieces = list(_pieces(root))
    text = "".join(piece for _, _, piece in pieces)
    spans: Sequence[Span] = find(text, kinds)
    if not spans:
        return (), text
    at = 0
    for element, name, piece in pieces:
        end = at + len(piece)
        if element is not None:
            own = [each for each in spans if each.start < end and each.end > at]
            if own:
                setattr(element, name, _cut(piece, at, own))
        at = end
    return spans, text


def _cut(piece: str, at: int, spans: Sequence[Span]) -> str:
    """A piece of text without the parts that spans cover; a span's mask stands where it begins."""
    out, place = [], 0
    for span in spans:
        start, end = max(span.start - at, 0), min(span.end - at, len(piece))
        out += [piece[place:start], span.mask if span.start >= at else ""]
        place = end
    return "".join([*out, piece[place:]])


def _pieces(root: Any) -> Iterator[tuple[Any, str, str]]:
    """(element, "text" or "tail", its text) in reading order; a break between blocks has no
    element."""
    for event, element in lxml.etree.iterwalk(root, events=("start", "end")):
        block = element.tag in _BLOCKS
        if event == "start":
            if block:
                yield None, "", "\n"
            if element.text:
                yield element, "text", element.text
        else:
            if block:
                yield None, "", "\n"
            if element.tail and element is not root:
                yield element, "tail", element.tail


def _mask_attributes(root: Any, find: Find, kinds: frozenset[Kind]) -> tuple[list[Exposure], bool]:
    found: list[Exposure] = []
    changed = False
    for element in root.iter():
        for name in _ATTRIBUTES:
            value = element.get(name) if isinstance(element.tag, str) else None
            spans = find(value, kinds) if value else ()
            if value and not spans and name in _ADDRESSES:
                value = unquote(value)
                spans = find(value, kinds)
            if value and spans:
                found += exposures_of(value, spans)
                changed = True
                if name in _ADDRESSES:
                    del element.attrib[name]  # an address with a hole in it leads elsewhere
                else:
                    element.set(name, _cut(value, 0, spans))
    return found, changed
