"""What a mail gives away besides the texts that a case keeps: names, files, mails within. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from headwater.channels.content import Attachment
from headwater.channels.errors import MailRefused
from headwater.channels.parse import ParsedMail, parse_mail
from headwater.kit.redaction import Exposure, exposures, masked, masked_html

# Files that hold text, by their type or by how their names end.
_TEXT_TYPES: Final = ("text/", "application/json", "application/xml", "application/x-sh",
                      "application/yaml", "application/x-yaml", "application/x-pem-file",
                      "application/javascript", "application/x-php", "application/sql")  # fmt: skip
_TEXT_NAMES: Final = (".cfg", ".conf", ".csv", ".env", ".har", ".ini", ".js", ".json", ".key",
                      ".log", ".md", ".pem", ".php", ".py", ".rb", ".sh", ".sql", ".toml", ".ts",
                      ".txt", ".xml", ".yaml", ".yml")  # fmt: skip
_MAIL: Final = "message/rfc822"
# Beyond these, files are not read: a mail may bring 50 MB of them, or mails within mails.
_FILE_BYTES: Final = 1_000_000
_MAIL_BYTES: Final = 8_000_000
_DEEPEST: Final = 3


def beside_text(raw: bytes, parsed: ParsedMail) -> tuple[Exposure, ...]:
    """What the subject, the author's name and the files of a mail give away.

    `parsed` is `raw`, read without the bytes of its files: they are read once more where some can
    hold text.
    """
    found = dict.fromkeys(_in_texts(_names(parsed)))
    found |= dict.fromkeys(_in_files(raw, parsed, _DEEPEST))
    return tuple(found)


def all_given_away(raw: bytes) -> tuple[Exposure, ...]:
    """What anything in a mail gives away that a person would read in it."""
    return tuple(dict.fromkeys(_whole(raw, _DEEPEST)))


def shown_bytes(file: Attachment) -> bytes | None:
    """A file's bytes as everybody may have them: masked where it is text, else as they came.

    None for a mail within the mail that holds a secret, perhaps encoded: masks would not reach it.
    """
    data = file.data or b""
    if file.type == _MAIL:
        return None if all_given_away(data) else data
    if not _is_readable(file):
        return data
    text = _decoded(data)
    clean = masked(text)
    return data if clean == text else clean.encode()


def _whole(raw: bytes, depth: int) -> Iterator[Exposure]:
    try:
        parsed = parse_mail(raw)
    except MailRefused:
        yield from exposures(raw[:_FILE_BYTES].decode("utf-8", "replace"))
        return
    yield from _in_texts([*_names(parsed), parsed.text, parsed.quoted])
    yield from masked_html(parsed.html)[1]
    yield from _in_files(raw, parsed, depth)


def _names(parsed: ParsedMail) -> list[str]:
    authors = [one.name for one in parsed.from_]
    return [parsed.subject, *authors, *(one.name for one in parsed.attachments)]


def _in_texts(texts: Iterable[str]) -> Iterator[Exposure]:
    for text in texts:
        yield from exposures(text)


def _in_files(raw: bytes, parsed: ParsedMail, depth: int) -> Iterator[Exposure]:
    if not depth or len(raw) > _MAIL_BYTES or not any(map(_is_readable, parsed.attachments)):
        return
    for file in parse_mail(raw, with_bytes=True).attachments:
        if not _is_readable(file) or file.data is None:
            continue
        if file.type == _MAIL:
            found: Iterable[Exposure] = _whole(file.data, depth - 1)
        else:
            found = exposures(_decoded(file.data[:_FILE_BYTES]))
        yield from (replace(one, place="file") for one in found)


def _is_readable(file: Attachment) -> bool:
    # Some systems name the type of nothing; then the name tells.
    return file.type == _MAIL or file.type.startswith(_TEXT_TYPES) or (
        file.name.lower().endswith(_TEXT_NAMES)
    )  # fmt: skip


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")
