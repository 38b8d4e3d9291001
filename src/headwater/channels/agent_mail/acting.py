"""Each command of an agent's mail through the act that every other entrance uses."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import transaction

from headwater.accounts.models import Agent
from headwater.accounts.queries import active_agents, agent_by_email
from headwater.cases import acts, placement
from headwater.cases.handling import following, snoozing, tags
from headwater.cases.handling.words import tags_in
from headwater.cases.models import Case
from headwater.cases.queries import is_known_cause, queue_by_id, visible_case
from headwater.channels.agent_mail.commands import NAMES, Asked, Command, until
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

_MOST: Final = 20
Act = Callable[[Case, str, Agent], str]


def do_asked(case_id: str, asked: Asked, agent: Agent) -> tuple[list[str], list[str]]:
    """Does everything asked for, each thing by itself: what was done, and what was not and why.

    In the caller's transaction; what is refused leaves no trace.
    """
    done: list[str] = []
    refused: list[str] = []
    steps: list[tuple[str, Callable[[Case], str]]] = []
    if asked.text:
        steps.append(("the text", lambda case: _text(case, asked, agent)))
    for one in asked.commands[:_MOST]:
        steps.append((str(one), lambda case, one=one: _command(case, one, agent)))  # type: ignore[misc]
    for name, step in steps:
        try:
            with transaction.atomic():
                done.append(step(visible_case(agent, case_id)))
        except HeadwaterError as problem:
            refused.append(f"{name}: {problem}")
    refused += [f"{one}: more than {_MOST} at once" for one in asked.commands[_MOST:]]
    return done, refused


def _text(case: Case, asked: Asked, agent: Agent) -> str:
    actor = agent.actor("mail")
    if not asked.to_user:
        acts.add_note(case, asked.text, agent=agent, actor=actor)
        return "a note was added; only the team sees it"
    hold = settings.HEADWATER_UNDO_SECONDS
    acts.send_reply(case, asked.text, agent=agent, actor=actor, hold_seconds=hold)
    return f"the text goes to the user in {hold} seconds"


def _command(case: Case, command: Command, agent: Agent) -> str:
    act = _ACTS.get(command.name)
    if act is None:
        raise HeadwaterError("is not known.", hint=f"There are #{', #'.join(NAMES)}.")
    return act(case, command.argument, agent)


def _assign(case: Case, whom: str, agent: Agent) -> str:
    word = whom.casefold()
    if word in {"", "me"}:
        to: Agent | None = agent
    elif word in {"nobody", "none"}:
        to = None
    else:
        to = (
            agent_by_email(word)
            if "@" in word
            else active_agents().filter(name__iexact=whom).first()
        )
        if to is None:
            raise HeadwaterError(f"Nobody is called {whom}.", hint="Write the name or address.")
    acts.assign_case(case, to, actor=agent.actor("mail"))
    return f"it belongs to {to.name if to else 'nobody'}"


def _priority(case: Case, wanted: str, agent: Agent) -> str:
    name, _, reason = wanted.partition(" ")
    if name not in Case.Priority.values:
        raise HeadwaterError(
            f"{name!r} is no priority.", hint=f"One of {', '.join(Case.Priority.values)}."
        )
    reason = reason.strip() or f"{agent.name} by mail"
    placement.set_priority(case, name, reason=reason, actor=agent.actor("mail"))
    return f"the priority is {name}"


def _queue(case: Case, wanted: str, agent: Agent) -> str:
    name, _, reason = wanted.partition(" ")
    queue = queue_by_id(name)
    if queue is None:
        raise HeadwaterError(f"There is no queue {name!r}.")
    reason = reason.strip() or f"{agent.name} by mail"
    placement.move_to_queue(case, queue, reason=reason, actor=agent.actor("mail"))
    return f"it lies in {queue.name}"


def _tag(case: Case, names: str, agent: Agent) -> str:
    tags.add_tags(case, tags_in(names), actor=agent.actor("mail"))
    return f"it carries {names}"


def _untag(case: Case, names: str, agent: Agent) -> str:
    tags.remove_tags(case, tags_in(names), actor=agent.actor("mail"))
    return f"it no longer carries {names}"


def _snooze(case: Case, what: str, agent: Agent) -> str:
    at = until(what, utc_now())
    if at is not None:
        acts.snooze_case(case, at, actor=agent.actor("mail"))
        return f"it sleeps until {at:%Y-%m-%d %H:%M} UTC"
    snoozing.snooze_for(case, what.casefold(), actor=agent.actor("mail"))
    return f"it sleeps until {what.casefold()}"


def _back(case: Case, _argument: str, agent: Agent) -> str:
    acts.take_back(case, actor=agent.actor("mail"))
    return "it is ours to act"


def _reopen(case: Case, _argument: str, agent: Agent) -> str:
    acts.reopen_case(case, actor=agent.actor("mail"))
    return "it is open again"


def _follow(case: Case, _argument: str, agent: Agent) -> str:
    following.follow_case(case, agent, actor=agent.actor("mail"))
    return "you follow it"


def _unfollow(case: Case, _argument: str, agent: Agent) -> str:
    following.unfollow_case(case, agent, actor=agent.actor("mail"))
    return "you no longer follow it"


def _solve(case: Case, cause: str, agent: Agent) -> str:
    cause = cause or case.likely_cause
    if not cause:
        raise HeadwaterError("Which cause?", hint="Write #solve CAUSE, or #solve unknown.")
    if cause not in {"unknown", case.likely_cause} and not is_known_cause(cause):
        raise HeadwaterError(f"The cause {cause} is not known.", hint="Solve it on the desk.")
    area = case.likely_area if cause == case.likely_cause else ""
    acts.solve_case(case, cause=cause, area=area, actor=agent.actor("mail"))
    return f"it is solved: {cause}"


_ACTS: Final[dict[str, Act]] = {
    "assign": _assign,
    "priority": _priority,
    "queue": _queue,
    "tag": _tag,
    "untag": _untag,
    "snooze": _snooze,
    "back": _back,
    "reopen": _reopen,
    "follow": _follow,
    "unfollow": _unfollow,
    "solve": _solve,
}
