"""Queues on the desk, and placing a case by hand."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.test import Client

from headwater.cases import tasks
from headwater.cases.models import Case, Queue
from headwater.cases.routing import acts as routing
from tests.cases.test_routing import rule_set, worker
from tests.factories import SYSTEM, make_case


def test_queues_and_what_lies_in_them(
    desk: Client, at_most: Callable[[int], AbstractContextManager[None]]
) -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    cases = [make_case() for _ in range(5)]
    for case in cases:
        tasks.route({"case_id": case.pk})
    page = desk.get("/queues/").content.decode()
    assert "Everything else" in page
    assert "Not placed" in page
    with at_most(6):
        shown = desk.get("/queues/general/").content.decode()
    assert shown.count("case_") >= len(cases)
    assert desk.get("/queues/-/").status_code == 200
    assert desk.get("/queues/nope/").status_code == 404


def test_placing_by_hand_stays(desk: Client) -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    worker(["payouts"])
    case = make_case()
    tasks.route({"case_id": case.pk})
    page = desk.get(f"/cases/{case.pk}/routing/").content.decode()
    assert "The rest (rules " in page
    answer = desk.post(
        f"/cases/{case.pk}/place/",
        {"queue": "payouts", "priority": "urgent", "reason": "They lose money"},
        follow=True,
    )
    assert "moved it to the queue payouts: They lose money" in answer.content.decode()
    tasks.route({"case_id": case.pk})
    case = Case.objects.get(pk=case.pk)
    assert (case.queue, case.priority) == (Queue.objects.get(pk="payouts"), "urgent")
    # The queue gives it to somebody who can do it.
    assert case.assignee is not None
    assert "could get it" in desk.get(f"/cases/{case.pk}/routing/").content.decode()
    refused = desk.post(f"/cases/{case.pk}/place/", {"queue": "nope"})
    assert b"no such queue" in refused.content
