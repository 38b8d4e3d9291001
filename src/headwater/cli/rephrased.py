"""`headwater diagnose --rephrase`: the draft, and the same in a language model's words."""

import json
import os
from typing import Any

from headwater.diagnosis.answers import Reader, verified_answer
from headwater.diagnosis.base_rates import default_folder
from headwater.diagnosis.errors import RephrasingFailed
from headwater.diagnosis.rephrasing import Endpoint, Rephrased, configured_endpoint, rephrase
from headwater.diagnosis.values import CaseInput, Diagnosis, iso
from headwater.kit.clock import utc_now


def endpoint_or_refuse() -> Endpoint:
    """The configured model. Raises RephrasingFailed where there is none."""
    endpoint = configured_endpoint()
    if endpoint is None:
        raise RephrasingFailed(
            "No language model is configured.",
            param="--rephrase",
            hint="Set HEADWATER_LLM_URL and HEADWATER_LLM_MODEL.",
        )
    return endpoint


def rephrased(endpoint: Endpoint, case: CaseInput, diagnosis: Diagnosis) -> Rephrased:
    """The draft for this case by the model, checked; what crossed the wire is put on record."""
    product = os.environ.get("HEADWATER_PRODUCT_NAME", "Support")
    draft = verified_answer(Reader("", f"{case.subject}\n{case.body}", product), diagnosis).body
    shown = [f"{each.explanation_user} {' '.join(each.evidence_ids)}" for each in diagnosis.causes]
    made = rephrase(endpoint, draft, evidence=shown[:1])
    _record(case, made)
    return made


def as_dict(made: Rephrased) -> dict[str, Any]:
    """What is told of it on an output line."""
    return {
        "state": made.state,
        "text": made.text,
        "model": made.model,
        "reasons": list(made.reasons),
    }


def as_text(made: Rephrased) -> str:
    """For a person: the draft to use, and why it is the plain one where it is."""
    if made.state == "done":
        return f"Draft, rephrased by {made.model} and checked\n\n{made.text}\n"
    why = "\n".join(f"- {each}" for each in made.reasons)
    return f"Draft, not rephrased\n{why}\n\n{made.text}\n"


def _record(case: CaseInput, made: Rephrased) -> None:
    line = {
        "at": iso(utc_now()), "case_id": case.case_id, "state": made.state, "model": made.model,
        "host": made.host, "sent": list(made.sent), "received": made.received,
        "reasons": list(made.reasons),
    }  # fmt: skip
    path = default_folder().parent / "rephrasings.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
