"""Read mail files, and look after the mails that were set aside."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from headwater.cli.serve import setup_django
from headwater.kit.errors import HeadwaterError

if TYPE_CHECKING:
    from headwater.channels.imap.boxes import Mailbox
    from headwater.channels.parse import ParsedMail


@click.group()
def mail() -> None:
    """Mail as it came in."""


@mail.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file and line.")
@click.option("--with-bytes", is_flag=True, help="With --json: each attachment's content, base64.")
def parse(files: tuple[Path, ...], as_json: bool, with_bytes: bool) -> None:
    """Print how FILES (.eml) are read; nothing is stored.

    Exit status 1 when a file could not be read; the others are printed all the same.
    """
    from headwater.channels.mail_json import mail_json
    from headwater.channels.parse import parse_mail

    failed = False
    for path in files:
        try:
            parsed = parse_mail(_bytes(path), with_bytes=as_json and with_bytes)
        except HeadwaterError as error:
            failed = True
            click.echo(f"{path}: {error}", err=True)
            continue
        click.echo(json.dumps(mail_json(parsed), ensure_ascii=False) if as_json else _page(parsed))
    if failed:
        sys.exit(1)


@mail.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def check(folder: Path) -> None:
    """Parse every NAME.eml below FOLDER and compare it with its NAME.json.

    An expectation holds any of the keys of `mail parse --json`; KEY_contains and KEY_lacks hold
    parts of a text, `refused` a part of the reason of a refusal. Exit status 1 when anything
    differs, when an expectation or a mail is missing, and when there is no mail at all.
    """
    mails = sorted(folder.rglob("*.eml"))
    orphans = [
        path for path in sorted(folder.rglob("*.json")) if not _beside(path, ".eml").exists()
    ]
    failed = 0
    for path in [*mails, *orphans]:
        found = _found(path)
        failed += bool(found)
        for one in found:
            click.echo(f"{path.relative_to(folder)}: {one}")
    click.echo(f"{len(mails)} mails, {failed} with differences.")
    if failed or not mails:
        sys.exit(1)


def _found(path: Path) -> list[str]:
    from headwater.channels.corpus import differences

    mail_path, wanted_path = _beside(path, ".eml"), _beside(path, ".json")
    try:
        return differences(_bytes(mail_path), _bytes(wanted_path))
    except HeadwaterError as error:
        return [str(error)]


def _beside(path: Path, suffix: str) -> Path:
    return path.with_suffix(suffix)


@mail.command()
def status() -> None:
    """Count the mails ever accepted by what became of them, and list what was set aside."""
    setup_django()
    from headwater.channels import queries

    counts = queries.reconciliation()
    console = Console()
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    console.print(f"Mails accepted: {sum(counts.values())} ({told}).", highlight=False)
    waiting = queries.quarantined()[:100]
    if not waiting:
        return
    table = Table("mail", "received (UTC)", "from", "why it was set aside")
    for one in waiting:
        received = one.received_at.strftime("%Y-%m-%d %H:%M")
        table.add_row(one.id, received, one.envelope_from or "-", one.reason)
    console.print(table)


@mail.command()
@click.option("--check", "sign_in", is_flag=True, help="Sign in to each mailbox now.")
def boxes(sign_in: bool) -> None:
    """List the IMAP mailboxes of HEADWATER_MAILBOXES, how far each was taken, and what is wrong.

    Exit status 1 when one cannot be read.
    """
    setup_django()
    from django.conf import settings

    from headwater.channels.imap.boxes import read_mailboxes
    from headwater.channels.queries import mail_folders

    known = mail_folders()
    table = Table("mailbox", "server", "folder", "taken up to", "looked (UTC)", "trouble")
    failed = False
    for box in read_mailboxes(settings.HEADWATER_MAILBOXES):
        folder = known.get((box.name, box.folder))
        looked = folder.checked_at.strftime("%Y-%m-%d %H:%M") if folder and folder.checked_at else "-"  # noqa: E501  # fmt: skip
        trouble = _trouble_now(box) if sign_in else folder.problem if folder else ""
        failed = failed or bool(trouble)
        upto = str(folder.last_uid) if folder else "-"
        table.add_row(box.name, f"{box.host}:{box.port}", box.folder, upto, looked, trouble or "-")
    Console().print(table)
    if failed:
        sys.exit(1)


def _trouble_now(box: "Mailbox") -> str:
    from imapclient.exceptions import IMAPClientError

    from headwater.channels.imap.session import signed_in
    from headwater.channels.imap.tokens import Tokens

    try:
        with signed_in(box, Tokens()) as client:
            client.select_folder(box.folder, readonly=True)
    except (IMAPClientError, OSError, HeadwaterError) as error:
        return str(error) or type(error).__name__
    return ""


@mail.command()
@click.argument("mail_id")
@click.option("--as", "address", metavar="ADDRESS", help="Your address as an agent.")
@click.option("--reason", default="", help="Why you have to see it; kept with your name.")
def show(mail_id: str, address: str | None, reason: str) -> None:
    """Write the raw bytes of MAIL_ID to standard output.

    Where secrets or card numbers are masked in it, --as and --reason are needed, and that it was
    shown is written down.
    """
    setup_django()
    from headwater.accounts.queries import agent_by_email
    from headwater.channels import queries
    from headwater.channels.revealing import source_of
    from headwater.kit.actors import Actor

    agent = agent_by_email(address) if address else None
    if address and agent is None:
        raise HeadwaterError(f"There is no agent {address}.", param="as")
    actor = agent.actor("cli") if agent else Actor.system("cli")
    mail = queries.mail(mail_id)
    sys.stdout.buffer.write(source_of(mail, reason=reason, agent=agent, actor=actor))


@mail.command()
@click.argument("mail_ids", nargs=-1, required=True)
def replay(mail_ids: tuple[str, ...]) -> None:
    """Have MAIL_IDS that were set aside read once more by the worker."""
    setup_django()
    from headwater.channels.quarantine import replay_mails
    from headwater.kit.actors import Actor

    for mail_id in mail_ids:
        replay_mails([mail_id], actor=Actor.system("cli"))
        click.echo(f"{mail_id} will be read again.")


def _page(parsed: "ParsedMail") -> str:
    sender = ", ".join(f"{one.name} <{one.address}>".strip() for one in parsed.from_)
    lines = [f"From:    {sender}", f"Subject: {parsed.subject}", f"Kind:    {parsed.kind}"]
    lines += [
        f"File:    {one.name or '(no name)'} ({one.type}, {one.size:,} bytes)"
        for one in parsed.attachments
    ]
    quoted = len(parsed.quoted.splitlines())
    folded = ["", f"({quoted} quoted lines folded away)"] if quoted else []
    return "\n".join([*lines, "", parsed.text, *folded, ""])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise HeadwaterError(f"{path} cannot be read ({reason}).", param="files") from error
