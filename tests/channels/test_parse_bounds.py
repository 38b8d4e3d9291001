"""Large mails cost time and memory in proportion; bombs are refused or read as far as is safe."""

import base64
import hashlib
import random
import time
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from headwater.channels import mime
from headwater.channels.errors import MailRefused
from headwater.channels.parse import MAX_BYTES, ParsedMail, parse_mail

HEAD = b"From: a@b.example\nSubject: Re: x\nIn-Reply-To: <q@x.example>\n"
SIZE = 150_000


def plain(text: bytes) -> bytes:
    return HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + text


def html(text: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html; charset=utf-8\n\n" + text


def header(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\n\nx"


def with_file(data: bytes) -> bytes:
    return (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the file.\n--b\n"
        b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(data)
        + b"--b--\n"
    )


@pytest.mark.slow
def test_fifty_megabytes() -> None:
    data = random.Random(1).randbytes(36_000_000)
    raw = with_file(data)
    assert 48_000_000 < len(raw) < MAX_BYTES
    tracemalloc.start()
    started = time.process_time()
    mail = parse_mail(raw)
    took, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert mail.text == "See the file."
    [file] = mail.attachments
    assert (file.size, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    # What the file decodes to, and room to decode it; no copy of the mail.
    assert peak < 1.8 * len(raw), peak
    assert took < 20, took


def test_ten_thousand_recipients() -> None:
    to = ",\n ".join(f'"Person, {n}" <p{n}@shop.example>' for n in range(10_000))
    mail = parse_mail(f"From: a@b.example\nTo: {to}\n\nHello all\n".encode())
    assert len(mail.to) == 10_000
    assert (mail.to[9_999].name, mail.to[9_999].address) == ("Person, 9999", "p9999@shop.example")
    assert mail.text == "Hello all"


def test_a_zip_bomb_stays_packed() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    mail = parse_mail(with_file(packed.getvalue()))
    assert mail.attachments[0].size == len(packed.getvalue()) < 100_000


def nested(depth: int) -> bytes:
    return b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (nested(mime.MAX_DEPTH + 2) + b"\nx\n" * SIZE, "nested more than 30 deep"),
        (nested(3_000), "nested more than 30 deep"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1_100, "parts"),
        (b"X: y\n" * 60_000 + b"\nx", "lines of headers"),
        (b"x" * (MAX_BYTES + 1), "bytes"),
        (b" \r\n\r\n", "empty"),
    ],
)
def test_bombs_are_refused_at_once(raw: bytes, reason: str) -> None:
    started = time.process_time()
    with pytest.raises(MailRefused, match=reason):
        parse_mail(raw)
    assert time.process_time() - started < 1


def test_many_enclosed_mails_are_one_file() -> None:
    raw = b"Subject: outer\nContent-Type: message/rfc822\n\n" * 2_000 + b"x"
    mail = parse_mail(raw)
    assert [(one.name, one.type) for one in mail.attachments] == [("outer.eml", "message/rfc822")]


# Each of these once took, or would with a careless pattern take, time by the square of its length.
HARD = {
    "one line": plain(b"On " + b"a " * SIZE),
    "introductions": plain(b"Sam wrote:\n> a\n" * (SIZE // 15)),
    "marks": plain(b">" * SIZE),
    "dashes": plain(b"--\nxx\n" * (SIZE // 6)),
    "fields": plain(b"From: a\n" * (SIZE // 8)),
    "answers": plain(b"x\nFrom: a\nTo: b\nSubject: c\n" + b"in " * (SIZE // 3)),
    "uuencoded": plain(b"begin 644 x\n" * (SIZE // 12)),
    "signed": plain(
        b"-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n" * 999
    ),
    "returns": plain(b"\r" * SIZE),
    "encoded words": header(b"Subject", b"=?utf-8?Q?a?= " * (SIZE // 14)),
    "half words": header(b"Subject", b"=?a?q?" * (SIZE // 6)),
    "brackets": header(b"To", b"<," * (SIZE // 2)),
    "backslashes": header(b"To", b"\\" * SIZE),
    "signs": header(b"To", b"a@" * (SIZE // 2)),
    "references": header(b"References", b"a@" * (SIZE // 2)),
    "one reference": header(b"References", b"a" * SIZE),
    "parameters": header(b"Content-Type", b"text/plain" + b"; a=b" * (SIZE // 5)),
    "semicolons": header(b"Content-Type", b"text/plain" + b"; " * (SIZE // 2)),
    "boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b x\n" * 50_000,
    "blank ends": b"X: y" + b"\n \t" * (SIZE // 3) + b"x",
    "bounce": b"From: MAILER-DAEMON@x\n\n" + b"message-id:\n" * (SIZE // 12),
    "html divs": html(b"<div>" * (SIZE // 5)),
    "html lists": html(b"<ul><li>" * (SIZE // 8)),
    "html bold": html(b"<b>" * (SIZE // 3)),
    "html signs": html(b"&" * SIZE),
    "html misnested": html(b"<p><b a=1>x</p>" * (SIZE // 15)),
    "html formats": html(b"".join(b"<p><b title=%d>x</p>" % n for n in range(SIZE // 18))),
    "html cells": html(b"<table>" + (b"<tr>" + b"<td>x" * 30) * (SIZE // 200)),
    "html quotes": html(b"<blockquote>" * 150 + b"<p>x</p>\n" * (SIZE // 9)),
    "html hidden": html(b"<p style='display:none'>" * (SIZE // 24)),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_mails_are_quick(name: str) -> None:
    started = time.process_time()
    assert isinstance(parse_mail(HARD[name]), ParsedMail)
    # 0.05 to 0.4 s on a free core; the careless forms take ten seconds to minutes.
    assert time.process_time() - started < 3
