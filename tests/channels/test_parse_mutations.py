"""The corpus, damaged at random a hundred thousand times: a mail or a refusal, never a crash.

`headwater.channels.parse` turns an unforeseen error into a refusal, so that nothing is ever lost;
here such a refusal counts as a failure, since it means a mail that could have been read.
"""

import random
from pathlib import Path

import pytest

from headwater.channels.errors import MailRefused
from headwater.channels.parse import parse_mail

CORPUS = [path.read_bytes() for path in sorted((Path(__file__).parent / "corpus").glob("*.eml"))]
# What is worth putting into a mail at a random place.
TOKENS = [
    *(b"\r", b"\n", b"\r\n", b"\n\n", b"\x00", b"\xff", b"\x1b$B", b"=?", b"?=", b"=?utf-8?Q?"),
    *(b"--", b"--b", b"--b--", b"> ", b"-- \n", b"begin 644 x\n", b"\nend\n", b"<", b">", b'"'),
    *(b"<blockquote>", b"</div>", b"<!--", b"&#x10FFFF;", b"&#0;", b"<table>", b"\xed\xa0\x80"),
    *(b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Transfer-Encoding: base64\n"),
    *(b"charset=utf-16", b"charset=hz", b"; boundary=", b"filename*0*=", b"\nFrom: x@y.example\n"),
    *(b"On 2026 S <a@b.c> wrote:\n> ", "\u202e\ue0f4\ufeff".encode()),
]


def mutated(dice: random.Random) -> bytes:
    data = bytearray(dice.choice(CORPUS))
    for _ in range(dice.choice((1, 1, 2, 3, 5, 8))):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(7):
            case 0:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del data[at : at + dice.randint(1, 60)]
            case 2:
                data[at:at] = data[at : at + dice.randint(1, 80)]
            case 3:
                data[at:at] = dice.randbytes(dice.randint(1, 8))
            case 4:
                other = dice.choice(CORPUS)
                start = dice.randrange(len(other))
                data[at:at] = other[start : start + dice.randint(1, 200)]
            case 5:
                del data[at:]
            case _:
                data[at:at] = dice.choice(TOKENS)
    return bytes(data)


def check(seed: int, count: int) -> None:
    dice = random.Random(seed)
    for number in range(count):
        raw = mutated(dice)
        try:
            mail = parse_mail(raw)
        except MailRefused as refusal:
            assert "cannot be read" not in str(refusal), (seed, number, str(refusal), raw)
            continue
        for text in (mail.subject, mail.text, mail.quoted, mail.html, *mail.auth_results):
            text.encode("utf-8")
            assert "\x00" not in text, (seed, number, raw)
        assert "\ue0f4" not in mail.text + mail.quoted, (seed, number, raw)
        for one in mail.attachments:
            assert "/" not in one.name and "\n" not in one.name, (seed, number, raw)


def test_some_mutations() -> None:
    check(seed=0, count=2_000)


# Eight times 12,500 are the hundred thousand: 55 s on one core.
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_a_hundred_thousand_mutations(seed: int) -> None:
    check(seed, count=12_500)
