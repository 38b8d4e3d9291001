"""The log is written once."""

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from headwater.cases import acts, queries
from headwater.cases.errors import EventLogIsAppendOnly
from headwater.cases.models import CaseEvent
from tests.factories import make_agent, make_case

pytestmark = pytest.mark.django_db


def test_events_cannot_be_changed_or_deleted() -> None:
    case = make_case()
    event = queries.events_of(case).first()
    assert event
    event.kind = "something.else"
    with pytest.raises(EventLogIsAppendOnly):
        event.save()
    with pytest.raises(EventLogIsAppendOnly):
        event.delete()
    with pytest.raises(EventLogIsAppendOnly):
        CaseEvent.objects.filter(case=case).update(kind="x")
    with pytest.raises(EventLogIsAppendOnly):
        case.events.all().delete()
    with pytest.raises(EventLogIsAppendOnly), transaction.atomic():
        CaseEvent.objects.bulk_update([event], ["kind"])
    with pytest.raises(ProtectedError):
        case.delete()


def test_every_line_says_who_and_how() -> None:
    case, agent = make_case(), make_agent("Sam")
    acts.assign_case(case, agent, actor=agent.actor("desk"))
    first, *_, last = queries.events_of(case)
    assert (first.kind, first.actor_kind, first.entrance) == ("case.opened", "person", "mail")
    assert (last.kind, last.actor_id, last.actor_name, last.entrance) == (
        "case.assigned",
        agent.id,
        "Sam",
        "desk",
    )
