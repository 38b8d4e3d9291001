"""The saved views of the queue, each one filter over the cases that an agent may see."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from headwater.accounts.models import Agent
from headwater.cases.handling.following import news_count
from headwater.cases.models import Case


@dataclass(frozen=True)
class SavedView:
    """One entry of the rail. `count` is filled per request."""

    key: str
    title: str | Promise
    icon: str
    wanted: Callable[[Agent, datetime], Q]
    empty_title: str | Promise
    empty_hint: str | Promise
    count: int = 0


VIEWS: tuple[SavedView, ...] = (
    SavedView(
        "ours", _("Ours to act"), "circle-dot", lambda agent, now: Q(state="ours"),
        _("Nothing waits for us"), _("New mail and answers from users appear here by themselves."),
    ),
    SavedView(
        "mine", _("Mine"), "user", lambda agent, now: Q(assignee=agent) & ~Q(state__in=Case.PAST),
        _("Nothing is assigned to you"), _("Open a case and press “Assign to me”."),
    ),
    SavedView(
        "free", _("Unassigned"), "user-plus", lambda agent, now: Q(assignee=None, state="ours"),
        _("Every case has an owner"), _("Look into “Ours to act” for what is due next."),
    ),
    SavedView(
        "late", _("Late"), "triangle-alert",
        lambda agent, now: Q(next_breaks_at__lt=now) & ~Q(state__in=Case.PAST),
        _("No promise is broken"), _("A case whose reply or solution is late shows here first."),
    ),
    SavedView(
        "waiting_user", _("Waiting on user"), "pause", lambda agent, now: Q(state="waiting_user"),
        _("No user owes us an answer"), _("A case comes here when a reply was sent."),
    ),
    SavedView(
        "waiting_engineering", _("With engineering"), "wrench",
        lambda agent, now: Q(state="waiting_engineering"),
        _("Engineering owes us nothing"), _("“Wait on engineering” in a case puts it here."),
    ),
    SavedView(
        "snoozed", _("Snoozed"), "alarm-clock", lambda agent, now: Q(state="snoozed"),
        _("Nothing sleeps"), _("“Snooze” in a case hides it until a time; mail wakes it."),
    ),
    SavedView(
        "solved", _("Solved"), "circle-check", lambda agent, now: Q(state="solved"),
        _("Nothing is solved yet"), _("Solved cases stay here, with their cause."),
    ),
)  # fmt: skip


def with_counts(cases: QuerySet[Case], agent: Agent, now: datetime) -> tuple[list[SavedView], int]:
    """Every view with the number of cases in it, and that of followed cases with news.

    Both come from one query.
    """
    counts = cases.aggregate(
        # The store works it out once, whatever number of cases there are.
        news=Max(news_count(agent)),
        **{f"n_{view.key}": Count("pk", filter=view.wanted(agent, now)) for view in VIEWS},
    )
    return [replace(view, count=counts[f"n_{view.key}"]) for view in VIEWS], counts["news"] or 0


def in_view(cases: QuerySet[Case], view: SavedView, agent: Agent, now: datetime) -> QuerySet[Case]:
    """The cases of a view, what breaks first on top; solved ones latest first."""
    chosen = cases.filter(view.wanted(agent, now))
    if view.key == "solved":
        return chosen.order_by(F("state_since").desc(), "pk")
    return chosen.order_by(F("next_due_at").asc(nulls_last=True), "last_message_at", "pk")
