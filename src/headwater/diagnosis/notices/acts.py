"""Telling the accounts that a cause reaches: prepared as drafts, sent one approval at a time.

Identity before evidence holds here too: a notice goes only to a person who is verified for the
account, and that is looked up again at the moment of approval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from headwater.accounts.models import Agent, Person
from headwater.accounts.queries import link_is_verified
from headwater.cases.outreach import write_first
from headwater.diagnosis import answers
from headwater.diagnosis.errors import ProblemRefused
from headwater.diagnosis.models import Notice, NoticeBatch
from headwater.diagnosis.notices import queries
from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.values import Row
from headwater.diagnosis.watch import acts as watch_acts
from headwater.diagnosis.watch.queries import aware, open_problem_of
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

_NOBODY = "Nobody is verified for the account."
_OFF = "They asked us not to write first."
_OPEN_CASE = "A case about this cause is open."
_TOLD = "The account was told of it already."


@dataclass(frozen=True, slots=True)
class Rows:
    """What the playbook found over all accounts, and in which window (naive UTC)."""

    rows: Sequence[Row]
    start: datetime
    end: datetime
    run_id: str


def prepare_notices(page: Playbook, found: Rows, *, agent: Agent, actor: Actor) -> NoticeBatch:
    """One draft for each account in the rows, or the reason why there is none. Nothing is sent.

    An account with several rows is told of the one with most occurrences.
    """
    with transaction.atomic():
        problem = open_problem_of(page.id)
        batch = NoticeBatch.objects.create(
            playbook=page.id,
            title=page.title,
            problem=problem,
            prepared_by=agent,
            prepared_at=utc_now(),
            window_start=aware(found.start),
            window_end=aware(found.end),
            run_id=found.run_id,
        )
        main = _main_rows(found.rows)
        people = queries.verified_people(main)
        told = queries.told_of(page.id, main)
        busy = queries.busy_with(page.id, main)
        accounts = queries.known_accounts(main)
        notices = []
        for name, row in main.items():
            notice = Notice(batch=batch, account_ref=name, account=accounts.get(name))
            person = people.get(name)
            off = person is not None and person.notices_off_at is not None
            if name in told or name in busy or person is None or off:
                notice.state = Notice.State.SKIPPED
                other = _OFF if off else _NOBODY
                notice.reason = _TOLD if name in told else _OPEN_CASE if name in busy else other
            else:
                notice.person = person
                notice.subject = f"About your account: {page.title[:1].lower()}{page.title[1:]}"
                notice.body = _words(page, row, person)
            notices.append(notice)
        Notice.objects.bulk_create(notices, batch_size=500)
        if problem is not None:
            data = {"batch_id": batch.id, "notices": len(notices)}
            watch_acts.note(problem, "notices.prepared", data, actor=actor)
    return batch


def approve_notice(
    notice: Notice, *, agent: Agent, actor: Actor, body: str | None = None
) -> Notice:
    """Sends one notice as the agent's own message. What stands against it now skips it instead.

    Raises ProblemRefused when it was decided already, CaseError for an empty body.
    """
    with transaction.atomic():
        notice = _waiting(notice.pk)
        if body is not None:
            notice.body = body
        reason = _why_not(notice)
        if reason:
            notice.state, notice.reason = Notice.State.SKIPPED, reason
        else:
            assert notice.person is not None and notice.account is not None  # noqa: S101
            case = write_first(
                person=notice.person,
                account=notice.account,
                subject=notice.subject,
                body=notice.body,
                cause=notice.batch.playbook,
                agent=agent,
                actor=actor,
            )
            notice.case, notice.state = case, Notice.State.SENT
            problem = open_problem_of(notice.batch.playbook)
            if problem is not None:
                watch_acts.link_case(problem, case, actor=actor)
        notice.decided_by, notice.decided_at = agent, utc_now()
        notice.save()
    return notice


def approve_batch(batch: NoticeBatch, *, agent: Agent, actor: Actor) -> tuple[int, int]:
    """Sends every notice that still waits; returns (sent, skipped at the last moment)."""
    sent = skipped = 0
    for notice in queries.waiting_notices(batch):
        after = approve_notice(notice, agent=agent, actor=actor)
        if after.state == Notice.State.SENT:
            sent += 1
        else:
            skipped += 1
    return sent, skipped


def leave_out(notice: Notice, *, agent: Agent) -> Notice:
    """Decides that this account is not told. Raises ProblemRefused when it was decided already."""
    with transaction.atomic():
        notice = _waiting(notice.pk)
        notice.state = Notice.State.LEFT_OUT
        notice.decided_by, notice.decided_at = agent, utc_now()
        notice.save()
    return notice


def _waiting(notice_id: str) -> Notice:
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.state != Notice.State.WAITING:
        raise ProblemRefused(
            "This notice was decided already.", param="notice", hint="Reload the page."
        )
    return notice


def _why_not(notice: Notice) -> str:
    """What stands against sending it now; things change between preparing and approving."""
    if notice.person is None or notice.account is None:
        return _NOBODY
    if not link_is_verified(notice.person, notice.account):
        return _NOBODY
    if Person.objects.filter(pk=notice.person_id, notices_off_at__isnull=False).exists():
        return _OFF
    one = (notice.account_ref,)
    if queries.told_of(notice.batch.playbook, one):
        return _TOLD
    return _OPEN_CASE if queries.busy_with(notice.batch.playbook, one) else ""


def _main_rows(rows: Iterable[Row]) -> dict[str, Row]:
    main: dict[str, Row] = {}
    for row in rows:
        name = str(row.get("account_id"))
        if name not in main or _often(row) > _often(main[name]):
            main[name] = row
    return main


def _often(row: Row) -> float:
    return float(str(row.get("occurrences") or 0))


def _words(page: Playbook, row: Row, person: Person) -> str:
    reader = answers.Reader(person.name, "", settings.HEADWATER_PRODUCT_NAME)
    return answers.notice(reader, page.explain(row).user, page.docs).body
