"""The whole product on a simulated platform, started by one command."""

import json
import os
import secrets
import shutil
import smtplib
import subprocess
import sys
import time
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from headwater.cli.processes import (
    ProcessDied,
    Processes,
    free_port,
    require_free_port,
    wait_for_port,
)
from headwater.cli.serve import prepare_store, setup_django, start_all
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

HOST = "127.0.0.1"
AGENT_EMAIL = "sam@headwater.demo"
AGENT_NAME = "Sam Rivers"
ACCOUNTS, DAYS, CASES_PER_CAUSE, MAILS = 300, 30, 3, 24
NEEDED_MB = 500


class DiskFull(HeadwaterError):
    code = "disk_full"


@click.command()
@click.option("--home", type=click.Path(path_type=Path), default=Path("demo-data"))
@click.option("--port", default=8080, show_default=True, help="Port of the desk.")
@click.option("--reset", is_flag=True, help="Throw the demo's data away and start over.")
@click.option("--exit-when-ready", is_flag=True, hidden=True, help="Stop once all is answered.")
def demo(home: Path, port: int, reset: bool, exit_when_ready: bool) -> None:
    """Build a simulated payments platform, mail its users' problems in, open the desk."""
    console = Console()
    started = time.monotonic()
    home = home.resolve()
    require_free_port(HOST, port, "PORT=… (make) or --port")
    if reset and home.exists():
        _remove(home)
    _require_space(home)
    smtp_port, outbox_port = free_port(HOST, 8025), free_port(HOST, 8026)
    os.environ.update(_environment(home, port, outbox_port))
    _build_world(home / "world")
    console.print("Preparing the operational store")
    prepare_store()
    password = _demo_agent(home)
    with Processes(home / "logs", {}) as processes:
        outbox = processes.start(
            "outbox", ["outbox", "keep", str(home / "outbox"), *_at(outbox_port)]
        )
        wait_for_port(HOST, outbox_port, outbox)
        start_all(processes, HOST, port, smtp_port)
        _feed(home, smtp_port)
        _wait_for_diagnoses(processes)
        seconds = time.monotonic() - started
        ready = (
            f"\n[bold]Headwater is ready[/bold] after {seconds:.0f} s.\n\n"
            f"  Open      [bold]http://{HOST}:{port}/[/bold]\n"
            f"  Sign in   {AGENT_EMAIL}  /  {password}\n\n"
            f"  Mail in   SMTP on {HOST}:{smtp_port}\n"
            f"  Mail out  {home / 'outbox'}\n\n"
            "Ctrl-C stops everything and keeps the data."
        )
        if exit_when_ready:
            console.print(ready, highlight=False)
        else:
            processes.wait(lambda: console.print(ready, highlight=False))
        console.print("Stopping")


def _at(port: int) -> list[str]:
    return ["--host", HOST, "--port", str(port)]


def _environment(home: Path, port: int, outbox_port: int) -> dict[str, str]:
    """The demo's settings. They win over the caller's, so that a demo never touches real data."""
    return {
        "HEADWATER_HOME": str(home / "store"),
        "HEADWATER_DATABASE_URL": "",
        "HEADWATER_EVIDENCE": str(home / "world" / "evidence"),
        "HEADWATER_SMTP_HOST": HOST,
        "HEADWATER_SMTP_PORT": str(outbox_port),
        "HEADWATER_MAIL_FROM": "support@headwater.test",
        "HEADWATER_TRUSTED_AUTHSERV_ID": "mx.headwater.test",
        "HEADWATER_MAILBOXES": "",
        "HEADWATER_MAIL_HOOKS": "",
        "HEADWATER_BASE_URL": f"http://{HOST}:{port}",
        "HEADWATER_LOG_LEVEL": "WARNING",
    }


def _remove(home: Path) -> None:
    """Only ever deletes a folder that a demo has made."""
    if not (home / "world").exists() and not (home / "store").exists() and any(home.iterdir()):
        raise HeadwaterError(
            f"{home} does not look like a demo's folder.", hint="Nothing was deleted."
        )
    shutil.rmtree(home)


def _require_space(home: Path) -> None:
    folder = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < NEEDED_MB:
        raise DiskFull(
            f"The disk that holds {folder} has {free} MB free; the demo needs {NEEDED_MB} MB.",
            hint="Free some space, or choose another folder with --home.",
        )


def _build_world(world: Path) -> None:
    """Build the simulated platform once. The truth is written last: without it, start over."""
    if (world / "truth.jsonl").exists():
        return
    shutil.rmtree(world, ignore_errors=True)
    command = [sys.executable, "-m", "headwater.cli.main", "sandbox", "build", str(world)]
    sizes = ["--accounts", ACCOUNTS, "--days", DAYS, "--cases-per-cause", CASES_PER_CAUSE]
    until = ["--end", utc_now().replace(microsecond=0).isoformat()]
    built = subprocess.run([*command, *map(str, sizes), *until], check=False)
    if built.returncode:
        raise HeadwaterError(
            "The simulated platform could not be built.", hint="The reason stands above."
        )


def _demo_agent(home: Path) -> str:
    """The demo specialist's password, made on the first run and kept beside the data."""
    from headwater.accounts.acts import create_agent
    from headwater.accounts.queries import agent_by_email
    from headwater.kit.actors import Actor

    path = home / "password.txt"
    if path.exists() and agent_by_email(AGENT_EMAIL):
        return path.read_text().strip()
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    create_agent(email=AGENT_EMAIL, name=AGENT_NAME, password=password, actor=Actor.system("cli"))
    path.write_text(password + "\n")
    path.chmod(0o600)
    return password


def _feed(home: Path, smtp_port: int) -> None:
    """Send the demo's mails through real SMTP; what was sent before is not sent again."""
    done_file = home / "fed.json"
    done: list[str] = json.loads(done_file.read_text()) if done_file.exists() else []
    mails = _latest_mails(home / "world" / "inbox")
    waiting = [path for path in mails if path.name not in done]
    if not waiting:
        return
    with _bar() as progress, smtplib.SMTP(HOST, smtp_port, timeout=30) as client:
        for path in progress.track(waiting, description="Mailing problems in"):
            raw = path.read_bytes()
            sender = parseaddr(message_from_bytes(raw).get("From", ""))[1] or "unknown@users.test"
            client.sendmail(sender, ["support@headwater.test"], raw)
            done.append(path.name)
            done_file.write_text(json.dumps(done))


def _latest_mails(inbox: Path) -> list[Path]:
    """The newest mails, oldest first: a complaint mailed today must not be a week old."""

    def written(path: Path) -> datetime:
        return parsedate_to_datetime(message_from_bytes(path.read_bytes())["Date"])

    return sorted(inbox.glob("*.eml"), key=written)[-MAILS:]


def _wait_for_diagnoses(processes: Processes, seconds: float = 300.0) -> None:
    """Returns once no job is left that is due now. Raises ProcessDied where a process ends."""
    setup_django()
    from django.utils import timezone

    from headwater.kit.jobs.queries import count_due

    def due() -> int:
        return count_due(timezone.now() + timedelta(seconds=2))

    deadline = time.monotonic() + seconds
    with _bar() as progress:
        most = due()
        task = progress.add_task("Finding causes", total=max(most, 1))
        while (left := due()) and time.monotonic() < deadline:
            processes.check()
            most = max(most, left)
            progress.update(task, total=most, completed=most - left)
            time.sleep(0.25)
        progress.update(task, completed=most)
    if due():
        raise ProcessDied(
            f"The worker did not finish within {seconds:.0f} s.",
            hint="Look into its log, worker.log.",
        )


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), transient=False
    )
