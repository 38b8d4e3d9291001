"""The rephrasing of a draft as the composer shows it."""

import os
from typing import Any

from headwater.cases.models import Case
from headwater.diagnosis.models import Rephrasing
from headwater.diagnosis.queries import latest_rephrasing


def rephrasing_context(found: Case, *, fresh: bool = False) -> dict[str, Any]:
    """Whether a language model may be asked, and what came of the last time; nothing where none
    is configured. `fresh` says that only this part of the page is new.
    """
    if not os.environ.get("HEADWATER_LLM_URL"):
        return {"may_rephrase": False, "rephrasing": None}
    last = latest_rephrasing(found)
    return {"may_rephrase": True, "rephrasing": _view(found, last, fresh) if last else None}


def _view(found: Case, last: Rephrasing, fresh: bool) -> dict[str, Any] | None:
    draft = getattr(found, "draft", None)
    body = draft.body if draft else ""
    # Once the draft was sent or changed, what was said about it is over.
    if last.state != Rephrasing.State.WAITING and body not in (last.plain, last.text):
        return None
    if last.state == Rephrasing.State.DONE and body == last.plain:
        return None
    return {
        "state": last.state,
        "model": last.model,
        "host": last.host,
        "reasons": last.reasons,
        "shown": fresh,
        "may_undo": last.state == Rephrasing.State.DONE,
    }
