"""The language model is asked in the background: it may take its time, and a page may not."""

from headwater.cases.queries import draft_of
from headwater.diagnosis.errors import RephrasingFailed
from headwater.diagnosis.models import Rephrasing
from headwater.diagnosis.queries import latest_diagnosis, rephrasing_by_id
from headwater.diagnosis.rephrasing.acts import give_up_rephrasing, keep_rephrasing
from headwater.diagnosis.rephrasing.endpoint import configured_endpoint
from headwater.diagnosis.rephrasing.rephrase import rephrase
from headwater.kit.actors import Actor
from headwater.kit.jobs.registry import Effects, Payload, job


def _given_up(payload: Payload, error: str) -> None:
    give_up_rephrasing(payload["rephrasing_id"], ["It could not be asked for; see the job's log."])


@job("diagnosis.rephrase_draft", atomic=False, on_dead=_given_up)
def rephrase_draft(payload: Payload) -> Effects | None:
    """Asks the model once for this draft and keeps the outcome, whatever it is."""
    asked = rephrasing_by_id(payload["rephrasing_id"])
    if asked is None or asked.state != Rephrasing.State.WAITING:
        return None
    try:
        endpoint = configured_endpoint()
    except RephrasingFailed as error:
        reasons = [str(error)]
        return lambda: give_up_rephrasing(payload["rephrasing_id"], reasons)
    if endpoint is None:
        return lambda: give_up_rephrasing(asked.id, ["No language model is configured any more."])
    made = rephrase(endpoint, asked.plain, evidence=_may_be_shown(asked))
    return lambda: keep_rephrasing(asked, made, actor=Actor.system())


def _may_be_shown(asked: Rephrasing) -> list[str]:
    """What the user may read of the cause that the draft stands on: never internal fields."""
    diagnosis = latest_diagnosis(asked.case)
    draft = draft_of(asked.case)
    if diagnosis is None or draft is None:
        return []
    return [
        f"{each.explanation_user} {' '.join(each.evidence_ids)}"
        for each in diagnosis.findings.all()
        if each.playbook == draft.based_on
    ]
