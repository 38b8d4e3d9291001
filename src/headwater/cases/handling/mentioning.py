"""Naming colleagues in a note: they follow the case from then on, and the note is news to them."""

from headwater.accounts.models import Agent
from headwater.accounts.queries import active_agents
from headwater.cases import ledger
from headwater.cases.handling.models import Follower
from headwater.cases.handling.naming import Nameable, named_in
from headwater.cases.models import Case, CaseEvent, Message
from headwater.cases.routing.queries import in_force
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def nameable(agents: list[Agent]) -> list[Nameable]:
    """Every agent by name and by what stands before the @ of their address, and every queue.

    A queue names those who have all skills that its rules ask for; one that asks for none names
    nobody, since that would be everybody.
    """
    known = [
        Nameable((one.name.lower(), one.email.partition("@")[0].lower()), (one.pk,))
        for one in agents
    ]
    rules = in_force()
    for name, queue in (rules.queues if rules else {}).items():
        able = tuple(one.pk for one in agents if set(queue.skills) <= set(one.skills))
        if queue.skills and able:
            known.append(Nameable((name.lower(), queue.name.lower()), able))
    return known


def tell_named(case: Case, note: Message, *, actor: Actor) -> list[Agent]:
    """Lets whom the note names follow the case, as of just before the note.

    In the caller's transaction, which holds the case and has recorded the note. An event says who
    was named.
    """
    if "@" not in note.body:
        return []
    agents = {one.pk: one for one in active_agents().order_by("name", "pk")}
    ids = named_in(note.body, nameable(list(agents.values())))
    named = [agents[one] for one in ids if one != actor.id]
    if not named:
        return []
    before = CaseEvent.objects.filter(case=case, kind="note.added").latest("id").pk - 1
    for agent in named:
        Follower.objects.get_or_create(
            case=case,
            agent=agent,
            defaults={"since": utc_now(), "seen_event_id": before, "mailed_event_id": before},
        )
    told = [{"id": one.pk, "name": one.name} for one in named]
    data = {"message_id": note.pk, "agents": told}
    at = ledger.moment_for(case, utc_now())
    ledger.record(case, [("note.mentions", data)], actor=actor, at=at)
    return named
