"""The shipped guide: what error codes mean, what pages are about, how users speak of it all."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from headwater.knowledge.lexicon import Lexicon
from headwater.knowledge.records import Record
from headwater.knowledge.words import Synonyms

_SOURCE = "guide"
_FILES = ("errors.toml", "pages.toml", "words.toml", "synonyms.txt", "objects.txt", "lexicon.txt")
_CODES = {
    "error": ("error code", "https://docs.stripe.com/error-codes#"),
    "decline": ("decline code", "https://docs.stripe.com/declines/codes#"),
}


def _text(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8")


@cache
def guide_hash() -> str:
    """Changes with every word of the guide."""
    return hashlib.sha256("".join(map(_text, _FILES)).encode()).hexdigest()[:16]


@cache
def _toml(name: str) -> Mapping[str, Any]:
    return tomllib.loads(_text(name))


@cache
def synonyms() -> Synonyms:
    """Users' phrases with the reference's words, from `synonyms.txt`."""
    return Synonyms(_pairs(_text("synonyms.txt")))


@cache
def lexicon() -> Lexicon:
    """Other languages' words with the guide's English, from `lexicon.txt`."""
    return Lexicon(_text("lexicon.txt").splitlines())


def _pairs(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for line in text.splitlines():
        phrases, arrow, means = line.partition("=>")
        if arrow and not line.startswith("#"):
            for phrase in phrases.split(","):
                yield phrase.strip(), tuple(means.split())


def id_prefixes() -> Mapping[str, str]:
    """The prefixes of the platform's ids with the objects that they mean: `pi`, payment_intent."""
    prefixes: Mapping[str, str] = _toml("words.toml")["prefixes"]
    return prefixes


@cache
def guide_records() -> tuple[Record, ...]:
    """Error codes, decline codes and pages that the guide explains in its own words."""
    made: list[Record] = []
    for kind, (called, home) in _CODES.items():
        for code, text in _toml("errors.toml")[kind].items():
            made.append(
                Record(
                    id=f"{kind}:{code}",
                    kind=kind,
                    title=code,
                    text=text,
                    where=f"{called} {code}",
                    source=_SOURCE,
                    url=home + (code if kind == "decline" else code.replace("_", "-")),
                    names=(code,),
                )
            )
    for url, (title, text) in _toml("pages.toml")["page"].items():
        where = f"https://{url}"
        made.append(
            Record(
                id=f"page:{url}",
                kind="page",
                title=title,
                text=text,
                where=where,
                source=_SOURCE,
                url=where,
                names=(where, url.partition("/")[2]),
                words=url.partition("/")[2].replace("/", " ").replace("#", " ").replace("-", " "),
            )
        )
    return tuple(made)


@cache
def known_documents() -> Mapping[str, str]:
    """The addresses of all pages that the guide knows, with their titles; needs no index."""
    pages: Mapping[str, tuple[str, str]] = _toml("pages.toml")["page"]
    return {f"https://{url}": title for url, (title, _) in pages.items()}


def cited(url: str) -> str:
    """A link as a letter gives it: with the page's title where the guide knows it."""
    title = known_documents().get(url)
    return f"{title}: {url}" if title else url


@cache
def known_objects() -> Mapping[str, str]:
    """Names that pages may give objects, with the id of the record for each; "" for things that
    the platform has but its API does not, such as an incident."""
    lines = (line.split() for line in _text("objects.txt").splitlines() if line[:1] not in "#")
    return {name: next(iter(rest), "") for name, *rest in lines}


def with_guide(records: list[Record]) -> list[Record]:
    """The records with the guide's words, and the guide's own records that are not among them."""
    explained = {record.id: record for record in guide_records()}
    merged = [_explained(record, explained.pop(record.id, None)) for record in records]
    return [_in_users_words(record) for record in (*merged, *explained.values())]


def users_words() -> Mapping[str, str]:
    """How users speak of single records, by their ids."""
    words: Mapping[str, str] = _toml("words.toml")["words"]
    return words


def _explained(record: Record, own: Record | None) -> Record:
    if own is None:
        return record
    text = own.text if record.kind != "page" else f"{own.text}\n{record.text}"
    words = f"{record.words} {own.words}".strip()
    return replace(record, title=own.title, text=text, words=words)


def _in_users_words(record: Record) -> Record:
    fields: Mapping[str, str] = _toml("words.toml")["fields"]
    said = users_words().get(record.id) or fields.get(_field(record))
    return replace(record, words=f"{record.words} {said}".strip()) if said else record


def _field(record: Record) -> str:
    """The last name of a field or parameter; "" for records of other kinds."""
    if record.kind not in ("attribute", "parameter"):
        return ""
    return record.id.replace("/", ".").rpartition(".")[2]
