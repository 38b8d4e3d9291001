"""Help pages in a folder, Markdown or HTML, as one record for each of their sections."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml
from lxml import etree
from lxml import html as lxml_html

from headwater.knowledge.errors import KnowledgeInvalid, KnowledgeMissing
from headwater.knowledge.markup import plain, slug
from headwater.knowledge.records import Record, clipped

MOST_FILES = 10_000
MOST_ENTRIES = 100_000
MOST_BYTES = 2_000_000
_MARKDOWN = {".md", ".markdown", ".txt"}
_HTML = {".html", ".htm"}
_HEADING = re.compile(r"(#{1,3})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"\s*(```|~~~)")
_SILENT = {"script", "style", "noscript", "template", "nav", "footer", "head", "svg"}
_BLOCKS = {"p", "li", "div", "section", "tr", "br", "pre", "dd", "dt", "blockquote", "table"}
_HEADINGS = {"h1", "h2", "h3"}


@dataclass(frozen=True, slots=True)
class _Section:
    title: str
    text: str


def read_pages(folder: Path) -> list[Record]:
    """The sections of all pages below a folder, by path.

    Links of the file system are not followed; files above MOST_BYTES and files that cannot be
    read are left out. Raises KnowledgeMissing without a folder and KnowledgeInvalid where it holds
    more than MOST_FILES pages.
    """
    if not folder.is_dir():
        raise KnowledgeMissing(
            f"There is no folder {folder}.", param="pages", hint="Give a folder of .md or .html."
        )
    inside = list(islice(folder.rglob("*"), MOST_ENTRIES + 1))
    files = sorted(path for path in inside if _is_page(path))
    if len(files) > MOST_FILES or len(inside) > MOST_ENTRIES:
        raise KnowledgeInvalid(
            f"{folder} holds more than {MOST_FILES:,} pages, or {MOST_ENTRIES:,} files.",
            param="pages",
            hint="Name a folder with help pages only.",
        )
    found: dict[str, Record] = {}
    for path in files:
        for record in _page(path, path.relative_to(folder).as_posix(), folder.name):
            found.setdefault(record.id, record)
    return list(found.values())


def _is_page(path: Path) -> bool:
    known = path.suffix.lower() in _MARKDOWN | _HTML
    return known and not path.is_symlink() and path.is_file() and path.stat().st_size <= MOST_BYTES


def _page(path: Path, name: str, source: str) -> Iterator[Record]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    stem = path.stem.replace("-", " ").replace("_", " ")
    if path.suffix.lower() in _HTML:
        title, url, sections = _html(text)
    else:
        title, url, sections = _markdown(text)
    title = title or next((each.title for each in sections if each.title), stem)
    for number, section in enumerate(sections):
        anchor = slug(section.title) if number else ""
        heading = section.title if section.title and section.title != title else ""
        if section.text:
            yield Record(
                id=f"page:{name}" + (f"#{anchor}" if anchor else ""),
                kind="page",
                title=f"{title}: {heading}" if heading else title,
                text=clipped(section.text),
                where=name + (f", section {heading}" if heading else ""),
                source=source,
                url=url + (f"#{anchor}" if url and anchor else ""),
                names=(name,) if not number else (),
                words=stem,
            )


def _markdown(text: str) -> tuple[str, str, list[_Section]]:
    """Title and address from front matter, and the sections."""
    title = url = ""
    if text.startswith("---\n") and (end := text.find("\n---", 4)) > 0:
        title, url = _front(text[4:end])
        text = text[end + 4 :]
    sections: list[_Section] = []
    heading, fenced = "", False
    lines: list[str] = []
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _HEADING.match(line)
        if found:
            sections.append(_Section(heading, plain("\n".join(lines))))
            heading, lines = plain(found[2]), []
        else:
            lines.append(line)
    sections.append(_Section(heading, plain("\n".join(lines))))
    return title, url, [each for each in sections if each.title or each.text]


def _front(text: str) -> tuple[str, str]:
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes text only
    except (yaml.YAMLError, RecursionError):
        return "", ""
    if not isinstance(values, dict):
        return "", ""
    url = next((str(values[key]) for key in ("url", "canonical", "permalink") if key in values), "")
    return str(values.get("title") or ""), url if url.startswith("https://") else ""


def _html(text: str) -> tuple[str, str, list[_Section]]:
    """Title, canonical address and sections of a page."""
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
        root = lxml_html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError):
        return "", "", []
    found = root.find(".//title")
    title = " ".join((found.text or "").split()) if found is not None else ""
    url = next(iter(root.xpath("//link[@rel='canonical']/@href")), "")
    sections: list[_Section] = []
    heading, words, inside, silent = "", [""], 0, 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            silent += tag in _SILENT
            if tag in _HEADINGS and not silent:
                sections.append(_Section(heading, _joined(words)))
                heading, words, inside = "", [""], inside + 1
            words.append("\n" if tag in _BLOCKS else "")
            words.append("" if silent else node.text or "")
            continue
        if event == "end":
            silent -= tag in _SILENT
            if tag in _HEADINGS and inside:
                heading, words, inside = " ".join(_joined(words).split()), [""], inside - 1
        words.append("" if silent else node.tail or "")
    sections.append(_Section(heading, _joined(words)))
    url = str(url) if str(url).startswith("https://") else ""
    return title, url, [each for each in sections if each.title or each.text]


def _joined(words: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(words).split("\n"))
    return "\n".join(line for line in lines if line)
