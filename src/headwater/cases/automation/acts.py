"""Acts of automations: applied, heard, run; each run leaves a line."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from headwater.accounts.queries import agent_by_email
from headwater.cases import acts, ledger, placement
from headwater.cases.automation import queries
from headwater.cases.automation.rules import MOST_AN_HOUR, Automation, AutomationSet
from headwater.cases.errors import CaseError
from headwater.cases.handling.tags import add_tags
from headwater.cases.models import AutomationRun, AutomationVersion, Case, Queue
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

Do = Callable[[Case, Any, Actor, str], None]


def apply_automations(
    automations: AutomationSet, *, actor: Actor, source: str = ""
) -> AutomationVersion | None:
    """They hold for what happens from now on; None where they hold already."""
    with transaction.atomic():
        now = queries.in_force()
        if now is not None and now.id == automations.id:
            return None
        return AutomationVersion.objects.create(
            version=automations.id,
            content=automations.as_json(),
            applied_at=utc_now(),
            applied_by=actor.name[:200],
            entrance=actor.entrance,
            source=source,
        )


def hear(event_id: int, *, now: datetime | None = None) -> list[AutomationRun]:
    """Runs the automations that wait for such an event, in their order. Repeatable."""
    event, automations = queries.event_of(event_id), queries.in_force()
    if event is None or automations is None:
        return []
    heard = [each for each in automations.automations if each.hears(event.kind)]
    done = [
        run(each, event.case_id, automations.id, event_id=event.pk, now=now or utc_now())
        for each in heard
    ]
    return [one for one in done if one is not None]


def look_at_lasting(*, now: datetime | None = None, most: int = 500) -> int:
    """Runs the automations that wait for a state to last; returns how many cases were looked at."""
    now, automations, looked = now or utc_now(), queries.in_force(), 0
    for each in automations.automations if automations else ():
        if not each.state:
            continue
        for case in queries.lasting(each, now)[:most]:
            run(each, case.pk, automations.id, since=case.state_since, now=now)  # type: ignore[union-attr]
            looked += 1
    return looked


def run(
    each: Automation,
    case_id: str,
    version: str,
    *,
    now: datetime,
    event_id: int | None = None,
    since: datetime | None = None,
) -> AutomationRun | None:
    """One automation over one case, once for each event or stay; None where it was done before.

    All of `then` is done, or nothing with the reason.
    """
    with transaction.atomic():
        case = ledger.lock(case_id)
        known = AutomationRun.objects.filter(name=each.name, case=case)
        if known.filter(event_id=event_id, since=since).exists():
            return None
        made = AutomationRun(
            name=each.name, version=version, case=case, event_id=event_id, since=since, at=now
        )
        lasted = not since or (case.state, case.state_since) == (each.state, since)
        if not lasted or not each.holds(queries.facts_of(case)):
            made.outcome, made.detail = AutomationRun.Outcome.PASSED, "Its conditions do not hold."
        elif _too_often(case, now):
            made.outcome = AutomationRun.Outcome.HELD_BACK
            made.detail = f"Automations ran {MOST_AN_HOUR} times over this case within an hour."
        else:
            made.outcome, made.detail = _do(each, case)
        # What is not for this case leaves a line only where it would be asked again and again.
        if made.outcome != AutomationRun.Outcome.PASSED or (since and lasted):
            made.save()
        return made


def _too_often(case: Case, now: datetime) -> bool:
    lately = AutomationRun.objects.filter(
        case=case, at__gt=now - timedelta(hours=1), outcome=AutomationRun.Outcome.DONE
    )
    return lately.count() >= MOST_AN_HOUR


def _do(each: Automation, case: Case) -> tuple[str, str]:
    name = f"{queries.AUTHOR}{each.name}"[:64]
    actor = Actor(kind="system", id=name, name=each.name, entrance="job")
    try:
        with transaction.atomic():
            for action in [name for name in _DO if name in each.then]:
                _DO[action](case, each.then[action], actor, each.name)
    except HeadwaterError as problem:
        return AutomationRun.Outcome.REFUSED, f"{problem.message} {problem.hint or ''}".strip()
    return AutomationRun.Outcome.DONE, ", ".join(_DO_WORDS[key] for key in _DO if key in each.then)


def _queue(case: Case, value: str, actor: Actor, name: str) -> None:
    queue = Queue.objects.filter(pk=value).first()
    if queue is None:
        raise CaseError(f"There is no queue {value!r}.", param="queue")
    placement.move_to_queue(case, queue, reason=name, actor=actor)


def _priority(case: Case, value: str, actor: Actor, name: str) -> None:
    placement.set_priority(case, value, reason=name, actor=actor)


def _tag(case: Case, value: list[str], actor: Actor, name: str) -> None:
    add_tags(case, value, actor=actor)


def _assign(case: Case, value: str, actor: Actor, name: str) -> None:
    agent = agent_by_email(value) if value else None
    if value and agent is None:
        raise CaseError(f"No agent has the address {value}.", param="assign")
    acts.assign_case(case, agent, actor=actor)


def _draft(case: Case, value: dict[str, str], actor: Actor, name: str) -> None:
    case = Case.objects.select_related("person", "account").get(pk=case.pk)
    text = value.get(case.language, value["en"]).format(
        person=case.person.name or case.person.email,
        account=(case.account.name or case.account.pk) if case.account else "",
        case=case.pk,
        subject=case.subject,
    )
    # A colleague's draft stays; then the automation has nothing to add.
    acts.save_draft(case, text, author="system", actor=actor, based_on="")


def _take_back(case: Case, value: bool, actor: Actor, name: str) -> None:
    acts.take_back(case, actor=actor)


def _solve(case: Case, value: bool, actor: Actor, name: str) -> None:
    acts.solve_case(case, cause="", actor=actor)


_DO: dict[str, Do] = {
    "queue": _queue,
    "priority": _priority,
    "tag": _tag,
    "assign": _assign,
    "draft": _draft,
    "take_back": _take_back,
    "solve": _solve,
}
_DO_WORDS = {
    "queue": "queue", "priority": "priority", "tag": "tags", "assign": "owner", "draft": "draft",
    "take_back": "our turn", "solve": "solved",
}  # fmt: skip
