"""Handing a case to Engineering from its page."""

import pytest
from django.test import Client

from headwater.cases.models import Case
from headwater.diagnosis.acts import erase_findings
from headwater.diagnosis.models import EngineeringHandoff
from tests.scene import UNVERIFIED, open_contact


def test_one_click_makes_it_and_the_case_waits(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    assert b"Hand to engineering" in desk.get(f"/cases/{case.pk}/").content
    page = desk.post(f"/cases/{case.pk}/escalate/", follow=True).content.decode()
    for words in ("214 of 214", "we_1Qx9Lm20", "from webhook_endpoints e", "StripeClient",
                  "the user wrote", "still enabled", "Orders stay unpaid"):  # fmt: skip
        assert words in page, words
    case.refresh_from_db()
    assert case.state == Case.State.WAITING_ENGINEERING
    made = EngineeringHandoff.objects.get()
    kinds = [event.kind for event in case.events.order_by("id")]
    assert kinds.count("case.escalated") == 1
    assert "handed it to Engineering" in desk.get(f"/cases/{case.pk}/").content.decode()
    base = f"/cases/{case.pk}/handoffs/{made.pk}/file"
    assert desk.get(f"{base}.md").content.decode().startswith("# Orders stay unpaid")
    assert desk.get(f"{base}.json").json()["cause"]["playbook"] == "webhook-endpoint-failing"
    assert desk.get(f"/cases/{scene['quiet'].pk}/handoffs/{made.pk}/").status_code == 404
    assert Client().get(f"{base}.json").status_code == 302


def test_a_case_that_waits_already_can_be_handed_over_again(
    desk: Client, scene: dict[str, Case]
) -> None:
    case = scene["main"]
    for _ in range(2):
        assert desk.post(f"/cases/{case.pk}/escalate/").status_code == 302
    assert EngineeringHandoff.objects.count() == 2


def test_before_the_diagnosis_there_is_nothing_to_hand_over(desk: Client, db: None) -> None:
    case = open_contact(UNVERIFIED)
    response = desk.post(f"/cases/{case.pk}/escalate/")
    assert response.status_code >= 400
    assert "nothing to hand over yet" in response.content.decode()
    case.refresh_from_db()
    assert case.state == Case.State.OURS


def test_a_solved_case_is_refused_and_nothing_is_kept(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    Case.objects.filter(pk=case.pk).update(state="solved")
    assert desk.post(f"/cases/{case.pk}/escalate/").status_code == 409
    assert not EngineeringHandoff.objects.exists()


@pytest.mark.parametrize("which", ["main", "quiet"])
def test_erasing_an_account_reaches_its_hand_offs(
    desk: Client, scene: dict[str, Case], which: str
) -> None:
    case = scene[which]
    desk.post(f"/cases/{case.pk}/escalate/")
    assert case.account_id
    erase_findings(case.account_id)
    made = EngineeringHandoff.objects.get()
    assert (made.page, made.content) == ("The account's data was erased.", {})
