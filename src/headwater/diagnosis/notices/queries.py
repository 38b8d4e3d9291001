"""Reads of prepared contacts: what a batch holds, whom to write to, who knows already."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from headwater.accounts.models import AccountLink, Person, PlatformAccount
from headwater.cases.models import Case
from headwater.diagnosis.models import Notice, NoticeBatch, ProblemCase
from headwater.diagnosis.watch.queries import LIKELY_FROM
from headwater.kit.clock import utc_now

# Whoever was told of a cause so lately is not told again.
TOLD_FOR = timedelta(days=30)


def batches_of(playbook: str) -> list[NoticeBatch]:
    """The batches of a cause, latest first."""
    found = NoticeBatch.objects.filter(playbook=playbook).select_related("prepared_by")
    return list(found.order_by("-prepared_at")[:10])


def batch_by_id(batch_id: str) -> NoticeBatch | None:
    """One batch."""
    return NoticeBatch.objects.select_related("prepared_by").filter(pk=batch_id).first()


def notices_of(batch: NoticeBatch) -> list[Notice]:
    """The notices of a batch: what waits first."""
    order = {"waiting": 0, "sent": 1, "left_out": 2, "skipped": 3}
    found = Notice.objects.filter(batch=batch).select_related("person", "account", "decided_by")
    return sorted(found, key=lambda each: (order[each.state], each.account_ref))


def notice_by_id(batch_id: str, notice_id: str) -> Notice | None:
    """One notice of a batch."""
    return Notice.objects.filter(pk=notice_id, batch_id=batch_id).first()


def waiting_notices(batch: NoticeBatch) -> list[Notice]:
    """The notices of a batch on which nobody has decided."""
    return list(Notice.objects.filter(batch=batch, state=Notice.State.WAITING).order_by("id"))


def known_accounts(names: Iterable[str]) -> Mapping[str, PlatformAccount]:
    """The platform accounts of these ids that are stored."""
    return PlatformAccount.objects.in_bulk(list(names))


def verified_people(accounts: Iterable[str]) -> Mapping[str, Person]:
    """For each account one verified person: who owns the registered address, else the latest."""
    links = AccountLink.objects.filter(
        platform_account__in=list(accounts), verified_at__isnull=False
    ).select_related("person", "platform_account")
    best: dict[str, Person] = {}
    owners: set[str] = set()
    for link in links.order_by("verified_at", "id"):
        name = link.platform_account_id
        owner = link.person.email == link.platform_account.email
        if owner or name not in owners:
            best[name] = link.person
        if owner:
            owners.add(name)
    return best


def told_of(playbook: str, accounts: Iterable[str]) -> set[str]:
    """Accounts that a notice reached lately, or whose case with this cause was solved lately."""
    since = utc_now() - TOLD_FOR
    names = list(accounts)
    notices = Notice.objects.filter(
        batch__playbook=playbook,
        account_ref__in=names,
        state=Notice.State.SENT,
        decided_at__gte=since,
    )
    solved = Case.objects.filter(
        cause=playbook, account__in=names, state=Case.State.SOLVED, solved_at__gte=since
    )
    return {
        *notices.values_list("account_ref", flat=True),
        *(str(each) for each in solved.values_list("account_id", flat=True)),
    }


def busy_with(playbook: str, accounts: Iterable[str]) -> set[str]:
    """Accounts with an open case about this cause."""
    names = list(accounts)
    open_cases = Case.objects.filter(account__in=names).exclude(state__in=Case.PAST)
    likely = open_cases.filter(likely_cause=playbook, likely_probability__gte=LIKELY_FROM)
    linked = ProblemCase.objects.filter(
        problem__playbook=playbook, problem__state="open", case__in=open_cases
    ).values_list("case__account_id", flat=True)
    return {
        *(str(each) for each in likely.values_list("account_id", flat=True)),
        *(str(each) for each in linked),
    }
