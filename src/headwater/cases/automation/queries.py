"""Which automations hold now, whom they wait for, and what they did."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Exists, OuterRef, QuerySet

from headwater.cases.automation import rules
from headwater.cases.automation.rules import Automation, AutomationSet, Facts, Past
from headwater.cases.models import AutomationRun, AutomationVersion, Case, CaseEvent
from headwater.kit.jobs.acts import enqueue_many

# The author of everything that an automation does; it hears none of its own doings.
AUTHOR = "automation:"


def in_force() -> AutomationSet | None:
    """The automations applied last; None before any were."""
    rows = AutomationVersion.objects.order_by("-id").values_list("version", flat=True)
    name = rows.first()
    return version(name) if name else None


@lru_cache(maxsize=32)
def version(name: str) -> AutomationSet:
    """Automations that were in force once, by the name of their content."""
    rows = AutomationVersion.objects.filter(version=name).values_list("content", flat=True)
    return rules.automation_set_from(rows[0])


def tell(events: list[CaseEvent]) -> None:
    """Has the automations hear of these events, in the caller's transaction."""
    heard = [event for event in events if not event.actor_id.startswith(AUTHOR)]
    automations = in_force() if heard else None
    if automations is None:
        return
    kinds = automations.kinds()
    asked = [
        ({"case_id": event.case_id, "event_id": event.pk}, f"automate:{event.pk}")
        for event in heard
        if event.kind in kinds and not event.data.get("auto")
    ]
    if asked:
        enqueue_many("cases.automate", asked)


def facts_of(case: Case) -> Facts:
    """What conditions may ask of a case, now."""
    return Facts(
        state=case.state,
        queue=case.queue_id or "",
        priority=case.priority,
        tier=case.account.tier if case.account else "",
        language=case.language,
        channel=case.channel,
        identity=case.identity,
        cause=case.cause or case.likely_cause,
        subject=case.subject,
        tags=frozenset(case.case_tags.values_list("tag_id", flat=True)),
        assigned=case.assignee_id is not None,
        probability=case.likely_probability or 0.0,
    )


def event_of(event_id: int) -> CaseEvent | None:
    """A line of a log by its id."""
    return CaseEvent.objects.filter(pk=event_id).first()


def lasting(each: Automation, now: datetime) -> QuerySet[Case]:
    """Cases whose state has lasted for as long as the automation waits, and that it did not see."""
    seen = AutomationRun.objects.filter(
        case=OuterRef("pk"), name=each.name, since=OuterRef("state_since")
    )
    rows = Case.objects.filter(
        ~Exists(seen), state=each.state, state_since__lte=now - timedelta(seconds=each.seconds)
    )
    return rows.order_by("state_since", "id")


def runs() -> QuerySet[AutomationRun]:
    """What automations did, latest first, with the cases."""
    return AutomationRun.objects.select_related("case").order_by("-id")


def histories(since: datetime) -> Iterator[tuple[Case, list[Past], Facts]]:
    """Cases touched since then: each with its whole log, and what the log does not say."""
    rows = Case.objects.filter(last_event_at__gte=since).select_related("account")
    for case in rows.order_by("id").iterator(chunk_size=500):
        log = [
            Past(event.kind, event.at, event.data, event.actor_id.startswith(AUTHOR))
            for event in CaseEvent.objects.filter(case=case).order_by("id")
        ]
        start = Facts(
            tier=case.account.tier if case.account else "",
            language=case.language,
            channel=case.channel,
            subject=case.subject,
        )
        yield case, log, start
