"""A reply lands in its case, and only there."""

from collections.abc import Callable

import pytest
from django.conf import settings

from headwater.cases.acts import send_reply
from headwater.cases.models import Case, Message
from headwater.channels import queries
from headwater.channels.acts import receive_mail
from headwater.channels.errors import MailNotFound
from headwater.channels.models import RawMail
from headwater.channels.tokens import make_token, read_token
from headwater.kit.actors import Actor
from headwater.kit.jobs.models import Job
from tests.channels.conftest import MX, OWNER, SUPPORT, Sink, work, write
from tests.factories import make_agent

Arrive = Callable[[bytes], RawMail]


@pytest.fixture
def answered(arrive: Arrive, sink: Sink) -> Message:
    """Our answer in a case of OWNER's."""
    mail = arrive(write(Message_ID="<opening@shop.example>"))
    assert mail.message is not None
    agent = make_agent()
    sent = send_reply(
        mail.message.case, "Hello", agent=agent, actor=Actor("agent", agent.id, agent.name, "desk")
    )
    work()
    sent.refresh_from_db()
    assert sent.delivery == "sent"
    return sent


def case_of(mail: RawMail) -> Case:
    assert mail.message is not None, mail.reason
    return mail.message.case


def test_reply_by_token(arrive: Arrive, answered: Message) -> None:
    assert case_of(arrive(write("Thanks", In_Reply_To=answered.rfc_message_id))) == answered.case


def test_nearest_reference_counts(arrive: Arrive, answered: Message) -> None:
    chain = f"<unknown@x> {answered.rfc_message_id} <later@x>"
    assert case_of(arrive(write("Thanks", References=chain))) == answered.case


def test_second_mail_of_the_user_without_our_answer(arrive: Arrive) -> None:
    first = arrive(write(Message_ID="<own@shop.example>"))
    second = arrive(write("One more thing", In_Reply_To="<own@shop.example>"))
    assert case_of(first) == case_of(second)


def test_subject_alone_joins_nothing(arrive: Arrive, answered: Message) -> None:
    assert case_of(arrive(write("Again", Subject="Re: Webhooks fail"))) != answered.case


@pytest.mark.parametrize(
    "forged",
    [
        "<hw1.{id}.{zeros}@headwater.test>",
        "<hw1.{id}.@headwater.test>",
        "<HW1.{id}.{zeros}@headwater.test>",
        "<hw2.{id}.{real}@headwater.test>",
        "<hw1.{id}.{other_key}@headwater.test>",
    ],
)
def test_forged_token_opens_no_case(arrive: Arrive, answered: Message, forged: str) -> None:
    real = make_token(answered.id, key=settings.SECRET_KEY, domain="x").split(".")[2].split("@")[0]
    other = make_token(answered.id, key="guess", domain="x").split(".")[2].split("@")[0]
    bare = answered.id.removeprefix("msg_")
    token = forged.format(id=bare, zeros="0" * 22, real=real, other_key=other)
    # Even a genuine reference behind the forged one does not help.
    chain = f"{answered.rfc_message_id} {token}"
    mail = arrive(write("Let me in", In_Reply_To=token, References=chain))
    assert case_of(mail) != answered.case
    assert "only we can make" in mail.reason


def test_stranger_with_a_genuine_token_gets_a_case_of_their_own(
    arrive: Arrive, answered: Message
) -> None:
    stranger = "Mallory <mallory@evil.example>"
    mail = arrive(write("And me?", sender=stranger, In_Reply_To=answered.rfc_message_id))
    assert case_of(mail) != answered.case
    assert case_of(mail).person.email == "mallory@evil.example"
    assert mail.related_case == answered.case
    assert "mallory@evil.example" in mail.reason


def test_mail_disowned_by_its_domain_does_not_enter(arrive: Arrive, answered: Message) -> None:
    mail = arrive(
        write(
            "Pay to another bank",
            In_Reply_To=answered.rfc_message_id,
            Authentication_Results=f"{MX}; dmarc=fail header.from=shop.example",
        )
    )
    assert case_of(mail) != answered.case
    assert (mail.auth, mail.related_case) == ("fail", answered.case)


def test_same_mail_twice_changes_nothing(arrive: Arrive) -> None:
    raw = write("Once")
    first, again = arrive(raw), arrive(raw)
    assert first == again
    # A second copy by another way has other bytes but the same Message-ID.
    copy = arrive(b"Received: by relay.example\r\n" + raw)
    assert (copy.status, copy.message) == ("duplicate", first.message)
    assert (Case.objects.count(), Message.objects.count()) == (1, 1)
    assert Job.objects.count() == 0


def test_reused_message_id_with_other_words_is_not_lost(arrive: Arrive) -> None:
    arrive(write("Words", Message_ID="<same@shop.example>"))
    other = arrive(write("Quite other words", Message_ID="<same@shop.example>"))
    assert other.status == "ingested"
    assert set(Message.objects.values_list("body", flat=True)) == {"Words", "Quite other words"}


def test_raw_mails_are_found_from_their_case_only(arrive: Arrive) -> None:
    raw = write("Once")
    mail, other = arrive(raw), arrive(write("Other"))
    copy = arrive(b"Received: by relay.example\r\n" + raw)
    case = case_of(mail)
    assert queries.raw_mails_of_case(case) == {mail.message_id: [mail, copy]}
    assert queries.raw_mail_of_case(case, mail.id) == mail
    with pytest.raises(MailNotFound):
        queries.raw_mail_of_case(case, other.id)


def test_receiving_twice_before_reading_stores_one_row(db: None) -> None:
    raw = write()
    for _ in range(2):
        receive_mail(raw, envelope_from=OWNER, envelope_to=[SUPPORT], entrance="smtp")
    assert (RawMail.objects.count(), Job.objects.count()) == (1, 1)


def test_tokens() -> None:
    token = make_token("msg_abc", key="k", domain="x.example")
    assert token.endswith("@x.example>")
    assert len("In-Reply-To: " + token.replace("abc", "x" * 14)) <= 78
    read = read_token(token, key="k")
    assert read is not None and read.message_id == "msg_abc"
    for wrong in (token.replace("abc", "abd"), token.replace("@", "x@"), token[:9] + "@x>"):
        read = read_token(wrong, key="k")
        assert read is not None and not read.genuine
    other = read_token(token, key="other")
    assert other is not None and not other.genuine
    assert read_token("<someone@else.example>", key="k") is None


def test_reply_whose_client_encodes_the_reference(arrive: Arrive, answered: Message) -> None:
    token = str(answered.rfc_message_id)
    half = len(token) // 2
    encoded = f"=?utf-8?q?{token[:half]}?=\r\n =?utf-8?q?{token[half:].replace('_', '=5F')}?="
    raw = f"In-Reply-To: {encoded}\r\n".replace("_", "=5F").encode() + write("Thanks")
    assert case_of(arrive(raw)) == answered.case
