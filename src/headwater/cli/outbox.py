"""Mail on its way out: what has not left and why, another attempt, taking back."""

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click
from rich.console import Console
from rich.table import Table

from headwater.cli.processes import require_free_port
from headwater.cli.serve import require_store

if TYPE_CHECKING:
    from headwater.kit.outbox.models import OutgoingMail

_MOST = 200


@click.group()
def outbox() -> None:
    """Mail on its way out."""


@outbox.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was sent, newest first.")
def list_(everything: bool) -> None:
    """List the mails that have not left, oldest first.

    Exit status 1 when one is stuck, or should have left a quarter of an hour ago.
    """
    require_store()
    from headwater.kit.clock import utc_now
    from headwater.kit.outbox import queries

    counts = {state: count for state, count in queries.count_by_state().items() if count}
    told = ", ".join(f"{count} {state}" for state, count in counts.items()) or "none"
    console = Console()
    console.print(f"Mails asked for: {sum(counts.values())} ({told}).", highlight=False)
    rows = list((queries.latest() if everything else queries.unsent())[:_MOST])
    if rows:
        console.print(_table(rows))
    if queries.needs_a_person(utc_now()).exists():
        console.print(
            "Some are stuck or late. Is a worker running, and is the mail server reachable?"
        )
        raise SystemExit(1)


@outbox.command()
@click.argument("ids", nargs=-1, required=True)
def retry(ids: tuple[str, ...]) -> None:
    """Try the mails IDS once more, now."""
    require_store()
    from headwater.channels.outgoing import retry_mail
    from headwater.kit.actors import Actor

    for one in ids:
        retry_mail(one, actor=Actor.system("cli"))
        click.echo(f"{one} will be tried again now.")


@outbox.command()
@click.argument("ids", nargs=-1, required=True)
def cancel(ids: tuple[str, ...]) -> None:
    """Take the mails IDS back before they leave; a reply becomes its case's draft again."""
    require_store()
    from headwater.channels.outgoing import cancel_mail
    from headwater.kit.actors import Actor

    for one in ids:
        cancel_mail(one, actor=Actor.system("cli"))
        click.echo(f"{one} was taken back.")


@outbox.command()
@click.option("--mailbox", default="", help="The address of ours; by default the support address.")
@click.option("--signature", type=click.File(encoding="utf-8"), help="A text file, - for input.")
@click.option("--footer", type=click.File(encoding="utf-8"), help="A text file, - for input.")
def signature(mailbox: str, signature: TextIO | None, footer: TextIO | None) -> None:
    """Set or show what stands below the answers from a mailbox.

    Both texts may hold {agent} and {product}; an empty file takes one away.
    """
    require_store()
    from django.conf import settings

    from headwater.channels.signoffs import set_sign_off, sign_off_of

    address = mailbox or settings.HEADWATER_MAIL_FROM
    if signature or footer:
        set_sign_off(
            address,
            signature=signature.read() if signature else None,
            footer=footer.read() if footer else None,
        )
    row = sign_off_of(address)
    texts = [one for one in (row.signature, row.footer) if one] if row else []
    click.echo("\n\n".join(texts) if texts else f"{address} has no signature and no footer.")


@outbox.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8026, show_default=True)
def keep(folder: Path, host: str, port: int) -> None:
    """For trying things out: an SMTP server that keeps what arrives as files in FOLDER."""
    from aiosmtpd.controller import Controller

    from headwater.cli.serve import stop_event

    require_free_port(host, port, "--port")
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Keeper(folder), hostname=host, port=port)
    controller.start()
    stop_event().wait()
    controller.stop()


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = len(list(folder.glob("*.eml")))

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802 (aiosmtpd's name)
        self.count += 1
        content: bytes = envelope.content  # type: ignore[attr-defined]
        (self.folder / f"{self.count:05d}.eml").write_bytes(content)
        return "250 Message accepted for delivery"


def _table(rows: "list[OutgoingMail]") -> Table:
    table = Table("mail", "asked for (UTC)", "to", "state", "attempts", "next (UTC)", "last error")
    for row in rows:
        waits = row.state in {"held", "queued", "retrying"}
        state = f"{row.state}, {row.report}" if row.report else row.state
        table.add_row(
            row.id,
            row.created_at.strftime("%Y-%m-%d %H:%M"),
            row.recipient,
            state,
            str(row.attempts) + (f" ({row.doubtful} in doubt)" if row.doubtful else ""),
            row.due_at.strftime("%H:%M:%S") if waits else "",
            row.last_error,
        )
    return table
