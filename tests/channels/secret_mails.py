"""Mails that hold a secret: in every part, however it is written down there."""

import base64
from collections.abc import Callable
from email.header import Header
from email.message import EmailMessage
from email.utils import encode_rfc2231
from itertools import count

from tests.channels.conftest import OWNER, SUPPORT

Way = Callable[[str], bytes]
_numbers = count(1)


def raw(body: bytes = b"It fails since noon.\r\n", **headers: str) -> bytes:
    """A mail written by hand, so that nothing is put right on its way."""
    lines = {
        "From": f"Ada <{OWNER}>",
        "To": SUPPORT,
        "Subject": "Fails",
        "Message-ID": f"<by-hand-{next(_numbers)}@shop.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body


def text(words: str, charset: str = "utf-8", **headers: str) -> bytes:
    """A mail of text alone, with these words."""
    kind = f"text/plain; charset={charset}"
    return raw(words.encode(charset), **{"Content_Type": kind, **headers})


def html(body: str) -> bytes:
    """A mail of text and HTML."""
    mail = _mail()
    mail.add_alternative(body, subtype="html")
    return mail.as_bytes()


def file(name: str, content: bytes = b"x", kind: str = "text/plain") -> bytes:
    """A mail with a file; the name is written into the header as it is given."""
    head = f"Content-Type: {kind}\r\nContent-Disposition: attachment; {name}\r\n\r\n".encode()
    parts = [b"Content-Type: text/plain\r\n\r\nsee the file", head + content]
    body = b"".join(b"--b0\r\n" + part + b"\r\n" for part in parts) + b"--b0--\r\n"
    return raw(body, Content_Type='multipart/mixed; boundary="b0"')


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Ada <{OWNER}>", SUPPORT, "Fails"
    mail["Message-ID"] = f"<{next(_numbers)}@shop.example>"
    mail.set_content("see below")
    return mail


def _enclosed(secret: str) -> bytes:
    mail = _mail()
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Eve <eve@other.example>", "Inner"
    inner.set_content(f"this is {secret} there", cte="base64")
    mail.add_attachment(inner)
    return mail.as_bytes()


def _words(secret: str) -> str:
    """The secret as encoded words, seven characters each."""
    parts = [secret[at : at + 7].encode() for at in range(0, len(secret), 7)]
    return " ".join(f"=?utf-8?B?{base64.b64encode(part).decode()}?=" for part in parts)


def _link(secret: str, space: str) -> str:
    return f"https://x.example/a?k={secret.replace(' ', space)}&b=1"


def _q(secret: str) -> str:
    return "".join(f"={ord(one):02X}" for one in secret)


HEADERS: dict[str, Way] = {
    "the author's name": lambda s: raw(From=f'"Ada {s}" <{OWNER}>'),
    "the author's encoded name": lambda s: raw(From=f"{_words(s)} <{OWNER}>"),
    "the subject": lambda s: raw(Subject=f"Key {s} fails"),
    "the subject in base64": lambda s: raw(Subject=Header(f"Schlüssel {s}", "utf-8").encode()),
    "the subject in quoted-printable": lambda s: raw(Subject=f"=?utf-8?Q?see_{_q(s)}?="),
    "a subject cut into words": lambda s: raw(Subject=_words(s)),
}
TEXTS: dict[str, Way] = {
    "UTF-7": lambda s: text(f"see {s} here ü", "utf-7"),
    "Latin 1": lambda s: text(f"für {s} hier", "latin-1"),
    "UTF-16": lambda s: raw(
        base64.encodebytes(f"see {s} here".encode("utf-16")),
        Content_Type="text/plain; charset=utf-16",
        Content_Transfer_Encoding="base64",
    ),
    "a soft line break": lambda s: text(
        f"see {s[:9]}=\r\n{s[9:]} here\r\n", Content_Transfer_Encoding="quoted-printable"
    ),
    "every letter encoded": lambda s: text(
        f"see {_q(s)} here\r\n", Content_Transfer_Encoding="quoted-printable"
    ),
    "format=flowed": lambda s: text(
        "My number \r\n" + s.replace(" ", " \r\n") + " \r\nfails\r\n",
        Content_Type="text/plain; format=flowed",
    ),
    "several lines": lambda s: text("My number\r\n" + s.replace(" ", "\r\n") + "\r\nfails\r\n"),
    "a signature": lambda s: text(f"It fails.\r\n\r\n-- \r\nAda, our key {s}\r\n"),
    "below a quote": lambda s: text(f"> did you?\r\n> which?\r\n\r\n{s} it was\r\n"),
    "a quote": lambda s: text(
        f"Yes.\r\n\r\nOn Mon, 5 Jan 2026, Sam <{SUPPORT}> wrote:\r\n> is it {s} then\r\n"
    ),
    "a link": lambda s: text(f"see {_link(s, '%20')} there\r\n"),
    "another link": lambda s: text(f"see {_link(s, '+')} there\r\n"),
    "characters that nobody sees": lambda s: text("see " + "\u200b".join(s) + " there"),
}
PAGES: dict[str, Way] = {
    "HTML alone": lambda s: text(f"<div>our {s} fails</div>", Content_Type="text/html"),
    "HTML alone with a link": lambda s: text(
        f'<a href="{_link(s, "%20")}">see</a>', Content_Type="text/html"
    ),
    "entities": lambda s: html("<p>our " + "".join(f"&#{ord(c)};" for c in s) + " fails</p>"),
    "breaks allowed": lambda s: html(f"<p>our {'<wbr>'.join(s)} fails</p>"),
    "soft hyphens": lambda s: html(f"<p>our {'&shy;'.join(s)} fails</p>"),
    "a span for each letter": lambda s: html(
        f"<p>our {''.join(f'<span>{c}</span>' for c in s)} fails</p>"
    ),
    "a table": lambda s: html(f"<table><tr><td>key</td><td>{s}</td></tr></table>"),
    "the words for a picture": lambda s: html(f'<img src="https://x.example/a.png" alt="{s}">'),
    "the address of a link": lambda s: html(f'<a href="{_link(s, "+")}">see</a>'),
    "a mail link": lambda s: html(
        f'<a href="mailto:a@x.example?body={s.replace(" ", "%20")}">see</a>'
    ),
}
FILES: dict[str, Way] = {
    "the name of a file": lambda s: file(f'filename="{s}.txt"'),
    "the encoded name of a file": lambda s: file(
        f"filename*={encode_rfc2231(f'{s}.pdf', 'utf-8')}", kind="application/pdf"
    ),
    "a text file": lambda s: file('filename="a.txt"', f"KEY={s}\n".encode()),
    "a text file in UTF-16": lambda s: file('filename="a.txt"', f"KEY={s}\n".encode("utf-16")),
    "a file of no known type": lambda s: file(
        'filename="shop.env"', f"KEY={s}\n".encode(), "application/octet-stream"
    ),
    "an enclosed mail": _enclosed,
}
# Nothing of these is kept, but for the raw mail; nobody is told.
DROPPED: dict[str, Way] = {
    "a comment": lambda s: html(f"<p>see<!-- {s} --> this</p>"),
    "a form": lambda s: html(f'<form><input value="{s}"></form><p data-key="{s}">see</p>'),
    "styles": lambda s: html(f"<style>.a{{content:'{s}'}}</style><p>see</p>"),
}
WAYS = {**HEADERS, **TEXTS, **PAGES, **FILES}


def forms(secret: str) -> set[str]:
    """The secret as it might stand somewhere, in a text or in what Python or JSON makes of it."""
    apart = ("", " ", "%20", "+", "\\n", "\n", "\\r\\n", "  ")
    unseen = ("\u200b", "\\u200b", "\u00ad", "\\xad")
    whole = {secret.replace(" ", each) for each in apart}
    return whole | {each.join(secret) for each in unseen}
