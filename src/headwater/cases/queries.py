"""Reads of cases. What an agent may see goes through `visible_cases`; there is no other door."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, F, Q, QuerySet

from headwater.accounts.models import Agent, Person
from headwater.cases import promises
from headwater.cases.clocks import ClockState
from headwater.cases.errors import CaseNotFound
from headwater.cases.models import (
    Case,
    CaseEvent,
    CaseLink,
    Clock,
    Draft,
    Message,
    MessageReference,
    Queue,
)
from headwater.cases.promises import Happening
from headwater.cases.sla import queries as sla

QUEUES: Final = (
    "ours",
    "mine",
    "waiting_user",
    "waiting_engineering",
    "snoozed",
    "solved",
    "all",
)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many cases each queue holds for one agent."""

    by_queue: dict[str, int]


def visible_cases(agent: Agent) -> QuerySet[Case]:
    """The cases that an agent may see: all, for an active agent; none otherwise."""
    return Case.objects.all() if agent.is_active else Case.objects.none()


def visible_case(agent: Agent, case_id: str) -> Case:
    """One case with its person, account and assignee. Raises CaseNotFound."""
    case = (
        visible_cases(agent)
        .select_related("person", "account", "assignee")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise CaseNotFound(case_id)
    return case


def queue(agent: Agent, name: str = "ours") -> QuerySet[Case]:
    """A queue, sorted by what breaks first (or broke first); without a promise: oldest first.

    `mine` is what is assigned to the agent and not solved; `solved` shows the latest first.
    """
    cases = visible_cases(agent).select_related("person", "account", "assignee")
    cases = cases.filter(_in_queue(agent, name))
    if name == "solved":
        return cases.order_by("-solved_at", "-id")
    return cases.order_by(F("next_due_at").asc(nulls_last=True), "last_message_at", "id")


def what_breaks_first(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The open ones of these cases in the order in which their promises break."""
    rows = cases.exclude(state__in=Case.PAST).select_related("person", "account", "assignee")
    return rows.order_by(F("next_due_at").asc(nulls_last=True), "last_message_at", "id")


def queue_counts(agent: Agent) -> QueueCounts:
    """The size of every queue in one query."""
    counts = visible_cases(agent).aggregate(
        **{name: Count("id", filter=_in_queue(agent, name)) for name in QUEUES}
    )
    return QueueCounts(counts)


def _in_queue(agent: Agent, name: str) -> Q:
    if name == "mine":
        return Q(assignee=agent) & ~Q(state__in=Case.PAST)
    if name == "all":
        return ~Q(state=Case.State.MERGED)
    return Q(state=name)


def standing_for(case_id: str) -> Case:
    """The case, or the one that it was merged into in the end. Raises CaseNotFound."""
    case = case_for_system(case_id)
    while case.merged_into_id is not None:
        case = case_for_system(case.merged_into_id)
    return case


def merged_into(case: Case) -> list[Case]:
    """The cases that were merged into this one, however many steps away, oldest first."""
    found: list[Case] = []
    latest = [case.pk] if case.has_merged else []
    while latest:
        more = list(Case.objects.filter(merged_into__in=latest).select_related("person"))
        found += more
        latest = [each.pk for each in more]
    return sorted(found, key=lambda each: (each.opened_at, each.pk))


def ids_of(case: Case) -> list[str]:
    """The ids of the case and of those merged into it: whose messages and files are its own."""
    return [case.pk, *(each.pk for each in merged_into(case))]


def queue_by_id(queue_id: str) -> Queue | None:
    """The queue of that id, in use or not."""
    return Queue.objects.filter(pk=queue_id).first()


def active_queues() -> list[Queue]:
    """The queues in use, in their order."""
    return list(Queue.objects.filter(is_active=True).order_by("position", "name", "id"))


def cases_for_system() -> QuerySet[Case]:
    """Every case, for work that acts for nobody in particular (jobs, the command line)."""
    return Case.objects.all()


def case_for_system(case_id: str) -> Case:
    """A case for work that acts for nobody in particular (jobs, channels). Raises CaseNotFound."""
    case = Case.objects.select_related("person", "account").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound(case_id)
    return case


def cases_of_messages(agent: Agent, message_ids: Iterable[str]) -> dict[str, Case]:
    """The cases of these messages that the agent may see, by message id."""
    rows = Message.objects.filter(pk__in=list(message_ids), case__in=visible_cases(agent))
    return {row.pk: row.case for row in rows.select_related("case").only("id", "case")}


def find_case(case_id: str) -> Case | None:
    """A case with its person and account, for work that acts for nobody; None if there is none."""
    return Case.objects.select_related("person", "account").filter(pk=case_id).first()


def links_of(case: Case) -> list[CaseLink]:
    """The links from and to a case, oldest first, with both cases."""
    rows = CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")
    return list(rows.order_by("id"))


def in_conversation(case: Case, path: str = "") -> Q:
    """What belongs to the messages that a case shows; `path` leads to them, such as `message__`.

    Its own, those of cases merged into it, and those that it was split off with.
    """
    cases = [case, *merged_into(case)]
    ids = [each.pk for each in cases]
    shown = Q(**{f"{path}case__in": ids})
    if any(each.split_from_id for each in cases):
        referred = MessageReference.objects.filter(case__in=ids).values("message")
        shown |= Q(**{f"{path}pk__in": referred})
    return shown


def messages_of(case: Case) -> QuerySet[Message]:
    """The conversation, oldest first, with the messages of merged cases and of a split."""
    return (
        Message.objects.filter(in_conversation(case))
        .select_related("agent")
        .order_by("created_at", "id")
    )


def first_user_message(case: Case) -> Message | None:
    """The message that opened the case."""
    return messages_of(case).filter(kind=Message.Kind.USER).first()


def message_for_system(message_id: str) -> Message | None:
    """A message with its case and person, for delivery."""
    return (
        Message.objects.select_related("case", "case__person", "case__account", "agent")
        .filter(pk=message_id)
        .first()
    )


def message_by_rfc_id(rfc_message_id: str) -> Message | None:
    """The stored message with this Message-ID header, in whichever case."""
    return (
        Message.objects.select_related("case", "case__person", "case__account")
        .filter(rfc_message_id=rfc_message_id)
        .first()
    )


def known_rfc_ids(rfc_message_ids: Iterable[str]) -> set[str]:
    """Those of these Message-IDs that a stored message has."""
    rows = Message.objects.filter(rfc_message_id__in=rfc_message_ids)
    return {str(rfc_id) for rfc_id in rows.values_list("rfc_message_id", flat=True)}


def other_cases_of(person: Person, *, but: Case) -> QuerySet[Case]:
    """The person's other cases, latest first, without merged ones."""
    others = Case.objects.filter(person=person, merged_into__isnull=True)
    return others.exclude(pk=but.pk).order_by("-opened_at")


def events_of(case: Case) -> QuerySet[CaseEvent]:
    """The log of a case, in the order in which it was written."""
    return CaseEvent.objects.filter(case=case).order_by("id")


def events_with_merged(case: Case) -> QuerySet[CaseEvent]:
    """The logs of the case and of those merged into it as one, by time."""
    return CaseEvent.objects.filter(case__in=ids_of(case)).order_by("at", "id")


def clocks_of(case: Case) -> QuerySet[Clock]:
    """The stored clocks, first promise first."""
    return Clock.objects.filter(case=case).order_by("cycle", "target")


def clocks_of_cases(cases: Iterable[Case]) -> dict[str, list[Clock]]:
    """The clocks of many cases by case id in one query, latest cycle first."""
    found: dict[str, list[Clock]] = {}
    for clock in Clock.objects.filter(case__in=[case.pk for case in cases]).order_by(
        "-cycle", "due_at"
    ):
        found.setdefault(clock.case_id, []).append(clock)
    return found


def draft_of(case: Case) -> Draft | None:
    """The answer being prepared, if any."""
    return Draft.objects.filter(case=case).first()


def recomputed_clocks(case: Case, now: datetime) -> list[ClockState]:
    """The clocks as the log alone says they are; must equal the stored ones, settled at `now`."""
    log = [Happening(event.kind, event.at, event.data) for event in events_of(case)]
    return promises.clocks_from_events(log, now, sla.counting)


def cases_with_broken_promises(now: datetime) -> list[str]:
    """Ids of cases with a clock that is late and not yet marked."""
    rows = Clock.objects.filter(state=Clock.State.RUNNING, breaks_at__lt=now)
    return list(rows.values_list("case_id", flat=True).distinct())


def clocks_to_warn_of(now: datetime) -> list[Clock]:
    """Running clocks that will break soon and of which nobody was told, first promise first."""
    rows = Clock.objects.filter(
        state=Clock.State.RUNNING, warned_at__isnull=True, warn_at__lte=now, breaks_at__gte=now
    )
    return list(rows.order_by("due_at", "id"))


def cases_with_promises() -> list[str]:
    """Ids of cases with a clock that somebody waits for, oldest case first."""
    rows = Case.objects.filter(clocks__ended_at__isnull=True).order_by("id").distinct()
    return list(rows.values_list("id", flat=True))


def all_case_ids() -> Iterator[str]:
    """The id of every case, in pieces."""
    return Case.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=2000)


def cases_opened_since(since: datetime) -> Iterator[Case]:
    """Every case that somebody opened with us since then, in pieces, with person and account."""
    rows = Case.objects.filter(opened_at__gte=since, proactive=False, merged_into__isnull=True)
    return rows.select_related("person", "account").order_by("id").iterator(chunk_size=500)


def is_known_cause(cause: str) -> bool:
    """Whether any case was solved by this cause, or is likely to have it."""
    return Case.objects.filter(Q(cause=cause) | Q(likely_cause=cause)).exists()


def cases_to_wake(now: datetime) -> list[str]:
    """Ids of snoozed cases whose time has come."""
    rows = Case.objects.filter(state=Case.State.SNOOZED, snoozed_until__lte=now)
    return list(rows.values_list("id", flat=True))
