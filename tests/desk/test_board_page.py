"""The board on the desk: everybody may look, a lead may spread and undo."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.test import Client

from headwater.accounts.acts import set_work
from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.cases.routing.board import board
from headwater.kit.clock import utc_now
from tests.factories import make_agent, make_case


def test_the_page_spreads_for_a_lead_only(
    desk: Client, agent: Agent, at_most: Callable[[int], AbstractContextManager[None]]
) -> None:
    free = set_work(make_agent("Free").email, capacity=9)
    for _ in range(3):
        make_case(age=timedelta(days=1))
    with at_most(12):
        page = desk.get("/board/?hours=8").content.decode()
    assert "Would go to" in page
    assert "change hands</button>" not in page
    moves = [f"{move.case_id}:{move.to}" for move in board(Case.objects.all(), utc_now(), 8).moves]
    assert desk.post("/board/spread/", {"hours": 8, "move": moves}).status_code == 403
    agent.role = "lead"
    agent.save()
    assert "3 cases change hands" in desk.get("/board/?hours=8").content.decode()
    answer = desk.post("/board/spread/", {"hours": 8, "move": moves}, follow=True)
    assert "3 cases changed hands." in answer.content.decode()
    assert Case.objects.filter(assignee=free).count() == 3
    spread_id = answer.redirect_chain[-1][0].partition("undo=")[2]
    answer = desk.post(f"/board/{spread_id}/undo/", follow=True)
    assert "3 went back, 0 stay" in answer.content.decode()
    answer = desk.post(f"/board/{spread_id}/undo/", follow=True)
    assert "undone before" in answer.content.decode()
