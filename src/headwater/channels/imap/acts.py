"""Every write to `MailFolder`: how far a mailbox's folder was taken, and what keeps us from it."""

from headwater.channels.imap.boxes import Mailbox
from headwater.channels.models import MailFolder
from headwater.kit.clock import utc_now


def begin_folder(box: Mailbox, *, uidvalidity: int, next_uid: int) -> MailFolder:
    """The folder's row, started over where the server has numbered its mails anew."""
    folder, _ = MailFolder.objects.get_or_create(mailbox=box.name, folder=box.folder)
    if folder.uidvalidity != uidvalidity:
        # Only the first look may leave out what is there; later it could be unknown mail.
        start_now = box.start == "now" and not folder.uidvalidity
        folder.last_uid = next_uid - 1 if start_now else 0
        folder.uidvalidity = uidvalidity
        folder.save(update_fields=["last_uid", "uidvalidity"])
    return folder


def advance_folder(folder: MailFolder, last_uid: int) -> None:
    """All mails up to this UID are stored."""
    folder.last_uid = max(folder.last_uid, last_uid)
    folder.save(update_fields=["last_uid"])


def finish_look(folder: MailFolder) -> None:
    """All that is there was taken; whatever was wrong before is over."""
    folder.checked_at, folder.problem = utc_now(), ""
    folder.save(update_fields=["checked_at", "problem"])


def note_problem(box: Mailbox, problem: str) -> None:
    """What keeps us from the folder now."""
    MailFolder.objects.update_or_create(
        mailbox=box.name,
        folder=box.folder,
        defaults={"problem": problem, "checked_at": utc_now()},
    )
