"""Files that go out with a reply: kept by their content, first with the draft, then with it."""

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet, Sum

from headwater.accounts.models import Agent
from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, FileContent, Message, ReplyFile
from headwater.cases.queries import in_conversation
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

MAX_FILES = 20
_NOT_IN_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_MEGABYTE = 1_000_000


def attach_file(case: Case, *, name: str, data: bytes, agent: Agent, actor: Actor) -> ReplyFile:
    """Keeps a file with the case's draft; the same file again changes nothing.

    Raises CaseError for an empty file, too many of them, or more bytes than a mail may carry.
    """
    clean, digest = _file_name(name), hashlib.sha256(data).hexdigest()
    if not data:
        raise CaseError(f"The file {clean} is empty.", param="files", hint="Choose another.")
    with transaction.atomic():
        case = ledger.lock(case.pk)
        waiting = ReplyFile.objects.filter(case=case, message=None)
        known = waiting.filter(content_id=digest, name=clean).first()
        if known is not None:
            return known
        size = waiting.aggregate(total=Sum("content__size"))["total"] or 0
        _check(len(data) + size, waiting.count() + 1)
        content = _kept(digest, data)
        file = ReplyFile(
            case=case,
            name=clean,
            # Guessed from the name: what a browser says of it can be anything.
            type=_type_of(clean),
            content=content,
            added_by=agent,
            added_at=utc_now(),
        )
        file.save(force_insert=True)
        _note(case, "file.attached", file, actor)
    return file


def keep_files(files: Sequence[tuple[str, bytes]]) -> list[tuple[str, str, FileContent]]:
    """Files that go out at once, as name, type and kept content; in the caller's transaction.

    Raises CaseError for an empty file, too many of them, or more bytes than a mail may carry.
    """
    _check(sum(len(data) for _, data in files), len(files))
    kept = []
    for name, data in files:
        clean = _file_name(name)
        if not data:
            raise CaseError(f"The file {clean} is empty.", param="files", hint="Choose another.")
        content = _kept(hashlib.sha256(data).hexdigest(), data)
        kept.append((clean, _type_of(clean), content))
    return kept


def _kept(digest: str, data: bytes) -> FileContent:
    values = {"data": data, "size": len(data)}
    return FileContent.objects.get_or_create(sha256=digest, defaults=values)[0]


def remove_file(case: Case, file_id: str, *, actor: Actor) -> None:
    """Takes a file off the draft. Raises CaseError where it is on its way or unknown."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        file = ReplyFile.objects.filter(case=case, pk=file_id, message=None).first()
        if file is None:
            raise CaseError("This file is not in the draft.", param="file", hint="Reload the case.")
        _note(case, "file.removed", file, actor)
        content_id = file.content_id
        file.delete()
        # The same content may have gone out elsewhere.
        with suppress(ProtectedError), transaction.atomic():
            FileContent.objects.filter(pk=content_id).delete()


def take_files(case: Case, message: Message) -> None:
    """The draft's files go out with this reply."""
    ReplyFile.objects.filter(case=case, message=None).update(message=message)


def give_back_files(message: Message) -> None:
    """The files of a reply that was taken back are the draft's again."""
    ReplyFile.objects.filter(message=message).update(message=None)


def files_of(case: Case) -> list[ReplyFile]:
    """The files of a case's replies and of its draft (`message_id` None), without their bytes."""
    whole = Q(case=case) | (in_conversation(case, "message__") & Q(message__isnull=False))
    rows = ReplyFile.objects.filter(whole).select_related("content").defer("content__data")
    return list(rows.order_by("added_at", "id"))


def file_of(case: Case, file_id: str) -> ReplyFile | None:
    """One file of a case, with its bytes."""
    rows = ReplyFile.objects.filter(Q(case=case) | in_conversation(case, "message__"), pk=file_id)
    return rows.select_related("content").first()


def files_with(message: Message) -> Iterable[ReplyFile]:
    """The files that go out with a reply, with their bytes."""
    rows = ReplyFile.objects.filter(message=message).select_related("content")
    return rows.order_by("added_at", "id")


def with_files(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases, each with `has_files`."""
    return cases.annotate(has_files=Exists(ReplyFile.objects.filter(case=OuterRef("pk"))))


def _check(size: int, count: int) -> None:
    most = settings.HEADWATER_ATTACHMENT_MB
    if size > most * _MEGABYTE:
        raise CaseError(
            f"The files have {size / _MEGABYTE:.1f} MB; a reply carries {most}.",
            param="files",
            hint="Send a link instead; many mail servers refuse more.",
        )
    if count > MAX_FILES:
        raise CaseError(
            f"A reply carries {MAX_FILES} files.", param="files", hint="Put them into one archive."
        )


def _file_name(name: str) -> str:
    base = re.split(r"[/\\]", name)[-1]
    clean = _NOT_IN_NAME.sub("_", rules.one_line(base, 150)).strip(". ")
    return clean or "file"


def _type_of(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or ""
    # A mail inside a mail would be taken apart on its way; as plain bytes it stays what it is.
    whole = guessed and not guessed.startswith(("message/", "multipart/"))
    return guessed if whole else "application/octet-stream"


def _note(case: Case, kind: str, file: ReplyFile, actor: Actor) -> None:
    data = {"file_id": file.pk, "name": file.name, "sha256": file.content_id}
    ledger.record(case, [(kind, data)], actor=actor, at=ledger.moment_for(case, utc_now()))
