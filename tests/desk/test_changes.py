"""Every button of the case page is one act."""

from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Case, CaseEvent, Message
from headwater.kit.jobs.models import Job


def post(desk: Client, case: Case, path: str, **data: str) -> "object":
    return desk.post(f"/cases/{case.pk}/{path}", data)


def last_event(case: Case, kind: str) -> CaseEvent:
    event = case.events.filter(kind=kind).last()
    assert event is not None
    return event


def test_a_reply_is_stored_queued_and_logged_as_the_agents(
    desk: Client, agent: Agent, scene: dict[str, Case]
) -> None:
    case = scene["main"]
    post(desk, case, "write/", action="send", kind="reply", reply_body="Hello\r\n\r\nfixed")
    message = case.messages.get(kind="reply")
    assert (message.body, message.delivery) == ("Hello\n\nfixed", "queued")
    case.refresh_from_db()
    assert case.state == "waiting_user"
    event = last_event(case, "reply.sent")
    assert (event.actor_id, event.entrance) == (agent.pk, "desk")
    jobs = Job.objects.filter(name="channels.deliver_message")
    assert message.pk in [job.payload["message_id"] for job in jobs]


def test_a_note_never_leaves_the_house(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    before = Job.objects.filter(name="channels.deliver_message").count()
    post(desk, case, "write/", action="note", kind="note", note_body="ask Dev",
         reply_body="a draft that must not go out")  # fmt: skip
    assert case.messages.get(kind="note").body == "ask Dev"
    assert not case.messages.filter(kind="reply").exists()
    assert Job.objects.filter(name="channels.deliver_message").count() == before


def test_enter_on_the_switch_sends_nothing(desk: Client, scene: dict[str, Case]) -> None:
    html = desk.get(f"/cases/{scene['main'].pk}/").content.decode()
    composer = html[html.index('id="composer"') :]
    assert composer.index('value="save_draft"') < composer.index('value="send"')


def test_an_empty_reply_is_refused_and_the_page_stays(desk: Client, scene: dict[str, Case]) -> None:
    response = post(desk, scene["main"], "write/", action="send", kind="reply", reply_body="  ",
                    note_body="half a note")  # fmt: skip
    html = response.content.decode()  # type: ignore[attr-defined]
    assert response.status_code == 409  # type: ignore[attr-defined]
    assert "The reply is empty." in html
    assert "half a note" in html


def test_use_this_finding_refills_the_draft(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    post(desk, case, "findings/2/use/")
    case.refresh_from_db()
    assert case.draft.based_on == "issuer-declines"
    assert case.draft.body.startswith("Hello Priya,")
    fragment = desk.post(f"/cases/{case.pk}/findings/1/use/", headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith('<form class="composer"')


def test_a_finding_never_fills_a_reply_to_an_unverified_sender(
    desk: Client, scene: dict[str, Case]
) -> None:
    case = scene["unverified"]
    response = post(desk, case, "findings/1/use/")
    assert response.status_code == 400  # type: ignore[attr-defined]
    assert not hasattr(Case.objects.get(pk=case.pk), "draft")


def test_assign_snooze_engineering_and_back(
    desk: Client, agent: Agent, scene: dict[str, Case]
) -> None:
    case = scene["main"]
    post(desk, case, "assign/")
    case.refresh_from_db()
    assert case.assignee == agent
    for path, data, state in (
        ("snooze/", {"for": "1d"}, "snoozed"),
        ("take-back/", {}, "ours"),
        ("engineering/", {}, "waiting_engineering"),
        ("take-back/", {}, "ours"),
    ):
        post(desk, case, path, **data)
        case.refresh_from_db()
        assert case.state == state
    assert post(desk, case, "snooze/", **{"for": "never"}).status_code == 400  # type: ignore[attr-defined]


def test_solving_asks_for_the_cause_and_offers_the_top_finding(
    desk: Client, scene: dict[str, Case]
) -> None:
    case = scene["main"]
    form = desk.get(f"/cases/{case.pk}/solve/").content.decode()
    assert '<option value="webhook-endpoint-failing" selected>' in form
    assert 'value="webhooks"' in form
    post(desk, case, "solve/", cause="webhook-endpoint-failing", area="webhooks")
    case.refresh_from_db()
    assert (case.state, case.cause, case.cause_mode, case.area) == (
        "solved", "webhook-endpoint-failing", "WH-04", "webhooks",
    )  # fmt: skip
    post(desk, case, "take-back/")
    case.refresh_from_db()
    assert case.state == "ours"


def test_solving_without_an_area_is_asked_again(desk: Client, scene: dict[str, Case]) -> None:
    response = post(desk, scene["main"], "solve/", cause="unknown", area="")
    assert response.status_code == 422  # type: ignore[attr-defined]
    scene["main"].refresh_from_db()
    assert scene["main"].state == "ours"


def test_send_and_solve_sends_only_when_the_cause_is_given(
    desk: Client, scene: dict[str, Case]
) -> None:
    case = scene["main"]
    response = post(desk, case, "write/", action="send_solve", reply_body="All fixed.")
    assert response["Location"].endswith("/solve/?send=1")  # type: ignore[index]
    assert not Message.objects.filter(case=case, kind="reply").exists()
    form = desk.get(f"/cases/{case.pk}/solve/?send=1").content.decode()
    assert "All fixed." in form
    post(desk, case, "solve/?send=1", reply_body="All fixed.", cause="unknown", area="webhooks")
    case.refresh_from_db()
    assert case.state == "solved"
    assert case.messages.get(kind="reply").body == "All fixed."


def test_a_solved_case_cannot_be_snoozed_and_says_why(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    post(desk, case, "solve/", cause="unknown", area="webhooks")
    response = post(desk, case, "snooze/", **{"for": "1d"})
    assert response.status_code == 409  # type: ignore[attr-defined]
    assert b"reopen it" in response.content  # type: ignore[attr-defined]
