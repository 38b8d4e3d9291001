"""A message that held a secret: what is said of it, and who sees it."""

from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Draft
from headwater.channels.models import RawMail
from tests.channels.test_secrets import CARD, KEY, arrive, mail


def pages(filed: RawMail) -> tuple[str, str]:
    assert filed.message is not None
    case = f"/cases/{filed.message.case_id}/"
    return case, f"{case}mails/{filed.pk}/"


def test_the_case_says_what_was_masked_and_what_to_tell_the_user(desk: Client) -> None:
    filed = arrive(mail(text=f"Our key {KEY} and card {CARD} fail"))
    case, _ = pages(filed)
    page = desk.get(case).content.decode()
    assert "secret key (live)" in page and "card number ending 3155" in page
    assert KEY not in page and CARD not in page
    assert "roll it" in page and "last four digits" in page
    done = desk.post(f"{case}messages/{filed.message_id}/warn/", follow=True)
    assert "The words stand in the reply" in done.content.decode()
    desk.post(f"{case}messages/{filed.message_id}/warn/")
    draft = Draft.objects.get()
    assert draft.body.count("secret API key") == 1 and draft.author == "agent"
    assert KEY not in desk.get("/cases/").content.decode()


def test_a_german_mail_gets_german_words(desk: Client) -> None:
    text = f"Guten Tag, unser Schlüssel {KEY} funktioniert leider seit gestern nicht mehr. Danke!"
    case, _ = pages(arrive(mail(text=text)))
    assert "Hinterlegen Sie" in desk.get(case).content.decode()


def test_a_specialist_is_told_who_may_see_it(desk: Client) -> None:
    _, address = pages(arrive(mail(text=f"Our key {KEY} fails")))
    response = desk.get(address)
    assert KEY.encode() not in response.content and b"A lead can" in response.content
    refused = desk.post(f"{address}reveal/", {"reason": "to check the mode"})
    assert refused.status_code == 403 and KEY.encode() not in refused.content


def test_a_lead_sees_it_with_a_reason(desk: Client, agent: Agent) -> None:
    agent.role = "lead"
    agent.save()
    case, address = pages(arrive(mail(text=f"Our key {KEY} fails")))
    assert desk.get(f"{address}reveal/").status_code == 405
    short = desk.post(f"{address}reveal/", {"reason": " "})
    assert short.status_code == 403 and b"Say why" in short.content
    shown = desk.post(f"{address}reveal/", {"reason": "to check the mode", "as": "text"})
    assert KEY.encode() in shown.content and "no-store" in shown["Cache-Control"]
    file = desk.post(f"{address}reveal/", {"reason": "for the audit", "as": "file"})
    assert file["Content-Disposition"].startswith("attachment") and KEY.encode() in file.content
    page = desk.get(case).content.decode()
    assert "saw what was masked: to check the mode" in page and "for the audit" in page
    assert KEY not in page
