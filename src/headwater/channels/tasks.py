"""Background work on mail."""

from typing import Any

from headwater.channels import acts, bulk, sending
from headwater.channels.automatic import post_automatic
from headwater.kit.jobs.registry import Effects, job


def _set_aside(payload: dict[str, Any], error: str) -> None:
    lines = error.strip().splitlines()
    acts.quarantine_mail(payload["mail_id"], f"It could not be filed: {lines[-1] if lines else ''}")


@job("channels.ingest_mail", atomic=False, on_dead=_set_aside)
def ingest_mail(payload: dict[str, Any]) -> Effects:
    """Reads a stored mail into a case."""
    read = acts.read_mail(payload["mail_id"])

    def store() -> None:
        acts.file_mail(read)

    return store


@job(
    "channels.ingest_mails",
    atomic=False,
    on_dead=lambda payload, _error: bulk.part(payload["mail_ids"]),
)
def ingest_mails(payload: dict[str, Any]) -> Effects:
    """Reads mails that came together into their cases."""
    reads = bulk.read_mails(payload["mail_ids"])
    return lambda: bulk.file_mails(reads)


@job("channels.deliver_message", atomic=False, on_dead=sending.give_up)
def deliver_message(payload: dict[str, Any]) -> Effects | None:
    """Makes one attempt to send a mail of the outbox; another attempt is another job."""
    return sending.send(payload)


@job("channels.send_system_mail")
def send_system_mail(payload: dict[str, Any]) -> None:
    """Puts a mail that no human wrote into the outbox."""
    post_automatic(
        kind="system",
        recipient=payload["to"],
        subject=payload["subject"],
        payload={"body": payload["body"], "case_id": payload.get("case_id", "")},
    )


@job("channels.clear_notes", every_seconds=3600, first_after_seconds=600)
def clear_notes(_payload: dict[str, Any]) -> None:
    """Drops notes of the server's yes that are no longer needed."""
    sending.clear_notes()
