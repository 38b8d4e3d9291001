"""Tags, fields, following and snoozing from the desk."""

from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases import acts
from headwater.cases.handling import fields, following, tags
from headwater.cases.models import Case
from headwater.cases.queries import case_for_system
from tests.factories import MAIL, SYSTEM, incoming
from tests.markup import inline, unlabelled


def post(desk: Client, case: Case, **data: str) -> int:
    return desk.post(f"/cases/{case.pk}/handling/", data).status_code


def test_tags_and_fields_from_the_desk(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    fields.define_field("mode", label="Mode", kind="choice", allowed=["live", "test"], actor=SYSTEM)
    fields.define_field("sum", label="Sum", kind="number", actor=SYSTEM)
    for name in ("mode", "sum"):
        fields.offer_field(name, None, required=True, actor=SYSTEM)
    assert post(desk, case, action="add_tags", tags="VIP") == 400
    assert post(desk, case, action="add_tags", tags="VIP, pay outs", new="1") == 302
    assert post(desk, case, action="remove_tag", tag="pay-outs") == 302
    assert tags.tags_of(case) == ["vip"]
    refused = desk.post(
        f"/cases/{case.pk}/handling/",
        {"action": "set_fields", "field-mode": "live", "field-sum": "1,5"},
    )
    assert refused.status_code == 400
    assert b"Sum is a number" in refused.content
    assert b'value="1,5"' in refused.content  # what was typed is not lost
    page = {"action": "set_fields", "field-mode": "live", "field-sum": "1.50"}
    assert post(desk, case, **page) == 302
    assert {f.field.pk: f.value for f in fields.fields_of(case)} == {"mode": "live", "sum": "1.5"}
    html = desk.get(f"/cases/{case.pk}/handling/").content.decode()
    assert unlabelled(html) == []
    assert inline(html) == []
    shown = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "added the tags vip, pay-outs" in shown
    assert "set Sum to 1.5" in shown


def test_following_from_the_desk(desk: Client, agent: Agent, scene: dict[str, Case]) -> None:
    case = scene["quiet"]
    assert post(desk, case, action="follow") == 302
    assert following.followers_of(case) == [agent]
    acts.add_user_message(case, incoming(), actor=MAIL)
    assert '<span class="count">1</span>' in desk.get("/outbox/").content.decode()
    page = desk.get("/followed/").content.decode()
    assert "A message came in" in page
    assert unlabelled(page) == []
    (news,) = following.news_for(agent)
    desk.post("/followed/seen/", {"case": case.pk, "last": str(news.last_event_id)})
    assert "Nothing new" in desk.get("/followed/").content.decode()
    assert post(desk, case, action="unfollow") == 302
    assert following.followers_of(case) == []


def test_snoozing_until_something_happens(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    assert post(desk, case, action="snooze", until="time") == 400
    assert post(desk, case, action="snooze", until="time", latest="nonsense") == 400
    assert post(desk, case, action="snooze", until="reply", latest="2999-01-01T10:00") == 302
    after = case_for_system(case.pk)
    assert after.snoozed_until is not None
    assert (after.snoozed_for, after.snoozed_until.year) == ("reply", 2999)
    assert b"until the user answers" in desk.get(f"/cases/{case.pk}/").content


def test_an_unknown_change_is_refused(desk: Client, scene: dict[str, Case]) -> None:
    assert post(desk, scene["main"], action="explode") == 400
