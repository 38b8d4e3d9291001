"""What the finder of secrets finds, and what it takes from reading a mail.

`python -m benchmarks.bench_secrets`. Two lists are judged: the one that the tests hold the finder
to, and one written after the rules; its head says what the first run found. Times are CPU seconds.
"""

import time
from collections.abc import Callable
from pathlib import Path

import yaml

from headwater.channels.errors import MailRefused
from headwater.channels.given_away import all_given_away
from headwater.channels.parse import ParsedMail, parse_mail
from headwater.kit.redaction import exposures, find, masked, masked_html

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "channels" / "corpus"
LISTS = {
    "tests/kit/written.yaml": ROOT / "tests" / "kit" / "written.yaml",
    "benchmarks/secrets_heldout.yaml": ROOT / "benchmarks" / "secrets_heldout.yaml",
}
ROUNDS = 20


def judge(name: str, path: Path) -> None:
    """Recall, precision and each mistake of one list."""
    written = yaml.safe_load(path.read_text("utf-8"))
    missed = [text for text, secret in written["hidden"] if secret in masked(text)]
    wrong = [text for text in written["open"] if find(text)]
    hidden, unharmed = len(written["hidden"]), len(written["open"])
    found = hidden - len(missed)
    precision = found / (found + len(wrong)) if found else 0.0
    print(
        f"{name}: {found} of {hidden} secrets found (recall {found / hidden:.1%}), "
        f"{len(wrong)} of {unharmed} harmless messages changed (precision {precision:.1%})"
    )
    for text in missed:
        print(f"  missed: {text!r}")
    for text in wrong:
        print(f"  wrong:  {text!r} -> {masked(text)!r}")


def readable() -> list[tuple[bytes, ParsedMail]]:
    """The mails of the corpus that can be read."""
    mails = []
    for path in sorted(CORPUS.glob("*.eml")):
        raw = path.read_bytes()
        try:
            mails.append((raw, parse_mail(raw)))
        except MailRefused:
            continue
    return mails


def milliseconds(work: Callable[[], object], mails: int) -> float:
    """CPU milliseconds a mail; the first round only warms up."""
    work()
    started = time.process_time()
    for _ in range(ROUNDS):
        work()
    return 1000 * (time.process_time() - started) / ROUNDS / mails


def main() -> None:
    """Prints the figures."""
    for name, path in LISTS.items():
        judge(name, path)
    mails = readable()
    texts = [text for _, one in mails for text in (one.subject, one.text, one.quoted) if text]
    pages = [one.html for _, one in mails if one.html]
    size = sum(map(len, texts)) / len(mails)
    print(f"\n{len(mails)} mails of the corpus, {size:,.0f} characters of text each; ms a mail:")
    works: dict[str, Callable[[], object]] = {
        "reading it (parse_mail)": lambda: [parse_mail(raw) for raw, _ in mails],
        "finding in its text": lambda: [exposures(text) for text in texts],
        "masking its text": lambda: [masked(text) for text in texts],
        "masking its HTML": lambda: [masked_html(page) for page in pages],
        "the whole mail, when its bytes are asked for": lambda: [
            all_given_away(raw) for raw, _ in mails
        ],
    }
    for name, work in works.items():
        print(f"  {name:46} {milliseconds(work, len(mails)):7.3f}")
    log = "2026-06-01 POST /v1/charges 402 req_8kLmNoPqRsTuVw token=tok_visa 1234567890123456\n"
    text = log * 12_000
    started = time.process_time()
    masked(text)
    taken = time.process_time() - started
    print(f"  a log file: {len(text) / taken / 1e6:.1f} million characters a CPU second")


if __name__ == "__main__":
    main()
