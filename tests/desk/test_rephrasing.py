"""The composer's Rephrase button: there when configured, honest about what came of it."""

from collections.abc import Iterator

import pytest
from django.test import Client

from headwater.cases.models import Case, Draft
from headwater.diagnosis.acts import erase_findings
from headwater.diagnosis.models import Rephrasing
from headwater.diagnosis.rephrasing.tasks import rephrase_draft
from tests.rephrasing.model_server import ModelServer, model_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    with model_server() as server:
        monkeypatch.setenv("HEADWATER_LLM_URL", server.url)
        monkeypatch.setenv("HEADWATER_LLM_MODEL", "small")
        yield server


def _press(desk: Client, case: Case, action: str, body: str | None = None) -> str:
    case.refresh_from_db()
    text = Draft.objects.get(case=case).body if body is None else body
    data = {"kind": "reply", "reply_body": text, "action": action}
    return desk.post(f"/cases/{case.pk}/write/", data, follow=True).content.decode()


def _run() -> Rephrasing:
    """What the worker does with the job of the newest rephrasing."""
    asked = Rephrasing.objects.latest("asked_at")
    keep = rephrase_draft({"rephrasing_id": asked.pk})
    if keep is not None:
        keep()
    asked.refresh_from_db()
    return asked


def test_without_a_model_there_is_no_button(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    assert "Rephrase" not in desk.get(f"/cases/{case.pk}/").content.decode()
    assert "No language model is configured" in _press(desk, case, "rephrase")
    assert not Rephrasing.objects.exists()


def test_an_honest_rephrasing_becomes_the_draft_and_can_be_taken_back(
    desk: Client, scene: dict[str, Case], model: ModelServer
) -> None:
    case = scene["main"]
    plain = Draft.objects.get(case=case).body
    model.answer = lambda text: text.replace("never learned", "did not hear")
    page = _press(desk, case, "rephrase")
    assert "is rephrasing the draft" in page
    fragment = desk.get(f"/cases/{case.pk}/?fragment=rephrasing").content.decode()
    assert 'hx-trigger="every 2s"' in fragment
    done = _run()
    assert done.state == "done", done.reasons
    assert "did not hear" in Draft.objects.get(case=case).body
    assert done.sent and "did not hear" in done.received and done.agent_id
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "Rephrased by small" in page and "Back to the plain draft" in page
    page = _press(desk, case, "plain_draft")
    assert Draft.objects.get(case=case).body == plain
    assert "Rephrased by small" not in page


def test_a_lie_is_named_and_the_draft_stays(
    desk: Client, scene: dict[str, Case], model: ModelServer
) -> None:
    case = scene["main"]
    model.answer = lambda text: text.replace("214 of 214", "2 of 214")
    _press(desk, case, "rephrase")
    plain = Draft.objects.get(case=case).body
    assert _run().state == "rejected"
    assert Draft.objects.get(case=case).body == plain
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "was not used" in page and "numbers that the draft does not: 2" in page


def test_words_typed_meanwhile_are_never_overwritten(
    desk: Client, scene: dict[str, Case], model: ModelServer
) -> None:
    case = scene["main"]
    _press(desk, case, "rephrase")
    _press(desk, case, "save_draft", "My own words.")
    assert _run().reasons == ["The draft was changed meanwhile."]
    assert Draft.objects.get(case=case).body == "My own words."


def test_unsaved_words_are_what_is_rephrased_and_nothing_of_the_mail_is_sent(
    desk: Client, scene: dict[str, Case], model: ModelServer
) -> None:
    case = scene["main"]
    _press(desk, case, "rephrase", "Hello Priya,\n\nplease use key sk_live_51HxYzAbCdEf01234567.")
    asked = _run()
    assert "please use key [secret key removed]" in model.said
    assert "51HxYz" not in model.said + str(asked.sent) + asked.received
    assert "pi_3PqT8rKd2LqV0x1Y" not in model.said and "mark orders as paid" not in model.said


def test_erasing_the_account_reaches_what_was_sent(
    desk: Client, scene: dict[str, Case], model: ModelServer
) -> None:
    _press(desk, scene["main"], "rephrase")
    _run()
    erase_findings(str(scene["main"].account_id))
    asked = Rephrasing.objects.get()
    assert asked.sent == [] and "northwind" not in asked.plain + asked.text + asked.received


def test_a_model_that_is_switched_off_meanwhile_is_said(
    desk: Client, scene: dict[str, Case], model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _press(desk, scene["main"], "rephrase")
    monkeypatch.delenv("HEADWATER_LLM_URL")
    assert "any more" in _run().reasons[0]
