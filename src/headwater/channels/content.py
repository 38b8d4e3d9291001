"""What the parts of a mail add up to: its text, its HTML, its attachments. Pure."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from headwater.channels import markup, tnef
from headwater.channels.calendars import invitation_text
from headwater.channels.mime import Part, headers_of, uuencoded
from headwater.channels.quotes import SIGNATURE_MARK
from headwater.channels.words import clean, decode_bytes, header_text

MAX_TEXT = 1_000_000
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w.:-]{1,40})""", re.IGNORECASE)
_ENCLOSED = frozenset(["message/rfc822", "message/global", "message/news"])
_TEXTS = frozenset(["text/plain", "text/html", "text/markdown"])
# Further forms of the same text that no mail client of a desk shows.
_OTHER_FORMS = frozenset(["text/x-amp-html", "text/watch-html", "text/enriched", "text/richtext"])
_TNEF = frozenset(["application/ms-tnef", "application/vnd.ms-tnef"])
_SMIME = frozenset(["application/pkcs7-mime", "application/x-pkcs7-mime"])
# A plain form that only says that there is an HTML form.
_PLACEHOLDER = re.compile(r"\b(html|browser|web version|online version)\b", re.IGNORECASE)
_LONGEST_PLACEHOLDER = 300
_PGP_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]{1,40}: [^\n]{0,200}\n){0,20}\n?", re.M
)
_PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of an attachment; `size` is in bytes.

    `data` is None unless it was asked for: the bytes stay in the raw mail.
    """

    name: str
    type: str
    size: int
    sha256: str
    inline: bool
    content_id: str
    data: bytes | None = field(default=None, repr=False)


@dataclass(slots=True)
class Content:
    """The readable parts in order. `fallback` is read where no part has any text."""

    with_bytes: bool = False
    text: list["str | markup.Page"] = field(default_factory=list)
    # Already sanitised.
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    fallback: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    truncated: bool = False

    def pieces(self) -> list[str]:
        """The texts that say something; HTML is laid out only where this asks for it."""
        texts = (one if isinstance(one, str) else one.text() for one in self.text)
        return [text for text in texts if text.strip()]

    def full_text(self) -> str:
        """All text of the mail, quotes included, as plain text."""
        return "\n\n".join(self.pieces() or [*self.fallback, *(f"({note})" for note in self.notes)])


def read_content(root: Part, *, with_bytes: bool) -> Content:
    """The content of a mail."""
    content = Content(with_bytes)
    _collect(root, content)
    return content


def _collect(part: Part, content: Content) -> None:
    if part.type == "multipart/alternative" and part.children:
        _collect_alternative(part.children, content)
    elif part.type == "multipart/encrypted" and part.children:
        _collect_encrypted(part, content)
    elif part.children:
        for child in part.children:
            _collect(child, content)
    elif part.type.startswith("multipart/"):
        # Broken MIME: its text is all there is to read.
        _collect_text(part, content)
    elif part.type in _TEXTS and part.disposition != "attachment" and not filename(part):
        _collect_text(part, content)
    else:
        _collect_file(part, content)


def _collect_text(part: Part, content: Content) -> None:
    if part.type == "text/html":
        content.text.append(_page(_text(part, is_html=True), content))
        return
    data = part.data(4 * MAX_TEXT)
    if b"begin " in data:
        data = _without_uuencoded(data, content)
    text = decode_bytes(data, part.charset).removeprefix("\ufeff").replace(SIGNATURE_MARK, "")
    content.text.append(_unsigned(_unflowed(part, text)))


def _page(source: str, content: Content) -> markup.Page:
    page = markup.Page(source)
    content.html.append(page.safe())
    content.truncated |= len(source) > markup.MAX_HTML
    return page


def _collect_alternative(children: Sequence[Part], content: Content) -> None:
    """Of several forms of one text, the plain one is read; the HTML one is kept for showing."""
    plain, other = Content(content.with_bytes), Content(content.with_bytes)
    for child in children:
        if child.type not in _OTHER_FORMS or len(children) == 1:
            _collect(child, plain if child.type == "text/plain" else other)
    best = plain if _says_something(plain, other) else other
    content.text.extend(best.text)
    content.html.extend(other.html)
    for one in (plain, other):
        content.attachments.extend(one.attachments)
        content.fallback.extend(one.fallback)
        content.notes.extend(one.notes)
        content.truncated |= one.truncated


def _says_something(plain: Content, other: Content) -> bool:
    said = "".join(plain.pieces()).strip()
    if not said or len(said) > _LONGEST_PLACEHOLDER or not _PLACEHOLDER.search(said):
        return bool(said)
    # What only points at another form is shorter than that form.
    return len("".join(other.pieces()).strip()) <= len(said)


def _collect_encrypted(part: Part, content: Content) -> None:
    for child in part.children:
        _attach(child, content)
    name = next((one.name for one in reversed(content.attachments) if one.name), "below")
    how = "PGP" if "pgp" in part.param("protocol").lower() else "S/MIME"
    content.notes.append(_unread(f"encrypted with {how}", name))


def _collect_file(part: Part, content: Content) -> None:
    name = filename(part)
    if part.type in _TNEF or name.lower() == "winmail.dat":
        packed = tnef.unpack(part.data())
        if packed is not None:
            return _unpack(packed, content)
    if part.type in _SMIME:
        how = part.param("smime-type").lower()
        if how.startswith("signed"):
            done = "signed with S/MIME in a form that hides its text"
            content.notes.append(_unread(done, name or "smime.p7m"))
        elif how != "certs-only":
            content.notes.append(_unread("encrypted with S/MIME", name or "smime.p7m"))
    elif part.type == "text/calendar":
        content.fallback.append(invitation_text(_text(part).replace(SIGNATURE_MARK, "")))
    return _attach(part, content)


def _unread(how: str, name: str) -> str:
    return f"This mail is {how}. Its content is kept unread in the attachment {name}."


def _unpack(packed: tnef.Packed, content: Content) -> None:
    for name, kind, data in packed.files:
        _keep(content, data, name=_safe_name(name), kind=kind)
    if packed.html.strip():
        content.fallback.append(_page(packed.html, content).text())
    elif packed.text.strip():
        content.fallback.append(packed.text.replace(SIGNATURE_MARK, ""))


def _attach(part: Part, content: Content) -> None:
    name, kind = filename(part), part.type
    data = part.data()
    if not name and kind in _ENCLOSED:
        subject = header_text(next(iter(headers_of(data[:100_000]).get("subject", ())), ""))
        name = _safe_name(re.sub(r"[/\\:]+", "-", subject)[:200] or "message") + ".eml"
    elif not name and kind == "text/calendar":
        name = "invite.ics"
    elif not name and kind in _SMIME:
        name = "smime.p7m"
    content_id = header_text(part.first("content-id")).strip("<> ")[:500]
    inline = part.disposition == "inline" or (bool(content_id) and part.disposition != "attachment")
    _keep(content, data, name=name, kind=kind, inline=inline, content_id=content_id)


def _keep(
    content: Content,
    data: bytes,
    *,
    name: str,
    kind: str,
    inline: bool = False,
    content_id: str = "",
) -> None:
    content.attachments.append(
        Attachment(
            name=name,
            type=clean(kind)[:200],
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            inline=inline,
            content_id=content_id,
            data=data if content.with_bytes else None,
        )
    )


def filename(part: Part) -> str:
    """The name of a file that a part carries, safe to save it under; empty if it has none."""
    if "content-disposition" not in part.headers and "content-type" not in part.headers:
        return ""
    name = part.value("content-disposition").params.get("filename", "") or part.param("name")
    return _safe_name(header_text(name)) if name else ""


def _safe_name(name: str) -> str:
    bare = _BIDI.sub("", " ".join(name.split())).replace("\\", "/").rpartition("/")[2]
    return bare.strip(". ")[:255]


def _text(part: Part, *, is_html: bool = False) -> str:
    data = part.data(4 * MAX_TEXT)
    charset = part.charset
    if is_html and charset in {"", "us-ascii"}:
        found = _META_CHARSET.search(data[:4_096])
        charset = found[1].decode("ascii", "replace") if found else charset
    return decode_bytes(data, charset).removeprefix("\ufeff")


def _without_uuencoded(data: bytes, content: Content) -> bytes:
    """The text without the files that old clients write into it; they become attachments."""
    out, at = [], 0
    for start, end, name, found in uuencoded(data):
        out.append(data[at:start].rstrip(b"\r\n") + b"\n")
        at = end
        _keep(content, found, name=_safe_name(name), kind="application/octet-stream")
    return b"".join([*out, data[at:]])


def _unsigned(text: str) -> str:
    """The text of a mail signed in line with PGP; the signature itself is marked as one."""
    if _PGP_SIGNATURE not in text:
        return text
    begin, end = _PGP_SIGNED.search(text), text.rfind(f"\n{_PGP_SIGNATURE}")
    if begin is None or end < begin.end():
        return text
    signed = re.sub(r"^- ", "", text[begin.end() : end], flags=re.MULTILINE)
    armour, last = [], False
    below = text[end + 1 :].split("\n")
    for number, line in enumerate(below):
        armour.append(line if last else SIGNATURE_MARK + line)
        last = last or line.startswith("-----END PGP SIGNATURE") or number > 200
    return "\n".join([text[: begin.start()] + signed, *armour])


def _unflowed(part: Part, text: str) -> str:
    """Joins the lines that `format=flowed` (RFC 3676) has broken."""
    if part.param("format").lower() != "flowed":
        return text
    drop_space = part.param("delsp").lower() == "yes"
    out: list[list[str]] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body[1:] if body.startswith(" ") else body
        flows = body.endswith(" ") and body != "-- "
        kept = body[:-1] if flows and drop_space else body
        if open_depth == depth and out:
            out[-1].append(kept)
        else:
            out.append([f"{'>' * depth} {kept}" if depth else kept])
        open_depth = depth if flows else None
    joined = ("".join(pieces) for pieces in out)
    return "\n".join(line.rstrip() if line != "-- " else line for line in joined)
