"""Wherever in a mail a secret stands, and however it is written down, nothing stored keeps it."""

import re
from typing import Any

import pytest

from headwater.cases.models import Message
from headwater.channels.acts import Arrival
from headwater.channels.bulk import file_mails, read_mails, receive_mails
from headwater.channels.revealing import found_in, holds_secrets
from tests.channels.conftest import MX, OWNER, SUPPORT, write
from tests.channels.secret_mails import DROPPED, FILES, WAYS, file, forms, raw
from tests.channels.test_secrets import CARD, HOOK, KEY, NOBODY, arrive, everything_stored
from tests.factories import make_agent


def left_of(secret: str) -> list[str]:
    stored = everything_stored()
    return [form for form in forms(secret) if form in stored]


@pytest.mark.django_db
@pytest.mark.parametrize("secret", [KEY, HOOK, CARD])
@pytest.mark.parametrize("way", [*WAYS, *DROPPED])
def test_nothing_stored_keeps_it(way: str, secret: str) -> None:
    filed = arrive((WAYS | DROPPED)[way](secret))
    assert left_of(secret) == []
    assert filed.message is not None
    told = filed.message.exposed
    assert bool(told) == holds_secrets(filed) == (way in WAYS)
    if way in FILES and "name" not in way:
        assert {one["place"] for one in told} == {"file"}


@pytest.mark.django_db
def test_a_further_mail_is_told_of_though_its_subject_is_not_kept() -> None:
    first = arrive(write(Subject="Fails", Message_ID="<first@shop.example>")).message
    assert first is not None
    answer = raw(Subject=f"Re: {KEY}", In_Reply_To="<first@shop.example>")
    second = arrive(answer)
    assert second.message is not None and second.message.case == first.case
    assert [one["label"] for one in second.message.exposed] == ["secret key"]
    assert left_of(KEY) == [] and holds_secrets(second)


@pytest.mark.django_db
def test_mails_filed_together_are_masked_like_single_ones() -> None:
    mails = [way(KEY) for way in WAYS.values()]
    batch = receive_mails([Arrival(one, OWNER, (SUPPORT,)) for one in mails], entrance="file")
    file_mails(read_mails(batch.stored, directory=NOBODY))
    assert Message.objects.count() == len(WAYS)
    assert not Message.objects.filter(exposed=[]).exists()
    assert left_of(KEY) == []


@pytest.mark.django_db
def test_a_copy_with_another_file_is_looked_at_for_itself() -> None:
    arrive(file('filename="a.txt"', b"nothing"))
    known = Message.objects.get().rfc_message_id or ""
    held = file('filename="a.txt"', KEY.encode())
    number = re.search(rb"<by-hand-\d+@shop.example>", held)
    assert number is not None
    copy = arrive(held.replace(number[0], known.encode()))
    assert copy.status == "duplicate" and copy.message is not None
    assert copy.message.exposed == [] and found_in(copy)


@pytest.mark.django_db
def test_what_a_colleague_passed_on_is_masked_whole(settings: Any) -> None:
    colleague = make_agent("Sam")
    words = (
        "Please look.\n\n---------- Forwarded message ---------\n"
        f"From: Eve {KEY} <eve@other.example>\nDate: Mon, 5 Jan 2026 at 9:00\n"
        f"Subject: Fails {HOOK}\nTo: <{colleague.email}>\n\nOur card {CARD} fails.\n"
    )
    domain = colleague.email.partition("@")[2]
    proof = f"{MX}; dmarc=pass header.from={domain}"
    filed = arrive(
        write(
            words,
            sender=f"Sam <{colleague.email}>",
            Subject=f"Fwd: Fails {HOOK}",
            Authentication_Results=proof,
        )
    )
    assert filed.message is not None and filed.message.author_email == "eve@other.example"
    assert [left for secret in (KEY, HOOK, CARD) for left in left_of(secret)] == []
    assert {one["label"] for one in filed.message.exposed} == {
        "secret key",
        "webhook secret",
        "card number",
    }


@pytest.mark.django_db
def test_ids_and_ordinary_numbers_stay_in_every_part() -> None:
    harmless = "pi_3NxAb12Cd34Ef, req_8kLmNoPqRsTuVw, order 4000123412341235, 20201028210003"
    for way in {**WAYS, **DROPPED}.values():
        filed = arrive(way(harmless))
        assert filed.message is not None
        assert (filed.message.exposed, found_in(filed)) == ([], [])
    assert f"für {harmless} hier" in Message.objects.values_list("body", flat=True)
