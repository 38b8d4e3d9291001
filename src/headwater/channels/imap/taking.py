"""New mail of a folder into the store: fetched raw, stored, and only then marked or moved.

The folder's UIDVALIDITY and the highest UID that was stored are kept. They only save work: what
makes a mail one mail is its content, so that a lost or reset cursor doubles nothing.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError

from headwater.channels import bulk
from headwater.channels.acts import Arrival, set_aside_bytes
from headwater.channels.imap import acts
from headwater.channels.imap.boxes import Mailbox
from headwater.channels.models import MailFolder
from headwater.channels.parse import MAX_BYTES

log = logging.getLogger(__name__)

_BATCH_BYTES = 16 * 1024 * 1024


def take_new(client: IMAPClient, box: Mailbox) -> int:
    """Takes what is new in the mailbox's folder; returns how many mails were stored.

    Raises what IMAPClient and the store raise; whatever was not stored is taken next time.
    """
    selected = client.select_folder(box.folder)
    folder = acts.begin_folder(
        box,
        uidvalidity=int(selected[b"UIDVALIDITY"]),
        next_uid=int(selected.get(b"UIDNEXT", 1)),
    )
    stored = 0
    for uids, too_large in _batches(client, folder.last_uid):
        stored += _take(client, box, folder, uids)
        for uid, size in too_large:
            _take_head(client, box, folder, uid, size)
        acts.advance_folder(folder, max([*uids, *(uid for uid, _ in too_large)]))
    acts.finish_look(folder)
    return stored


def _take_head(client: IMAPClient, box: Mailbox, folder: MailFolder, uid: int, size: int) -> None:
    """Of a mail beyond the bound its header is set aside, so that somebody sees that it came."""
    head = client.fetch([uid], ["BODY.PEEK[HEADER]"]).get(uid, {}).get(b"BODY[HEADER]")
    if head is None:
        return
    set_aside_bytes(
        Arrival(bytes(head), "", (box.address,), _place(box, folder, uid)),
        f"It has {size:,} bytes, of which {MAX_BYTES:,} are accepted. Only its header is kept here;"
        f" the mail is still in the folder {box.folder}.",
        entrance="imap",
        mailbox=box.address,
    )


def _place(box: Mailbox, folder: MailFolder, uid: int) -> str:
    return f"imap:{box.name}/{box.folder}/{folder.uidvalidity}/{uid}"


def _batches(
    client: IMAPClient, last_uid: int
) -> Iterator[tuple[list[int], list[tuple[int, int]]]]:
    """UIDs above `last_uid`, in order and bounded in number, and those of mails too large."""
    # "n:*" always holds the last mail of the folder, so the answer is looked through.
    found = sorted(uid for uid in client.search(["UID", f"{last_uid + 1}:*"]) if uid > last_uid)
    for start in range(0, len(found), 1_000):
        sizes = client.fetch(found[start : start + 1_000], ["RFC822.SIZE"])
        uids: list[int] = []
        large: list[tuple[int, int]] = []
        total = 0
        for uid in sorted(sizes):
            size = int(sizes[uid].get(b"RFC822.SIZE", 0))
            if size > MAX_BYTES:
                large.append((uid, size))
                continue
            if uids and (len(uids) >= bulk.BATCH or total + size > _BATCH_BYTES):
                yield uids, large
                uids, large, total = [], [], 0
            uids.append(uid)
            total += size
        if uids or large:
            yield uids, large


def _take(client: IMAPClient, box: Mailbox, folder: MailFolder, uids: list[int]) -> int:
    if not uids:
        return 0
    # PEEK leaves the mails unread for people who look into the folder as well.
    fetched = client.fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"])
    arrivals = [
        Arrival(
            bytes(fetched[uid][b"BODY[]"]),
            "",
            (box.address,),
            _place(box, folder, uid),
            _aware(fetched[uid].get(b"INTERNALDATE")),
        )
        for uid in uids
        # Somebody may have removed one since it was listed.
        if fetched.get(uid, {}).get(b"BODY[]") is not None
    ]
    batch = bulk.receive_mails(arrivals, entrance="imap", mailbox=box.address)
    for arrival, reason in batch.refused:
        log.error("A mail stays in its folder: %s: %s", arrival.source, reason)
    left = {arrival.source for arrival, _ in batch.refused}
    done = [uid for uid in uids if uid in fetched and _place(box, folder, uid) not in left]
    _mark(client, box, done)
    return len(batch.stored)


def _aware(moment: datetime | None) -> datetime | None:
    """The server's time of arrival; the client library gives it in this machine's zone."""
    return moment.astimezone(UTC) if moment is not None else None


def _mark(client: IMAPClient, box: Mailbox, uids: list[int]) -> None:
    if not uids or box.after == "keep":
        return
    if box.after == "seen":
        client.add_flags(uids, [rb"\Seen"], silent=True)
        return
    if not client.folder_exists(box.move_to):
        client.create_folder(box.move_to)
    if client.has_capability("MOVE"):
        client.move(uids, box.move_to)
        return
    if not client.has_capability("UIDPLUS"):
        # A plain EXPUNGE would also remove what other people have marked as deleted.
        raise CapabilityError(f'{box.host} cannot move mails safely; use after = "seen".')
    client.copy(uids, box.move_to)
    client.delete_messages(uids, silent=True)
    client.uid_expunge(uids)
