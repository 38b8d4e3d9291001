"""Asking for a rephrasing, and keeping what came of it."""

from collections.abc import Sequence

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.cases import acts as case_acts
from headwater.cases.models import Case, Draft
from headwater.cases.queries import draft_of
from headwater.diagnosis.errors import RephrasingFailed
from headwater.diagnosis.models import Rephrasing
from headwater.diagnosis.rephrasing.endpoint import configured_endpoint
from headwater.diagnosis.rephrasing.rephrase import Rephrased
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue


def ask_rephrasing(case: Case, *, agent: Agent) -> Rephrasing:
    """Has the case's draft rephrased in the background; one that is under way is given back.

    Raises RephrasingFailed without a configured model or without a draft.
    """
    endpoint = configured_endpoint()
    if endpoint is None:
        raise RephrasingFailed(
            "No language model is configured.",
            hint="Set HEADWATER_LLM_URL and HEADWATER_LLM_MODEL.",
        )
    with transaction.atomic():
        draft = draft_of(case)
        if draft is None or not draft.body.strip():
            raise RephrasingFailed("There is no draft to rephrase.", hint="Write one first.")
        waiting = Rephrasing.objects.filter(case=case, state=Rephrasing.State.WAITING).first()
        if waiting is not None and waiting.plain == draft.body:
            return waiting
        asked = Rephrasing.objects.create(
            case=case, agent=agent, asked_at=utc_now(), plain=draft.body,
            model=endpoint.model[:200], host=endpoint.host[:200],
        )  # fmt: skip
        enqueue("diagnosis.rephrase_draft", {"rephrasing_id": asked.id}, max_attempts=2)
    return asked


def keep_rephrasing(asked: Rephrasing, made: Rephrased, *, actor: Actor) -> None:
    """Keeps what came of it; the new words become the draft if nobody changed that meanwhile."""
    with transaction.atomic():
        stored = Rephrasing.objects.select_for_update().get(pk=asked.pk)
        if stored.state != Rephrasing.State.WAITING:
            return
        stored.state, stored.reasons = Rephrasing.State(made.state), list(made.reasons)
        stored.sent, stored.received = list(made.sent), made.received
        stored.finished_at = utc_now()
        if made.state == "done":
            _use(stored, made.text, actor=actor)
        stored.save()


def give_up_rephrasing(rephrasing_id: str, reasons: Sequence[str]) -> None:
    """Says that no answer will come."""
    Rephrasing.objects.filter(pk=rephrasing_id, state=Rephrasing.State.WAITING).update(
        state=Rephrasing.State.FAILED, reasons=list(reasons), finished_at=utc_now()
    )


def take_plain_back(asked: Rephrasing, *, actor: Actor) -> None:
    """Makes the draft of before the draft again."""
    draft = draft_of(asked.case)
    case_acts.save_draft(
        asked.case, asked.plain, author=Draft.Author.AGENT, actor=actor,
        based_on=draft.based_on if draft else "",
    )  # fmt: skip


def _use(stored: Rephrasing, text: str, *, actor: Actor) -> None:
    draft = draft_of(stored.case)
    if draft is None or draft.body != stored.plain:
        stored.state = Rephrasing.State.FAILED
        stored.reasons = ["The draft was changed meanwhile."]
        return
    # A person asked for it: the words count as theirs, and no later diagnosis overwrites them.
    case_acts.save_draft(
        stored.case, text, author=Draft.Author.AGENT, actor=actor, based_on=draft.based_on
    )
    stored.text = text
