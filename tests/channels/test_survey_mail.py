"""The question as a real mail: what a scanner finds in it, and what an answer to it becomes."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from headwater.cases import acts as case_acts
from headwater.cases import queries
from headwater.channels.models import RawMail
from headwater.surveys import acts
from headwater.surveys.models import Offer
from tests.channels.conftest import Sink, work, write
from tests.factories import SYSTEM, make_agent

pytestmark = pytest.mark.django_db


def test_a_survey_over_smtp(sink: Sink, arrive: Callable[..., RawMail]) -> None:
    case_id = arrive(write("My webhooks fail.")).message.case_id  # type: ignore[union-attr]
    case = queries.case_for_system(case_id)
    case_acts.send_reply(case, "Done.", agent=make_agent(), actor=SYSTEM, solve=True)
    acts.decide(case_id, actor=SYSTEM)
    work()
    mail = sink.mails[-1][1]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    bodies = [
        part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        for part in mail.walk()
        if not part.is_multipart()
    ]
    scanner = Client(enforce_csrf_checks=True)
    found = {url for body in bodies for url in re.findall(r"https?://[^\s\"<>]+", body)}
    assert len([url for url in found if "/survey/" in url]) == 5
    for url in found:
        path = "/" + url.split("/", 3)[3]
        assert scanner.get(path).status_code == scanner.head(path).status_code == 200
    assert Offer.objects.get().score is None
    # An answer by mail is a message of the case, whatever the links would have said.
    reply_to = str(mail["Reply-To"])
    later = arrive(write("It still fails.", To=reply_to, Subject=f"Re: {mail['Subject']}"))
    assert later.message is not None
    assert later.message.case_id == case_id
    assert queries.case_for_system(case_id).state == "ours"
