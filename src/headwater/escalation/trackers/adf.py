"""Jira's document format: Markdown into it, and plain text out of it. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

Node = dict[str, Any]
_CONTAINERS: Final = {
    "bullet_list_open": "bulletList",
    "ordered_list_open": "orderedList",
    "list_item_open": "listItem",
    "table_open": "table",
    "tr_open": "tableRow",
    "th_open": "tableHeader",
    "td_open": "tableCell",
}
# What the format does not know; their content takes their place.
_LOOKED_THROUGH: Final = frozenset({"thead_open", "tbody_open"})
_MARKS: Final = {"strong_open": "strong", "em_open": "em", "s_open": "strike"}
_BLOCKS: Final = frozenset({"paragraph", "heading", "codeBlock", "blockquote", "tableRow", "rule"})
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def document(markdown: str) -> Node:
    """The Markdown as a document of version 1."""
    root: Node = {"version": 1, "type": "doc", "content": []}
    stack: list[Node] = [root]
    lines = markdown.splitlines()
    quotes = 0
    for token in _reader.parse(markdown):
        if token.type == "blockquote_open":
            quotes += 1
            if quotes == 1:
                stack[-1]["content"].append(_quote(token, lines))
        elif token.type == "blockquote_close":
            quotes -= 1
        elif not quotes:
            _take(token, stack)
    if not root["content"]:
        root["content"] = [{"type": "paragraph", "content": []}]
    return root


def plain(node: Any) -> str:
    """The words of a document, a line for each block."""
    lines: list[str] = []
    _read(node, lines)
    return "\n".join(lines).strip()


def _take(token: Token, stack: list[Node]) -> None:
    inside = stack[-1]["content"]
    if token.type in _CONTAINERS:
        node: Node = {"type": _CONTAINERS[token.type], "content": []}
        inside.append(node)
        stack.append(node)
    elif token.type in ("paragraph_open", "heading_open"):
        node = {"type": token.type.removesuffix("_open"), "content": []}
        if token.type == "heading_open":
            node["attrs"] = {"level": int(token.tag[1:])}
        inside.append(node)
        stack.append(node)
    elif token.type == "inline":
        words = _inline(token.children or [])
        # A cell holds blocks, where Markdown has bare words.
        if stack[-1]["type"] in ("tableHeader", "tableCell"):
            inside.append({"type": "paragraph", "content": words})
        else:
            inside.extend(words)
    elif token.type in ("fence", "code_block"):
        inside.append(_code(token))
    elif token.type == "hr":
        inside.append({"type": "rule"})
    elif token.type.endswith("_close") and token.type[:-5] + "open" not in _LOOKED_THROUGH:
        closed = stack.pop()
        if closed["type"] in ("tableHeader", "tableCell", "listItem") and not closed["content"]:
            closed["content"] = [{"type": "paragraph", "content": []}]


def _quote(token: Token, lines: Sequence[str]) -> Node:
    """Somebody's words as they stand: a quote takes few kinds of nodes, and words need none."""
    start, end = token.map or (0, 0)
    words: list[Node] = []
    for line in lines[start:end]:
        text = line.lstrip().removeprefix(">").removeprefix(" ")
        words += [{"type": "hardBreak"}] if words else []
        words += [{"type": "text", "text": text}] if text else []
    return {"type": "blockquote", "content": [{"type": "paragraph", "content": words}]}


def _code(token: Token) -> Node:
    text = token.content.rstrip("\n")
    node: Node = {"type": "codeBlock", "content": [{"type": "text", "text": text}] if text else []}
    language = token.info.strip()
    return {**node, "attrs": {"language": language}} if language else node


def _inline(tokens: Sequence[Token]) -> list[Node]:
    found: list[Node] = []
    marks: list[Node] = []
    for token in tokens:
        if token.type == "text" and token.content:
            found.append(_text(token.content, marks))
        elif token.type == "code_inline":
            # Code takes no other mark beside it but a link.
            kept = [mark for mark in marks if mark["type"] == "link"]
            found.append(_text(token.content, [*kept, {"type": "code"}]))
        elif token.type in ("softbreak", "hardbreak"):
            found.append({"type": "hardBreak"})
        elif token.type in _MARKS:
            marks.append({"type": _MARKS[token.type]})
        elif token.type == "link_open":
            marks.append({"type": "link", "attrs": {"href": str(token.attrGet("href") or "")}})
        elif token.type.endswith("_close") and marks:
            marks.pop()
        elif token.type == "image" and token.content:
            found.append(_text(token.content, marks))
    return found


def _text(text: str, marks: Sequence[Node]) -> Node:
    node: Node = {"type": "text", "text": text}
    return {**node, "marks": list(marks)} if marks else node


def _read(node: Any, lines: list[str]) -> None:
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if kind in _BLOCKS or not lines:
        lines.append("")
    if kind == "text":
        lines[-1] += str(node.get("text") or "")
    elif kind == "hardBreak":
        lines.append("")
    elif kind in ("mention", "emoji"):
        lines[-1] += str((node.get("attrs") or {}).get("text") or "")
    elif kind == "inlineCard":
        lines[-1] += str((node.get("attrs") or {}).get("url") or "")
    for each in node.get("content") or ():
        _read(each, lines)
