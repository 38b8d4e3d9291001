"""Mail HTML to safe HTML, and to text that keeps its links, lists and quotes. Pure."""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

import lxml.etree
import lxml.html
import nh3
from inscriptis import Inscriptis
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig

from headwater.channels.quotes import SIGNATURE_MARK
from headwater.channels.words import clean

MAX_HTML = 2_000_000
# Laying out a megabyte of table cells takes many seconds; longer HTML is read plainly.
MAX_LAYOUT = 200_000
MAX_TAGS = 10_000
MAX_ENTITIES = 100_000
TAGS = set(
    "a abbr b blockquote br caption code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i "
    "img ins li mark ol p pre q s small span strike strong sub sup table tbody td tfoot th thead "
    "tr u ul center".split()
)
ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    # What an image of another machine is called until somebody asks for it.
    "img": {"alt", "src", "width", "height", "data-src"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}
# Private-use characters that mark where a quote begins and ends while HTML becomes text.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_SIGN_OPEN, _SIGN_CLOSE = "\ue0f2", "\ue0f3"
_PRIVATE = re.compile("[\ue0f0-\ue0f4]")
# Blocks that hold a quote or a signature by the word of the mail client that wrote them. Gmail's
# own `gmail_quote` is not among them: answers between two quotes stand inside it.
_QUOTE_BLOCK = re.compile(r"\byahoo_quoted\b", re.IGNORECASE)
_SIGNATURE_BLOCK = re.compile(
    r"\b(gmail_signature(_prefix)?|moz-signature|protonmail_signature_block|AppleMailSignature|"
    r"ms-outlook-mobile-signature|yahoo-signature|zmail_signature)\b|^(x_)?Signature$",
    re.IGNORECASE,
)
# How editors indent: a blockquote without a border that quotes nobody.
_INDENT = re.compile(r"margin[^;]*\b40px.*border:\s*(none|0)", re.IGNORECASE | re.DOTALL)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_LAYOUT = ParserConfig(css=STRICT_CSS_PROFILE, display_links=True)
_UNREADABLE = (
    lxml.etree.LxmlError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
)
_BLOCKS = frozenset("p div tr li h1 h2 h3 h4 h5 h6 table blockquote pre br ul ol hr".split())
_CELLS = frozenset(["td", "th", "dd", "dt"])
_UNREAD = frozenset(["script", "style", "head", "title"])
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE
)
_MAX_DEPTH = 200
_TAG = re.compile(r"<(/?)[a-zA-Z]")
_ANY_TAG = re.compile(r"<[/!?]?([a-zA-Z][a-zA-Z0-9]{0,20})?[^<>]{0,5000}>?")
_UNREAD_BLOCK = re.compile(
    r"<(script|style|head|title)\b[^<]*(?:<(?!/\1)[^<]*){0,5000}</\1>|<!--[^-]*(?:-(?!->)[^-]*)*-->",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(https?|mailto|tel):", re.IGNORECASE)
_HELD_BACK = re.compile(r' data-src="[^"]*"')
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad]")


class Page:
    """An HTML part of a mail. Call `safe` first: making the text changes the tree.

    The sanitiser needs hours for a megabyte of nested or misnested tags, so it only ever sees what
    a parser with bounded depth has put in order, and is still the last to touch the HTML.
    """

    def __init__(self, source: str) -> None:
        html = _PRIVATE.sub("", clean(source[:MAX_HTML]))
        self._html = _XML_DECLARATION.sub("", html)
        self._tree = _parsed(self._html)
        self._text: str | None = None
        if self._tree is not None and _HIDDEN.search(self._html):
            _drop_hidden(self._tree)
        # Below a certain depth the parser drops what it finds, and says nothing; the sanitiser
        # copies a text once for each of its entities.
        plain = self._html.count("&") > MAX_ENTITIES or not self._is_shallow()
        self._bare = _stripped(self._html) if plain else ""

    def safe(self) -> str:
        """HTML without scripts, styles, forms, frames and what styles hide.

        Images of other machines load nothing: their address is kept as `data-src`.
        """
        if self._bare:
            return f"<p>{escape(self._bare.strip())}</p>"
        if self._tree is None:
            return ""
        _hold_back_images(self._tree)
        return nh3.clean(
            str(lxml.html.tostring(self._tree, encoding="unicode")),
            tags=TAGS,
            attributes=ATTRIBUTES,
            attribute_filter=_keep_attribute,
            url_schemes=SCHEMES,
            link_rel="noopener noreferrer nofollow",
        )

    def text(self) -> str:
        """Readable text; quoted blocks carry `> ` before each line, as in plain mail."""
        if self._text is not None:
            return self._text
        rendered = self._bare or ("" if self._tree is None else _laid_out(self._tree, self._html))
        self._text = _tidy(clean(rendered))
        return self._text

    def _is_shallow(self) -> bool:
        """True if nothing can be nested too deeply for the parser and the renderer."""
        depth = 0
        for closing in _TAG.findall(self._html):
            depth += -1 if closing else 1
            if depth > _MAX_DEPTH:
                break
        else:
            return True
        # Tags that need no end, as `<br>` and `<td>`, count too high: ask the tree.
        return self._tree is not None and _depth(self._tree) < _MAX_DEPTH


def _parsed(html: str) -> Any | None:
    try:
        return lxml.html.document_fromstring(html)
    except _UNREADABLE:
        return None


def _depth(tree: Any) -> int:
    depth = deepest = 0
    for event, _ in lxml.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _stripped(html: str) -> str:
    """The words of HTML that is nested beyond measure, one block a line."""
    html = _UNREAD_BLOCK.sub(" ", html)
    return unescape(_ANY_TAG.sub(_break, html))


def _break(tag: re.Match[str]) -> str:
    return "\n" if tag[1].lower() in _BLOCKS else ""


def _drop_hidden(tree: Any) -> None:
    for element in [one for one in tree.iter() if _is_hidden(one)]:
        if element.getparent() is not None and element.tag != "body":
            element.drop_tree()


def _is_hidden(element: Any) -> bool:
    return isinstance(element.tag, str) and bool(
        _HIDDEN.search(element.get("style", "")[:1_000]) or element.get("hidden") is not None
    )


def _hold_back_images(tree: Any) -> None:
    for image in tree.iter("img"):
        image.attrib.pop("data-src", None)
        source = image.get("src", "").strip()
        if source.lower().startswith(("http://", "https://")):
            image.set("data-src", source[:2_000])


def without_remote_images(html: str) -> str:
    """What `Page.safe` returned, without the addresses of images of other machines."""
    return _HELD_BACK.sub("", html)


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    # A remote image tells its sender when, where and by whom a mail was opened.
    if tag == "img" and name == "src" and not value.strip().lower().startswith("cid:"):
        return None
    return value


def _laid_out(tree: Any, html: str) -> str:
    """Text with links, lists, tables and marks around quotes."""
    try:
        _name_links(tree)
        _mark_blocks(tree)
        if len(html) > MAX_LAYOUT or html.count("<") > MAX_TAGS:
            return "".join(_pieces(tree))
        return str(Inscriptis(tree, _LAYOUT).get_text())
    except _UNREADABLE:
        return "".join(_pieces(tree))


def _pieces(tree: Any) -> Iterator[str]:
    """The text of a tree with breaks between its blocks, without any layout."""
    for event, element in lxml.etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            yield "\n" if element.tag in _BLOCKS else " " if element.tag in _CELLS else ""
            yield "" if element.tag in _UNREAD else _spaced(element.text or "")
        else:
            yield "\n" if element.tag in _BLOCKS else ""
            yield _spaced(element.tail or "")


def _spaced(text: str) -> str:
    """Every run of white space as one space, also at the ends."""
    return re.sub(r"\s+", " ", text)


def _name_links(tree: Any) -> None:
    """Only links that lead somewhere are shown, and not twice where their text is their target."""
    for link in tree.iter("a"):
        target = link.get("href", "").strip()
        text = "".join(link.itertext()).strip() if len(target) < 2_000 else ""
        same = text and text.rstrip("/") in {target.rstrip("/"), target.partition(":")[2]}
        if not _LINK.match(target) or same:
            link.attrib.pop("href", None)


def _mark_blocks(tree: Any) -> None:
    for element in list(tree.iter("blockquote", "div", "span", "pre", "p", "table")):
        names = f"{element.get('class', '')} {element.get('data-smartmail', '')}"[:500]
        if _is_quote(element, names):
            _enclose(element, _OPEN, _CLOSE)
        elif _SIGNATURE_BLOCK.search(names) or _SIGNATURE_BLOCK.search(element.get("id", "")[:99]):
            _enclose(element, _SIGN_OPEN, _SIGN_CLOSE)


def _is_quote(element: Any, names: str) -> bool:
    if element.tag == "blockquote":
        return not _INDENT.search(element.get("style", "")[:300])
    return element.tag == "div" and bool(
        element.get("name") == "quote" or _QUOTE_BLOCK.search(names)
    )


def _enclose(element: Any, opening: str, closing: str) -> None:
    element.text = opening + (element.text or "")
    children = list(element)
    if children:
        children[-1].tail = (children[-1].tail or "") + closing
    else:
        element.text += closing


def _tidy(rendered: str) -> str:
    """Marks of blocks become marks of lines, and no two blank lines follow each other."""
    lines: list[str] = []
    quotes = signatures = 0
    for line in _INVISIBLE.sub("", rendered).split("\n"):
        quotes += line.count(_OPEN)
        # Below other text of the same line a signature is not told apart.
        if line.lstrip().startswith(_SIGN_OPEN) or signatures:
            signatures += line.count(_SIGN_OPEN)
        signed = bool(signatures)
        text = _PRIVATE.sub("", line).rstrip().replace("\xa0", " ")
        prefix = ">" * min(quotes, 20)
        shown = f"{prefix} {text.lstrip()}".rstrip() if prefix else text
        quotes = max(0, quotes - line.count(_CLOSE))
        signatures = max(0, signatures - line.count(_SIGN_CLOSE))
        blank_before = bool(lines) and not lines[-1].strip("> " + SIGNATURE_MARK)
        if not (blank_before and not shown.strip("> ")):
            lines.append(SIGNATURE_MARK + shown if signed and not prefix else shown)
    return "\n".join(lines).strip()
