"""No page, file, draft, answer, hand-off or diagnosis of a case holds what its mails gave away."""

import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from headwater.accounts.models import Agent
from headwater.cases.acts import send_reply
from headwater.cases.models import Case, Message
from headwater.channels.models import RawMail
from headwater.channels.replies import reply_mail
from headwater.diagnosis import tasks
from headwater.diagnosis.values import CaseInput
from tests.channels.secret_mails import WAYS, forms, html, raw
from tests.channels.test_secrets import CARD, CLIENT, HOOK, KEY, arrive
from tests.scene import diagnose

IDS = ("pi_3NxAb12Cd34Ef", "req_8kLmNoPqRsTuVw", "pk_live_51HabcDEFghiJKLmnoPQR")
_LINK = re.compile(r"""(?:href|src|hx-get)=["']([^"'#]+)""")


def everything_below(desk: Client, case: Case, *more: str) -> dict[str, str]:
    """What the desk answers at the addresses of a case, and where it is listed."""
    found: dict[str, str] = {}
    home = f"/cases/{case.pk}/"
    waiting = [home, "/cases/?view=all", "/outbox/", "/set-aside/", *more]
    while waiting:
        address = waiting.pop().replace("&amp;", "&")
        if address in found:
            continue
        response = desk.get(address)
        content = b"".join(response) if response.streaming else response.content
        found[address] = content.decode("utf-8", "replace")
        if address.startswith(home) and "text/html" in response["Content-Type"]:
            linked = [urljoin(address, one) for one in _LINK.findall(found[address])]
            waiting += [one for one in linked if one.startswith(home)]
    return found


def left_in(text: str, *secrets: str) -> list[str]:
    return [form for secret in secrets for form in forms(secret) if form in text]


def in_every_part() -> bytes:
    """One mail with a secret in each part that a case keeps, and ids beside them."""
    body = (
        f"<p>See {KEY[:9]}<b>{KEY[9:]}</b> and {' '.join(IDS)}.</p><p title='{HOOK}'>x</p>"
        f"<blockquote>On Monday you wrote: {CLIENT}</blockquote>"
    )
    mail = html(body).replace(b"Subject: Fails", f"Subject: Card {CARD} fails".encode(), 1)
    mail = mail.replace(b"From: Ada", f'From: "Ada {HOOK}"'.encode(), 1)
    return mail.replace(b"see below", f"It is {KEY} for {' '.join(IDS)}, {CLIENT}".encode(), 1)


def answered(case: Case, agent: Agent) -> str:
    """The bytes of the answer to a case, with the user's mail quoted below."""
    reply = send_reply(
        case, "We look into it.", agent=agent, actor=agent.actor()
    )  # fmt: skip
    return repr(reply_mail(reply, "<out@headwater.test>"))


def filed_case(filed: RawMail) -> Case:
    assert filed.message is not None
    return filed.message.case


def test_every_page_of_a_case_and_its_answer_and_hand_off(desk: Client, agent: Agent) -> None:
    case = filed_case(arrive(in_every_part()))
    diagnose(case)
    desk.post(f"/cases/{case.pk}/messages/{case.messages.get().pk}/warn/")
    made = desk.post(f"/cases/{case.pk}/escalate/")["Location"]
    pages = everything_below(desk, case, made)
    assert len([each for each in pages if f"/cases/{case.pk}/handoffs/" in each]) >= 3
    assert [each for each in pages if f"/cases/{case.pk}/mails/" in each]
    for address, page in pages.items():
        assert left_in(page, KEY, HOOK, CARD, CLIENT) == [], address
    shown = pages[f"/cases/{case.pk}/"]
    assert all(each in shown for each in IDS) and CLIENT.partition("_secret_")[0] in shown
    assert left_in(answered(case, agent), KEY, HOOK, CARD, CLIENT) == []


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=st.sampled_from(sorted(WAYS)),
    second=st.sampled_from(sorted(WAYS)),
    secrets=st.permutations([KEY, HOOK, CARD]),
)
def test_whatever_comes_in_twice_is_nowhere(
    desk: Client, agent: Agent, first: str, second: str, secrets: list[str]
) -> None:
    opening = arrive(WAYS[first](secrets[0]))
    case = filed_case(opening)
    known = Message.objects.get(pk=opening.message_id).rfc_message_id or ""
    further = WAYS[second](secrets[1]).replace(
        b"Subject:", f"In-Reply-To: {known}\r\nSubject:".encode(), 1
    )
    assert filed_case(arrive(further)) == case
    for address, page in everything_below(desk, case).items():
        assert left_in(page, *secrets) == [], (first, second, address)
    assert left_in(answered(case, agent), *secrets) == []


def test_the_diagnosis_reads_masks(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    case = filed_case(arrive(in_every_part()))
    seen: list[CaseInput] = []

    class Stopped(Exception):
        pass

    def look(given: CaseInput) -> Any:
        seen.append(given)
        raise Stopped

    reading = SimpleNamespace(engine=SimpleNamespace(diagnose=look))
    monkeypatch.setattr(tasks, "warm_reading", lambda: reading)
    with pytest.raises(Stopped):
        tasks.diagnose_case({"case_id": case.pk})
    assert left_in(repr(seen), KEY, HOOK, CARD, CLIENT) == []
    assert all(each in seen[0].body for each in IDS) and "[card **** 3155]" in seen[0].subject


def test_a_mail_that_was_set_aside_shows_masks(desk: Client) -> None:
    filed = arrive(
        raw(
            f"it is {KEY}, {CARD}\r\n".encode(),
            Auto_Submitted="auto-replied",
            Subject=f"Key {HOOK}",
        )
    )
    assert filed.status == RawMail.Status.QUARANTINED
    for address in ("/set-aside/", f"/set-aside/{filed.pk}/", f"/set-aside/{filed.pk}/source/"):
        page = desk.get(address, follow=True).content.decode()
        assert left_in(page, KEY, HOOK, CARD) == [], address


@pytest.mark.parametrize("way", ["a text file", "an enclosed mail", "the author's name"])
def test_bytes_are_not_handed_out_though_the_text_is_harmless(desk: Client, way: str) -> None:
    filed = arrive(WAYS[way](KEY))
    case = filed_case(filed)
    asked = desk.get(f"/cases/{case.pk}/mails/{filed.pk}/")
    assert KEY not in asked.content.decode() and b"A lead can" in asked.content
    assert b"secret key" in asked.content
