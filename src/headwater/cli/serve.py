"""Run Headwater: the web desk, the background worker and the mail receiver."""

import os
import signal
import threading
from pathlib import Path
from types import FrameType

import click
from rich.console import Console

from headwater.cli.processes import Processes, require_free_port, wait_for_port


def setup_django() -> None:
    """Load the settings; every command that touches the operational store calls this first."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headwater.project.settings")
    django.setup()


def require_store() -> None:
    """Load the settings and see that the operational store is there. Raises HeadwaterError."""
    setup_django()
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from headwater.kit.errors import HeadwaterError

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise HeadwaterError(f"The operational store cannot be read: {error}") from error
    if missing:
        raise HeadwaterError(
            "The operational store of this data folder is not there, or not up to date.",
            hint="Set HEADWATER_HOME or HEADWATER_DATABASE_URL, then run `headwater migrate`.",
        )


def prepare_store() -> None:
    """Bring the operational store's schema and the static files up to date."""
    from django.core.management import call_command

    setup_django()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def stop_event() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set, so that a loop ends after its current piece."""
    event = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        event.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return event


@click.command()
def migrate() -> None:
    """Create or update the operational store."""
    prepare_store()
    click.echo("The operational store is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
@click.option("--processes", default=2, show_default=True, help="Worker processes.")
def web(host: str, port: int, processes: int) -> None:
    """Serve the desk in the browser."""
    from granian import Granian
    from granian.constants import Interfaces

    require_free_port(host, port, "--port")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headwater.project.settings")
    Granian(
        "headwater.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        log_access=False,
        # A process that is asked to end while it starts does not hear it.
        workers_kill_timeout=3,
    ).serve()


@click.command()
def worker() -> None:
    """Run background jobs: read mail, diagnose cases, deliver answers."""
    setup_django()
    from headwater.kit.jobs.worker import run_worker

    run_worker(stop_event())


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8025, show_default=True, help="Port for SMTP.")
@click.option("--lmtp-port", type=int, help="Listen for LMTP as well.")
def receive(host: str, port: int, lmtp_port: int | None) -> None:
    """Receive mail over SMTP and LMTP, and from the IMAP mailboxes that are set up."""
    require_free_port(host, port, "--port")
    if lmtp_port is not None:
        require_free_port(host, lmtp_port, "--lmtp-port")
    setup_django()
    from django.conf import settings

    from headwater.channels.imap.boxes import read_mailboxes
    from headwater.channels.receiver import run_receiver

    mailboxes = read_mailboxes(settings.HEADWATER_MAILBOXES)
    run_receiver(host, port, stop_event(), lmtp_port=lmtp_port, mailboxes=mailboxes)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True, help="Port of the desk.")
@click.option("--smtp-port", default=8025, show_default=True, help="Port of the mail receiver.")
def serve(host: str, port: int, smtp_port: int) -> None:
    """Run the desk, the worker and the mail receiver together until Ctrl-C."""
    from django.conf import settings

    require_free_port(host, port, "--port")
    require_free_port(host, smtp_port, "--smtp-port")
    prepare_store()
    with Processes(Path(settings.HEADWATER_HOME) / "logs", {}) as processes:
        start_all(processes, host, port, smtp_port)
        ready = f"Headwater is on http://{host}:{port}, mail on {host}:{smtp_port}."
        processes.wait(lambda: Console().print(ready))


def start_all(processes: Processes, host: str, port: int, smtp_port: int) -> None:
    """Start receiver, worker and desk, and return once they answer."""
    receiver = processes.start("receiver", ["receive", "--host", host, "--port", str(smtp_port)])
    processes.start("worker", ["worker"])
    desk = processes.start("web", ["web", "--host", host, "--port", str(port)])
    wait_for_port(host, smtp_port, receiver)
    wait_for_port(host, port, desk)
