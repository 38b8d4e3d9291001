"""Every mailbox watched by a thread of its own: IDLE where the server knows it, else polling."""

import logging
import threading
import time
from collections.abc import Sequence

from django.db import DatabaseError, connections
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from headwater.channels.imap.acts import note_problem
from headwater.channels.imap.boxes import Mailbox
from headwater.channels.imap.session import signed_in
from headwater.channels.imap.taking import take_new
from headwater.channels.imap.tokens import Tokens
from headwater.kit.errors import HeadwaterError
from headwater.kit.jobs.rules import backoff_seconds

log = logging.getLogger(__name__)

# How soon a thread that waits for mail sees that it shall stop.
_LOOK_SECONDS = 1.0
_LONGEST_PAUSE = 300.0


def start_watching(boxes: Sequence[Mailbox], stop_event: threading.Event) -> list[threading.Thread]:
    """One started thread for each mailbox; they end soon after `stop_event` is set."""
    threads = [
        threading.Thread(target=watch, args=(box, stop_event), name=f"imap-{box.name}")
        for box in boxes
    ]
    for thread in threads:
        thread.start()
    return threads


def watch(box: Mailbox, stop_event: threading.Event) -> None:
    """Takes a mailbox's mail until `stop_event` is set, whatever the server does meanwhile."""
    tokens = Tokens()
    failures = 0
    while not stop_event.is_set():
        try:
            with signed_in(box, tokens) as client:
                while not stop_event.is_set():
                    stored = take_new(client, box)
                    if stored:
                        log.info("Took %d mails from %s/%s.", stored, box.name, box.folder)
                    failures = 0
                    # Hours may pass; a connection to the store kept open would be dead by then.
                    connections.close_all()
                    _wait(client, box, stop_event)
        except (IMAPClientError, OSError, HeadwaterError, DatabaseError) as error:
            failures += 1
            _note(box, error)
        except Exception as error:
            # A mailbox that nobody reads any more would be noticed by nobody.
            failures += 1
            log.exception("The mailbox %s met something unforeseen.", box.name)
            _note(box, error)
        if failures:
            pause = min(backoff_seconds(failures, 0.5), _LONGEST_PAUSE)
            stop_event.wait(pause)
    connections.close_all()


def _wait(client: IMAPClient, box: Mailbox, stop_event: threading.Event) -> None:
    """Returns when there may be new mail, or when it is time to look anyway."""
    if not box.idle or not client.has_capability("IDLE"):
        stop_event.wait(box.poll_seconds)
        return
    client.idle()
    until = time.monotonic() + box.idle_seconds
    while time.monotonic() < until and not stop_event.is_set():
        asked = time.monotonic()
        told = client.idle_check(timeout=_LOOK_SECONDS)
        if any(len(one) > 1 and one[1] == b"EXISTS" for one in told):
            break
        if not told and time.monotonic() - asked < _LOOK_SECONDS / 2:
            # The connection has ended: finishing the IDLE below says how.
            break
    client.idle_done()


def _note(box: Mailbox, error: Exception) -> None:
    """Says what keeps us from a mailbox, in the log and where `headwater mail boxes` shows it."""
    said = str(error)[:2_000] or type(error).__name__
    log.warning("The mailbox %s cannot be read now: %s", box.name, said)
    try:
        note_problem(box, said)
    except DatabaseError:
        log.warning("That could not be noted in the store.")
    finally:
        connections.close_all()
