"""Mail end to end: raw bytes to a stored, parsed, threaded case, beside two other help desks.

    scripts/with_postgres.py python benchmarks/bench_mail_ingest.py --mails 1000

Measures user and system CPU of the process that takes the mail, without its start: a PostgreSQL
server's own CPU is extra, for all alike. The floor is Python's `email` parser alone. Each peer gets
an environment of its own (kept in `--peers DIR`, else thrown away). All take the same folder, one
after the other and in turns, and the median of the rounds counts.

What each does differs: Headwater keeps every mail's raw bytes, separates quotes, looks for
languages, bounces and loops, and asks for a diagnosis; django-helpdesk and escalated-django write
their e-mails to nobody (a dummy backend).
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

HERE = Path(__file__).parent
PEERS = {
    "django-helpdesk": ("django-helpdesk==2.6.1", "django_helpdesk.py"),
    "escalated-django": ("escalated-django==0.7.8", "escalated_django.py"),
}
WORDS = (
    "payment intent webhook signature failed invoice refund payout balance charge declined card "
    "customer subscription api key idempotency rate limit error 402 429 retry dispute connect "
    "account onboarding currency settlement"
).split()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mails", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--peers", type=Path, help="folder for the peers' environments")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="headwater-bench-mail-") as name:
        work = Path(name)
        mails = work / "mails"
        write_mails(mails, given.mails)
        peers = environments(given.peers or work / "peers")
        floor = [parse_alone(mails) for _ in range(given.rounds)]
        print(f"{given.mails} mails, {sum(f.stat().st_size for f in mails.iterdir()) / 1e6:.1f} MB")
        print(f"Python's parser alone: {given.mails / median(floor):,.0f} mails per CPU second\n")
        for store, url in stores():
            run_store(store, url, mails, work, peers, given.rounds)


def run_store(
    store: str, url: str, mails: Path, work: Path, peers: dict[str, Path], rounds: int
) -> None:
    found: dict[str, list[dict[str, float]]] = {}
    for turn in range(rounds):
        for name, python in {"headwater": Path(sys.executable), **peers}.items():
            found.setdefault(name, []).append(measured(name, python, url, mails, work, turn))
    print(f"{store}: mails per CPU second (median of {rounds}; lowest to highest), cases, messages")
    rates = {}
    for name, runs in found.items():
        each = sorted(run["mails"] / run["cpu"] for run in runs)
        rates[name] = median(each)
        last = runs[-1]
        print(
            f"  {name:18} {rates[name]:8,.0f}  ({each[0]:,.0f} to {each[-1]:,.0f}), "
            f"{last['tickets']:,.0f} cases, {last['messages']:,.0f} messages"
        )
    better = max(rate for name, rate in rates.items() if name != "headwater")
    print(f"  Headwater does {rates['headwater'] / better:.1f} times the better peer's\n")


def measured(
    name: str, python: Path, url: str, mails: Path, work: Path, turn: int
) -> dict[str, float]:
    """What one run prints, over a fresh store and a copy of the mails."""
    home = work / f"{name}-{turn}-{'pg' if url else 'lite'}"
    shutil.copytree(mails, home / "mails")
    env = {key: value for key, value in os.environ.items() if not key.startswith("HEADWATER_")}
    database = fresh_database(url, f"{name}_{turn}".replace("-", "_")) if url else ""
    if name == "headwater":
        env |= {"HEADWATER_HOME": str(home), "HEADWATER_DATABASE_URL": database}
        env |= {"HEADWATER_LOG_LEVEL": "ERROR"}
        script = HERE / "mail_ours.py"
        env["PYTHONPATH"] = str(HERE.parent / "src")
    else:
        env |= {"PEER_HOME": str(home), "PEER_DATABASE_URL": database}
        env.pop("PYTHONPATH", None)
        script = HERE / "peers" / PEERS[name][1]
    done = subprocess.run(
        [str(python), str(script), str(home / "mails")],
        env=env, cwd=home, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr[-3_000:]}")
    shutil.rmtree(home)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def stores() -> list[tuple[str, str]]:
    """SQLite, and PostgreSQL where an address is given."""
    url = os.environ.get("HEADWATER_DATABASE_URL", "")
    return [("SQLite", ""), *([("PostgreSQL", url)] if url else [])]


def fresh_database(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "bench_{name}"'.encode())
        server.execute(f'CREATE DATABASE "bench_{name}"'.encode())
    return urlunsplit(urlsplit(url)._replace(path=f"/bench_{name}"))


def environments(folder: Path) -> dict[str, Path]:
    """Each peer's Python, installed where it is not there yet."""
    found = {}
    for name, (package, _) in PEERS.items():
        python = folder / name / "bin" / "python"
        if not python.exists():
            print(f"Installing {package}", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", str(folder / name)], check=True)
            wanted = [package, "psycopg[binary]", "pyyaml", "setuptools"]
            pip = [str(python), "-m", "pip", "install", "--quiet", *wanted]
            subprocess.run(pip, check=True)
        found[name] = python
    return found


def parse_alone(mails: Path) -> float:
    """CPU seconds of Python's own parser over all mails, decoding nothing."""
    raws = [file.read_bytes() for file in sorted(mails.iterdir())]
    began = time.process_time()
    for raw in raws:
        message_from_bytes(raw)
    return time.process_time() - began


def write_mails(folder: Path, count: int) -> None:
    """60 % plain, 15 % answers and plain, 15 % with HTML or a 20 KiB attachment; always the same.

    Answers come from strangers, and Headwater then opens a case that is linked.
    """
    folder.mkdir(parents=True)
    chance = random.Random(7)
    ids: list[str] = []
    for n in range(count):
        (folder / f"{n:06d}.eml").write_bytes(one_mail(n, chance, ids))


def one_mail(n: int, chance: random.Random, ids: list[str]) -> bytes:
    mail = EmailMessage()
    mail["Message-ID"] = f"<bench.{n}@cust{n % 500}.example>"
    mail["From"] = f"User {n % 500} <user{n % 500}@cust{n % 500}.example>"
    mail["To"] = "support@example.com"
    mail["Date"] = "Mon, 05 Jan 2026 10:00:00 +0000"
    lines = [" ".join(chance.choices(WORDS, k=12)) for _ in range(chance.randint(5, 25))]
    body, kind = "\n".join(lines), chance.random()
    subject = " ".join(chance.choices(WORDS, k=6))
    if kind >= 0.85 and ids and chance.random() < 0.6:
        answered = chance.choice(ids)
        mail["In-Reply-To"] = mail["References"] = answered
        mail["Subject"] = f"Re: {subject}"
        said = "On Mon, Jan 5, 2026 at 9:00 AM Support <support@example.com> wrote:"
        quoted = "\n> ".join(lines)
        mail.set_content(f"{body}\n\n{said}\n> {quoted}")
        return mail.as_bytes()
    mail["Subject"] = subject
    mail.set_content(body)
    ids.append(str(mail["Message-ID"]))
    if 0.6 <= kind < 0.75:
        html = "<br>".join(lines)
        mail.add_alternative(f"<html><body><p>{html}</p></body></html>", subtype="html")
    elif 0.75 <= kind < 0.85:
        mail.add_attachment(
            chance.randbytes(20_480), maintype="application", subtype="pdf", filename=f"log{n}.pdf"
        )
    return mail.as_bytes()


if __name__ == "__main__":
    main()
