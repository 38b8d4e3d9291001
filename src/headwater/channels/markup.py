"""Mail HTML to safe HTML, and to text that keeps its links, lists and quotes. Pure."""

import re
from html import unescape
from typing import Any

import lxml.html
import nh3
from inscriptis import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError

from headwater.channels.words import clean

MAX_HTML = 2_000_000
_TAGS = set(
    "a abbr b blockquote br caption code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i "
    "img ins li mark ol p pre q s small span strike strong sub sup table tbody td tfoot th thead "
    "tr u ul center".split()
)
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"alt", "src", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
# Private-use characters that mark where a quote begins and ends while HTML becomes text.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]")


def sanitise(html: str) -> str:
    """HTML without scripts, styles, forms, frames and remote images; safe in a sandboxed frame."""
    return nh3.clean(
        html[:MAX_HTML],
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    # A remote image tells its sender when, where and by whom a mail was opened.
    if tag == "img" and name == "src" and not value.strip().lower().startswith("cid:"):
        return None
    return value


def text_of(html: str) -> str:
    """Readable text; quoted blocks carry `> ` before each line, as in plain mail."""
    html = clean(html[:MAX_HTML]).replace(_OPEN, "").replace(_CLOSE, "")
    html = _XML_DECLARATION.sub("", html)
    if not html.strip():
        return ""
    bare = unescape(nh3.clean(html, tags=set()))
    try:
        tree = lxml.html.document_fromstring(html)
        _mark_quotes(tree)
        rendered = Inscriptis(tree, ParserConfig(display_links=True)).get_text()
    except (LxmlError, ValueError, TypeError, AttributeError, IndexError, RecursionError):
        rendered = bare
    # Below a certain depth of nesting the renderer drops text without a word.
    if 2 * len("".join(rendered.split())) < len("".join(bare.split())):
        rendered = bare
    return _tidy(clean(rendered))


def _mark_quotes(tree: Any) -> None:
    for quote in list(tree.iter("blockquote")):
        quote.text = _OPEN + (quote.text or "")
        children = list(quote)
        if children:
            children[-1].tail = (children[-1].tail or "") + _CLOSE
        else:
            quote.text += _CLOSE


def _tidy(rendered: str) -> str:
    lines: list[str] = []
    depth = 0
    for line in _INVISIBLE.sub("", rendered).split("\n"):
        depth += line.count(_OPEN)
        text = line.replace(_OPEN, "").replace(_CLOSE, "").rstrip().replace("\xa0", " ")
        prefix = ">" * min(depth, 20)
        shown = f"{prefix} {text.lstrip()}".rstrip() if prefix else text
        depth = max(0, depth - line.count(_CLOSE))
        blank_before = bool(lines) and not lines[-1].strip("> ")
        if not (blank_before and not shown.strip("> ")):
            lines.append(shown)
    return "\n".join(lines).strip()
