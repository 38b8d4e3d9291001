"""Which policies hold now, and how the calendars of any of them count."""

from functools import lru_cache
from typing import Any, Final

from django.conf import settings

from headwater.cases.clocks import FIRST_REPLY, RESOLUTION, AroundTheClock, Counting
from headwater.cases.models import Case, CaseEvent, Clock, PolicyVersion
from headwater.cases.sla.policies import Facts, Policy, PolicySet, policy_set_from
from headwater.kit.calendars.frozen import thawed
from headwater.kit.calendars.working_time import WorkingTime

_AROUND_THE_CLOCK: Final = AroundTheClock()
# What a case without stored policies is under.
BY_SETTINGS: Final = "settings"


def in_force() -> PolicySet | None:
    """The policies applied last; None while the settings' two targets hold."""
    name = PolicyVersion.objects.order_by("-id").values_list("version", flat=True).first()
    return version(name) if name else None


@lru_cache(maxsize=64)
def version(name: str) -> PolicySet:
    """Policies that were in force once, by the name of their content."""
    row = PolicyVersion.objects.filter(version=name).values_list("content", flat=True)[0]
    return policy_set_from(row)


def counting(name: str) -> Counting:
    """How a clock's calendar counts; see `clocks.Calendars`."""
    return _compiled(name) if name else _AROUND_THE_CLOCK


@lru_cache(maxsize=64)
def _compiled(name: str) -> WorkingTime:
    of, calendar = name.split("/", 1)
    return WorkingTime(thawed(dict(version(of).calendars[calendar])))


def facts_of(case: Case) -> Facts:
    """What decides a case's policy, now."""
    return Facts(
        queue=case.queue_id or "",
        tier=case.account.tier if case.account else "",
        priority=case.priority,
        cause=case.cause or case.likely_cause,
    )


def promised_to(case: Case, policies: PolicySet | None) -> dict[str, Any]:
    """What the policies promise to the case, as events carry it: targets, and the policy's name.

    Calendars are named with their version, so that they mean the same for ever.
    """
    if policies is None:
        seconds = {
            FIRST_REPLY: settings.HEADWATER_FIRST_REPLY_SECONDS,
            RESOLUTION: settings.HEADWATER_RESOLUTION_SECONDS,
        }
        return {"targets": seconds, "policy": BY_SETTINGS}
    policy = policies.policy_for(facts_of(case))
    if policy is None:
        return {"targets": {}, "policy": ""}
    targets: dict[str, Any] = {}
    for target, promise in policy.promises.items():
        value: dict[str, Any] = {"seconds": promise.seconds}
        if promise.calendar:
            value["calendar"] = f"{policies.id}/{promise.calendar}"
        if promise.warn is not None:
            value["warn"] = promise.warn
        targets[target] = value
    return {"targets": targets, "policy": f"{policies.id}/{policy.name}"}


def policy_of(name: str) -> Policy | None:
    """The policy that a clock names; None for the settings' own."""
    if "/" not in name:
        return None
    of, policy = name.split("/", 1)
    return version(of).named(policy)


_TOLD: Final = {
    "clock.started": "{target} {cycle} begins, due {due_at}",
    "clock.moved": "{target} {cycle} moves from {from} to {due_at}: {because}",
    "clock.warned": "{target} {cycle} will break soon",
    "clock.breached": "{target} {cycle} is broken",
    "clock.met": "{target} {cycle} is kept",
    "sla.changed": "now under {policy}: {because}",
}


def story_of(case: Case) -> dict[str, Any]:
    """The clocks of a case, and what moved them, oldest first; for JSON."""
    clocks = Clock.objects.filter(case=case).order_by("target", "cycle")
    events = CaseEvent.objects.filter(case=case, kind__in=_TOLD).order_by("id")
    names = ("target", "cycle", "state", "policy", "calendar")
    return {
        "case": case.pk,
        "clocks": [
            {name: getattr(clock, name) for name in names}
            | {"started_at": clock.started_at.isoformat(), "due_at": clock.due_at.isoformat()}
            for clock in clocks
        ],
        "moves": [
            {
                "at": event.at.isoformat(),
                "kind": event.kind,
                "text": _TOLD[event.kind].format_map(_Words(event.data)),
            }
            for event in events
        ],
    }


class _Words(dict[str, Any]):
    """An event's data where what is missing reads as nothing."""

    def __missing__(self, key: str) -> str:
        return ""
