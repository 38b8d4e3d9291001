"""Many cases at once from the desk: choose, preview, do, undo."""

import re
import threading

from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.handling import tags
from headwater.cases.models import BulkAct, Case
from headwater.cases.queries import case_for_system
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_worker
from tests.factories import SYSTEM
from tests.markup import inline, unlabelled


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found
    return found[1].replace("&quot;", '"').replace("&#x27;", "'")


def work() -> None:
    Job.objects.exclude(name__startswith="cases.bulk").delete()
    run_worker(threading.Event(), once=True)


def test_choose_preview_do_and_undo(desk: Client, agent: Agent, scene: dict[str, Case]) -> None:
    tags.know_tag("vip", actor=SYSTEM)
    main, quiet = scene["main"], scene["quiet"]
    page = desk.get("/bulk/?state=ours").content.decode()
    assert unlabelled(page) == []
    assert inline(page) == []
    assert f'value="{main.pk}"' in page
    asked = {"case": [main.pk, quiet.pk], "assignee": agent.pk, "queue": "-", "priority": "urgent",
             "add_tags": "VIP", "move": "-"}  # fmt: skip
    response = desk.post("/bulk/preview/?state=ours", asked)
    html = response.content.decode()
    assert response.status_code == 200
    assert "priority: normal → urgent" in html
    assert unlabelled(html) == []
    assert not BulkAct.objects.exists()
    sent = {name: hidden(html, name) for name in ("ids", "changes", "chosen_by")}
    response = desk.post("/bulk/start/", sent)
    made = BulkAct.objects.get()
    assert response["Location"] == f"/bulk/{made.pk}/"
    work()
    assert (case_for_system(main.pk).priority, tags.tags_of(quiet)) == ("urgent", ["vip"])
    shown = desk.get(f"/bulk/{made.pk}/").content.decode()
    assert "2 Changed" in shown
    assert inline(shown) == []
    desk.post(f"/bulk/{made.pk}/act/", {"action": "undo"})
    work()
    assert (case_for_system(main.pk).priority, tags.tags_of(quiet)) == ("normal", [])
    assert "2 Restored" in desk.get(f"/bulk/{made.pk}/").content.decode()


def test_all_that_fit(desk: Client, scene: dict[str, Case]) -> None:
    response = desk.post("/bulk/preview/?state=open", {"all": "1", "move": "reply"})
    ids = hidden(response.content.decode(), "ids").split()
    assert len(ids) == Case.objects.exclude(state__in=Case.PAST).count() > 2


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    desk: Client, scene: dict[str, Case]
) -> None:
    main = scene["main"].pk
    for wrong, word in [
        ({"case": main}, "Nothing is to be changed"),
        ({"priority": "low"}, "No case was chosen"),
        ({"case": main, "move": "time"}, "Until when?"),
        ({"case": main, "add_tags": "nonsense"}, "not known"),
    ]:
        response = desk.post("/bulk/preview/", {**wrong, "reason": "because"})
        assert response.status_code in (400, 409)
        assert word in response.content.decode()
        assert 'value="because"' in response.content.decode()
    assert desk.post("/bulk/start/", {"ids": main, "changes": "{nonsense"}).status_code == 400
    assert desk.post("/bulk/start/", {"ids": main, "changes": '{"x": 1}'}).status_code == 400
    assert desk.post("/bulk/start/", {"ids": main, "changes": '{"priority": 7}'}).status_code == 409
    assert desk.get("/bulk/?state=nonsense").status_code == 409
    assert desk.get("/bulk/bulk_nope/").status_code == 404
    assert not BulkAct.objects.exists()
