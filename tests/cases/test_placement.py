"""Queues and priorities: each move says why, once."""

import pytest

from headwater.cases import placement, queries
from headwater.cases.errors import CaseError
from headwater.cases.models import Queue
from tests.factories import SYSTEM, make_case

pytestmark = pytest.mark.django_db


def test_a_move_is_on_record_with_its_reason_once() -> None:
    case, payouts = make_case(), Queue.objects.create(id="payouts", name="Payouts")
    for _ in range(2):
        case = placement.move_to_queue(case, payouts, reason="area", actor=SYSTEM)
    case = placement.move_to_queue(case, None, reason="by mistake", actor=SYSTEM)
    moves = [event.data for event in queries.events_of(case) if event.kind == "case.queued"]
    assert moves == [
        {"from": None, "to": "payouts", "reason": "area"},
        {"from": "payouts", "to": None, "reason": "by mistake"},
    ]


def test_a_queue_out_of_use_takes_nothing() -> None:
    closed = Queue.objects.create(id="old", name="Old", is_active=False)
    with pytest.raises(CaseError, match="no longer used"):
        placement.move_to_queue(make_case(), closed, reason="", actor=SYSTEM)


def test_priority_says_why() -> None:
    case = placement.set_priority(make_case(), "urgent", reason="enterprise", actor=SYSTEM)
    assert (case.priority, case.priority_reason) == ("urgent", "enterprise")
    with pytest.raises(CaseError, match="no priority"):
        placement.set_priority(case, "huge", reason="", actor=SYSTEM)
