"""Where a case stands, as plain values for people and programs."""

from typing import Any

from headwater.cases.handling.fields import fields_of, missing_fields
from headwater.cases.handling.following import followers_of
from headwater.cases.handling.tags import tags_of
from headwater.cases.models import Case


def summary(case: Case) -> dict[str, Any]:
    """State, owner, place, tags, fields and followers; times are ISO 8601."""
    return {
        "id": case.pk,
        "subject": case.subject,
        "state": case.state,
        "since": case.state_since.isoformat(),
        "assignee": case.assignee.email if case.assignee else None,
        "queue": case.queue_id,
        "priority": case.priority,
        "next_due_at": case.next_due_at.isoformat() if case.next_due_at else None,
        "snoozed_until": case.snoozed_until.isoformat() if case.snoozed_until else None,
        "snoozed_for": case.snoozed_for or None,
        "tags": tags_of(case),
        "fields": {each.field.pk: each.value for each in fields_of(case)},
        "missing": missing_fields(case),
        "followers": [agent.email for agent in followers_of(case)],
    }
