"""Links in a reference's words: taken out of the text, and kept as the pages they lead to."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from headwater.knowledge.markup import links, plain
from headwater.knowledge.records import Record, clipped

_HOSTS = re.compile(r"https?://(docs\.|support\.)?stripe\.com(/[^\s?]*)?$")
_HOME = "https://docs.stripe.com"
_MOVED = {"modify": "update"}
# The reference itself: its objects and operations are records of their own.
_REFERENCE = re.compile(r"\.com/api(/|#|$)")
_NO_WORDS = {"here", "this", "docs", "documentation", "guide", "learn more", "see the docs"}


def reference_url(name: str, op: str, path: str = "") -> str:
    """Where the vendor's reference describes an object's operation, by the rule of its addresses.

    `op` is `object` for the object itself; `path` a field or parameter in it.
    """
    spaces = name.split(".")
    folder = "/".join([*spaces[:-1], _plural(spaces[-1])])
    op = _MOVED.get(op, op)
    page = f"{_HOME}/api/{folder}/{op}"
    if not path:
        return page
    noun = name.replace(".", "_")
    anchor = f"{noun}_object" if op == "object" else f"{op}_{noun}"
    return f"{page}#{anchor}-{path.replace('.', '-')}"


def _plural(noun: str) -> str:
    if noun in ("balance", "balance_settings", "settings", "funding_instructions"):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch")) else "s")


def canonical(url: str) -> str:
    """One spelling for a documentation address; empty where it is none."""
    url = url.rstrip(".,;:'\"`")
    found = _HOSTS.match(url.split("?")[0])
    if not found:
        return ""
    if found[1] == "support.":
        return "https://support.stripe.com" + (found[2] or "")
    path = re.sub(r"^(/docs)+(?=/|$)", "", found[2] or "").rstrip("/")
    return _HOME + path if found[1] or (found[2] or "").startswith("/docs") else ""


@dataclass(slots=True)
class _Page:
    titles: Counter[str] = field(default_factory=Counter)
    said: dict[str, None] = field(default_factory=dict)


def linked_pages(texts: Iterable[str], source: str) -> list[Record]:
    """A record for every documentation page that the texts link to, with what they say about it."""
    pages: dict[str, _Page] = defaultdict(_Page)
    for text in texts:
        for words, target, at in links(text):
            url = canonical(target)
            if not url or _REFERENCE.search(url):
                continue
            page = pages[url]
            words = plain(words).strip("` ")
            if words.lower() not in _NO_WORDS:
                page.titles[words] += 1
            page.said[_sentence(text, at)] = None
    return [_page(url, page, source) for url, page in sorted(pages.items())]


def _sentence(text: str, at: int) -> str:
    start = max(n + 2 if n >= 0 else 0 for n in (text.rfind(s, 0, at) for s in (". ", "\n\n")))
    end = min(n for n in (text.find(". ", at), text.find("\n\n", at), len(text)) if n >= 0)
    return plain(text[start:end])


def _page(url: str, page: _Page, source: str) -> Record:
    path = url.partition("//")[2].partition("/")[2]
    slug = re.sub(r"[/#_-]+", " ", path).strip()
    title = re.sub(r"[_-]+", " ", re.split(r"[/#]", path)[-1]).strip()
    said = sorted(page.said, key=len)[:12]
    return Record(
        id=f"page:{url.partition('//')[2]}",
        kind="page",
        title=title[:1].upper() + title[1:],
        text=clipped("\n".join(said)),
        where=url,
        source=source,
        url=url,
        names=(url, path),
        words=" ".join([slug, *page.titles]),
    )
