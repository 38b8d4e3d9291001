"""Mails per CPU second of reading alone, beside Python's own parser, and memory on a 50 MB mail.

`python -m benchmarks.bench_mail_parse` (Linux). The floor only takes a mail apart; it decodes no
text, splits no quotes, sanitises no HTML and hashes no attachment.
"""

import base64
import contextlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import compat32
from pathlib import Path

from headwater.channels.errors import MailRefused
from headwater.channels.parse import parse_mail

CORPUS = Path(__file__).parent.parent / "tests" / "channels" / "corpus"
ROUNDS = 10
# What a process inherits from the one that started it does not count: VmHWM begins anew.
MEMORY = """
import sys
from pathlib import Path
{}
def most():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024
raw = Path(sys.argv[1]).read_bytes()
before = most()
read(raw)
print(before, most())
"""
READERS = {
    "headwater": "from headwater.channels.parse import parse_mail as read",
    "email (floor)": "from email.parser import BytesParser\nread = BytesParser().parsebytes",
}


def ours(raw: bytes) -> None:
    """Reads a mail; a refusal is an answer too."""
    with contextlib.suppress(MailRefused):
        parse_mail(raw)


def floor(raw: bytes) -> None:
    """Takes a mail apart with the standard library."""
    BytesParser(policy=compat32).parsebytes(raw)


def rate(read: Callable[[bytes], None], mails: list[bytes]) -> float:
    """Mails per CPU second; the first round only warms up."""
    for raw in mails:
        read(raw)
    started = time.process_time()
    for _ in range(ROUNDS):
        for raw in mails:
            read(raw)
    return ROUNDS * len(mails) / (time.process_time() - started)


def large() -> bytes:
    """A mail of 49 MB with one file."""
    data = base64.encodebytes(random.Random(1).randbytes(36_000_000))
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the file.\n"
    kind = b"--b\nContent-Type: application/zip; name=a.zip\n"
    return head + kind + b"Content-Transfer-Encoding: base64\n\n" + data + b"--b--\n"


def main() -> None:
    """Prints the figures."""
    mails = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]
    for name, read in (("headwater", ours), ("email (floor)", floor)):
        print(f"{name:14} {rate(read, mails):8,.0f} mails per CPU second ({len(mails)} mails)")
    raw = large()
    with tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(raw)
        file.flush()
        for name, source in READERS.items():
            command = [sys.executable, "-c", MEMORY.format(source), file.name]
            started = time.perf_counter()
            done = subprocess.run(command, capture_output=True, check=True)
            before, peak = done.stdout.split()
            took = time.perf_counter() - started
            print(
                f"{name:14} {int(peak):6} MB at most ({int(before)} MB before, the mail of "
                f"{len(raw) / 1e6:.0f} MB included), {took:.1f} s with start"
            )


if __name__ == "__main__":
    main()
