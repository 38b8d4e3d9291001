"""Reads of surveys."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from headwater.accounts.models import Agent, Person
from headwater.cases.models import Case, Message
from headwater.cases.queries import ids_of, visible_cases
from headwater.channels.machine import is_machine_address
from headwater.channels.marks import mark_of
from headwater.surveys.errors import SurveyLinkNotGood
from headwater.surveys.models import Offer
from headwater.surveys.rules import SATISFIED, Circumstances
from headwater.surveys.words import ENGLISH


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Of the offers of a period: how many were asked, answered, and satisfied (4 or 5)."""

    asked: int
    answered: int
    satisfied: int


def undecided(since: datetime, until: datetime, most: int) -> list[str]:
    """Ids of cases solved in that time about whose solving nobody was asked yet, oldest first."""
    decided = Offer.objects.filter(case=OuterRef("pk"), solved_at=OuterRef("solved_at"))
    rows = Case.objects.filter(
        ~Exists(decided), state=Case.State.SOLVED, solved_at__gte=since, solved_at__lte=until
    )
    return list(rows.order_by("solved_at", "id").values_list("id", flat=True)[:most])


def circumstances_of(case: Case) -> Circumstances:
    """What decides whether the case's person is asked."""
    said = Message.objects.filter(case__in=ids_of(case))
    last = Offer.objects.filter(person=case.person, state=Offer.State.OFFERED)
    person = case.person
    return Circumstances(
        opted_out=person.surveys_off_at is not None,
        answered_by_us=said.filter(kind=Message.Kind.REPLY, agent__isnull=False)
        .exclude(delivery__in=(Message.Delivery.FAILED, Message.Delivery.UNDONE))
        .exists(),
        written_by_user=said.filter(kind=Message.Kind.USER).exists(),
        bouncing=mark_of(person.email) is not None,
        machine=is_machine_address(person.email),
        last_asked_at=last.order_by("-decided_at").values_list("decided_at", flat=True).first(),
    )


def last_to_answer(case: Case) -> Agent | None:
    """Who wrote the last reply of the case."""
    replies = Message.objects.filter(case__in=ids_of(case), kind=Message.Kind.REPLY)
    last = replies.exclude(agent=None).select_related("agent").order_by("-created_at").first()
    return last.agent if last else None


def visible_offers(agent: Agent) -> QuerySet[Offer]:
    """The offers about cases that the agent may see, latest first, with case and person."""
    rows = Offer.objects.filter(case__in=visible_cases(agent))
    return rows.select_related("case", "person", "agent").order_by("-decided_at", "-id")


def latest_offers(since: datetime, *, everything: bool) -> QuerySet[Offer]:
    """For an operator's shell: the offers since then, latest first; with `everything` also who was
    not asked."""
    rows = Offer.objects.filter(decided_at__gte=since).order_by("-decided_at", "-id")
    return rows if everything else rows.filter(state=Offer.State.OFFERED)


def offer(offer_id: str) -> Offer:
    """The offer of a link. Raises SurveyLinkNotGood."""
    found = Offer.objects.select_related("case", "person").filter(pk=offer_id).first()
    if found is None:
        raise SurveyLinkNotGood("Nothing is known under this link any more.", param="token")
    return found


def language_of_person(person: Person) -> str:
    """The language in which this person was asked last; English where they never were."""
    asked = Offer.objects.filter(person=person).order_by("-decided_at")
    return asked.values_list("language", flat=True).first() or ENGLISH


def satisfaction(since: datetime, until: datetime) -> Satisfaction:
    """Over the offers of that time, which is when people were asked, not when they answered."""
    counts = Offer.objects.filter(
        state=Offer.State.OFFERED, decided_at__gte=since, decided_at__lt=until
    ).aggregate(
        asked=Count("id"),
        answered=Count("id", filter=Q(score__isnull=False)),
        satisfied=Count("id", filter=Q(score__gte=SATISFIED)),
    )
    return Satisfaction(**counts)
