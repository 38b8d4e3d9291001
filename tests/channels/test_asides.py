"""Side conversations: there and back over real SMTP, and never a word of them to the user."""

import smtplib
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from headwater.accounts.models import Agent
from headwater.cases import acts as case_acts
from headwater.cases import merging, queries
from headwater.cases.errors import CaseError
from headwater.cases.files import attach_file, remove_file
from headwater.cases.handling.snoozing import snooze_for
from headwater.cases.handling.splitting import split_case
from headwater.cases.models import Case, CaseEvent, FileContent, Message
from headwater.channels.asides import acts, naming
from headwater.channels.asides.models import Aside, AsideMessage
from headwater.channels.asides.queries import asides_of
from headwater.channels.asides.rules import may_write
from headwater.channels.attached import bytes_in
from headwater.channels.models import RawMail
from headwater.channels.tokens import make_case_token, read_case_token
from tests.channels.conftest import MX, SUPPORT, Sink, work, write
from tests.factories import SYSTEM, incoming, make_agent

BANK = "disputes@bank.example"
JOE = "joe@bank.example"
JOE_PROVEN = f"{MX}; dmarc=pass header.from=bank.example"
Arrive = Callable[..., RawMail]
pytestmark = pytest.mark.django_db


@pytest.fixture
def case(arrive: Arrive) -> Case:
    message = arrive(write("Where is payout po_1?")).message
    assert message is not None
    return queries.case_for_system(message.case_id)


@pytest.fixture
def agent() -> Agent:
    cache.clear()
    return make_agent("Mia Chen")


def ask(case: Case, agent: Agent, **changed: object) -> Aside:
    values = {
        "party": "bank", "to": BANK, "subject": "Trace for po_1", "body": "Where is it?",
    } | changed  # fmt: skip
    return acts.open_aside(case, agent=agent, actor=agent.actor(), **values)  # type: ignore[arg-type]


def kinds(case: Case) -> list[str]:
    rows = CaseEvent.objects.filter(case=case, kind__startswith="aside.").order_by("id")
    return list(rows.values_list("kind", flat=True))


def answer(mail: EmailMessage, body: str, sender: str = JOE, **headers: str) -> bytes:
    values = {
        "To": str(mail["Reply-To"]), "Subject": f"Re: {mail['Subject']}",
        "In_Reply_To": str(mail["Message-ID"]), "Authentication_Results": JOE_PROVEN,
    } | headers  # fmt: skip
    return write(body, sender=f"Joe <{sender}>", **values)


def test_there_and_back(
    case: Case, agent: Agent, sink: Sink, arrive: Arrive, receiver: int
) -> None:
    key = "sk_" + "live_51HabcDEFghiJKLmnoPQR2"
    aside = ask(case, agent, body=f"Where is it? Not with {key}.", files=[("trace.txt", b"po_1")])
    snooze_for(case, "aside", actor=agent.actor())
    work()
    envelope, mail = sink.mails[-1]
    assert envelope.rcpt_tos == [BANK]
    assert str(mail["From"]) == f'"Mia Chen (Shop Support)" <{SUPPORT}>'
    text = mail.as_string()
    assert "trace.txt" in text
    assert key not in text
    # The answer over real SMTP, by a colleague of whom we wrote to, with a file.
    back = EmailMessage()
    back["From"], back["To"], back["Subject"] = f"Joe <{JOE}>", str(mail["Reply-To"]), "AW: Trace"
    back["Message-ID"], back["In-Reply-To"] = "<joe1@bank.example>", str(mail["Message-ID"])
    back["Authentication-Results"] = JOE_PROVEN
    back.set_content("It left us on Monday.\n")
    back.add_attachment(b"proof", maintype="application", subtype="pdf", filename="proof.pdf")
    with smtplib.SMTP("127.0.0.1", receiver) as server:
        server.send_message(back, from_addr=JOE, to_addrs=[str(mail["Reply-To"])])
    work()
    assert RawMail.objects.latest("received_at").status == "ingested"
    [shown] = asides_of(case)
    first, second = sorted(shown.messages.all(), key=lambda one: one.at)
    assert second.body == "It left us on Monday."
    assert bytes_in(second.mail, second.attachments, 0) == b"proof"
    assert shown.recipients == [BANK, JOE]
    assert kinds(case) == ["aside.opened", "aside.sent", "aside.answered"]
    case.refresh_from_db()
    assert (case.state, case.message_count) == ("ours", 1)
    assert Message.objects.filter(case=case).count() == 1
    # Our next mail goes to both, in their thread, below what they wrote.
    acts.write_aside(aside, "Thank you, which reference?", agent=agent, actor=agent.actor())
    work()
    envelope, mail = sink.mails[-1]
    assert envelope.rcpt_tos == [BANK, JOE]
    assert mail["In-Reply-To"] == "<joe1@bank.example>"
    assert str(first.rfc_message_id) in str(mail["References"]).split()
    assert "It left us on Monday." in mail.as_string()
    assert len([one for one in sink.mails if one[0].rcpt_tos != [BANK]]) == 1


def test_the_user_and_strangers_stay_outside(
    case: Case, agent: Agent, sink: Sink, arrive: Arrive
) -> None:
    ask(case, agent)
    work()
    mail = sink.mails[-1][1]
    proven = f"{MX}; dmarc=pass header.from=shop.example"
    # The bank has passed our mail on to the user, who answers it.
    for sender, verdict in (
        (case.person.email, proven),
        ("eve@evil.example", f"{MX}; dmarc=pass header.from=evil.example"),
        (JOE, f"{MX}; dmarc=fail header.from=bank.example"),
        (JOE, ""),
    ):
        kept = arrive(answer(mail, "Who are you?", sender, Authentication_Results=verdict))
        assert (kept.status, kept.message) == ("quarantined", None), sender
    assert kinds(case) == ["aside.opened", "aside.sent"]
    assert Message.objects.filter(case=case).count() == 1
    # Whom we wrote to needs no proof beyond not being disowned.
    kept = arrive(answer(mail, "Monday.", BANK, Authentication_Results=""))
    assert kept.status == "ingested"
    # A made-up name is none: the mail is a contact like any other.
    forged = str(mail["Reply-To"])[:-30] + "aaaa@headwater.test"
    fresh = arrive(write("Hello", sender="new@shop.example", To=forged))
    assert fresh.message is not None
    assert fresh.message.case_id != case.pk
    # Nor does a user's answer to us get anywhere near it.
    later = arrive(write("Any news?", To=f"{SUPPORT}", Subject="Re: Webhooks fail"))
    assert later.message is not None
    assert AsideMessage.objects.count() == 2


def test_a_user_of_the_same_house_stays_outside(agent: Agent, sink: Sink, arrive: Arrive) -> None:
    asked = arrive(write("Where is po_1?", sender="Ann <ann@bank.example>")).message
    assert asked is not None
    case = queries.case_for_system(asked.case_id)
    aside = ask(case, agent)
    work()
    mail = sink.mails[-1][1]
    # Ann got our mail from a colleague; whether Joe is on her side nobody knows.
    for sender in ("ann@bank.example", JOE):
        kept = arrive(answer(mail, "What is this?", sender))
        assert kept.status == "quarantined", sender
    assert arrive(answer(mail, "Monday.", BANK)).status == "ingested"
    # Who joins the user's side later gets no more of it, in a case that was merged too.
    other = case_acts.open_case(
        person=case.person,
        subject="Again",
        message=replace(incoming(), author_email=BANK),
        actor=SYSTEM,
    )
    merging.merge_case(case, other, reason="The same", actor=SYSTEM)
    with pytest.raises(CaseError, match="takes part in the case itself"):
        acts.write_aside(aside, "More?", agent=agent, actor=agent.actor())
    assert arrive(answer(mail, "Tuesday.", BANK)).status == "quarantined"


def test_a_split_leaves_them_with_the_case(case: Case, agent: Agent, arrive: Arrive) -> None:
    ask(case, agent)
    reply = arrive(write("And my key?", sender=f"Ada <{case.person.email}>", To=SUPPORT)).message
    assert reply is not None
    if reply.case_id != case.pk:
        merging.merge_case(queries.case_for_system(reply.case_id), case, reason="", actor=SYSTEM)
    case.refresh_from_db()
    new = split_case(case, [reply.pk], subject="Key", reason="", actor=SYSTEM)
    assert asides_of(new) == []
    assert len(asides_of(case)) == 1


def test_the_same_answer_twice_an_automatic_one_and_closing(
    case: Case, agent: Agent, sink: Sink, arrive: Arrive
) -> None:
    aside = ask(case, agent)
    snooze_for(case, "aside", actor=agent.actor())
    work()
    mail = sink.mails[-1][1]
    away = arrive(answer(mail, "I am away.", BANK, Auto_Submitted="auto-replied"))
    assert away.status == "ingested"
    case.refresh_from_db()
    assert case.state == "snoozed"
    acts.close_aside(aside, actor=agent.actor())
    raw = answer(mail, "It left on Monday.", Message_ID="<one@bank.example>")
    assert arrive(raw).status == "ingested"
    again = arrive(raw.replace(b"Monday.", b"Monday. "))
    assert (again.status, again.reason) == ("quarantined", "This message came before.")
    aside.refresh_from_db()
    assert aside.state == "open"
    case.refresh_from_db()
    assert case.state == "ours"
    acts.close_aside(aside, actor=agent.actor())
    acts.close_aside(aside, actor=agent.actor())
    acts.reopen_aside(aside, actor=agent.actor())
    assert kinds(case)[-2:] == ["aside.closed", "aside.reopened"]


def test_what_could_not_be_delivered_is_told(case: Case, agent: Agent, sink: Sink) -> None:
    sink.rcpt_answer = "550 5.1.1 nobody here"
    ask(case, agent)
    snooze_for(case, "aside", actor=agent.actor())
    work()
    assert kinds(case)[-1] == "aside.failed"
    case.refresh_from_db()
    assert case.state == "ours"


def test_a_bounce_is_noted_and_no_message_of_the_user(
    case: Case, agent: Agent, sink: Sink, arrive: Arrive
) -> None:
    ask(case, agent)
    work()
    sent = sink.mails[-1][1]
    report = (
        "From: MAILER-DAEMON@bank.example\r\nTo: support@headwater.test\r\n"
        "Subject: Undelivered Mail\r\nMessage-ID: <b1@bank.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; bank.example"
        f"\r\n\r\nFinal-Recipient: rfc822; {BANK}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {sent['Message-ID']}\r\n\r\n"
        "--b--\r\n"
    )
    kept = arrive(report.encode())
    assert "side conversation" in kept.reason
    assert kinds(case)[-1] == "aside.failed"
    assert Message.objects.filter(case=case).count() == 1


def test_merging_shows_those_of_both(case: Case, agent: Agent, sink: Sink, arrive: Arrive) -> None:
    other = case_acts.open_case(
        person=case.person, subject="Again", message=incoming(), actor=SYSTEM
    )
    ask(case, agent)
    ask(other, agent, subject="Other trace")
    merging.merge_case(other, case, reason="The same", actor=SYSTEM)
    case.refresh_from_db()
    assert {one.subject for one in asides_of(case)} == {"Trace for po_1", "Other trace"}
    work()
    mail = next(one[1] for one in sink.mails if one[1]["Subject"] == "Other trace")
    arrive(answer(mail, "Found."))
    assert kinds(case)[-1] == "aside.answered"
    merging.unmerge_case(other, actor=SYSTEM)
    case.refresh_from_db()
    assert [one.subject for one in asides_of(case)] == ["Trace for po_1"]


def test_what_is_refused(case: Case, agent: Agent) -> None:
    for changed, said in (
        ({"party": "nobody"}, "no party"),
        ({"to": " , "}, "From one to"),
        ({"to": "bank"}, "bank is no address"),
        ({"to": case.person.email.upper()}, "takes part in the case"),
        ({"subject": " "}, "What is it about"),
        ({"body": " \n"}, "empty"),
        ({"files": [("x", b"")]}, "is empty"),
    ):
        with pytest.raises(CaseError, match=said):
            ask(case, agent, **changed)
    assert not Aside.objects.exists()
    with pytest.raises(CaseError, match="Nobody was written to"):
        snooze_for(case, "aside", actor=agent.actor())


def test_a_file_that_went_out_here_outlives_the_draft_it_was_in(case: Case, agent: Agent) -> None:
    file = attach_file(case, name="a.txt", data=b"x", agent=agent, actor=agent.actor())
    ask(case, agent, files=[("a.txt", b"x")])
    remove_file(case, file.pk, actor=agent.actor())
    assert FileContent.objects.count() == 1


@given(st.text(alphabet="0123456789ABCxyz", min_size=14, max_size=14))
def test_names_are_read_back_and_none_other(bare: str) -> None:
    aside_id, key = f"aside_{bare}", "k"
    address = naming.aside_address(SUPPORT, aside_id, key=key)
    rfc_id = naming.aside_message_id(aside_id, "asm_1", key=key, domain="x.example")
    assert len(rfc_id) < 64
    for text in (address, address.upper(), rfc_id):
        assert naming.named_aside([text], key=key) == aside_id
        assert naming.named_aside([text], key="other") == ""
    token = naming.aside_token(aside_id, key=key)
    assert read_case_token(token, key=key) is None
    assert naming.named_aside([make_case_token(f"case_{bare}", key=key)], key=key) == ""
    assert naming.named_aside([token[:-1] + ("a" if token[-1] != "a" else "b")], key=key) == ""


@pytest.mark.parametrize(
    ("sender", "verdict", "may"),
    [
        ("joe@bank.example", "pass", True),
        ("JOE@bank.example", "none", False),
        ("disputes@BANK.example", "none", True),
        ("disputes@bank.example", "fail", False),
        ("disputes@bank.example", "open", False),
        ("eve@gmail.com", "pass", False),
        ("ann@gmail.com", "none", True),
        ("eve@evilbank.example", "pass", False),
    ],
)
def test_who_may_write(sender: str, verdict: str, may: bool) -> None:
    taking_part = {"disputes@bank.example", "ann@gmail.com"}
    assert may_write(sender, verdict, taking_part) is may  # type: ignore[arg-type]
    # On the user's side nobody may, nor a new one of a domain that the user has too.
    assert not may_write(sender, verdict, taking_part, {sender.lower()})  # type: ignore[arg-type]
    same_house = {"ann@bank.example"}
    listed = sender.lower() in taking_part
    found = may_write(sender, verdict, taking_part, same_house)  # type: ignore[arg-type]
    assert found is (may and (listed or not sender.endswith("@bank.example")))
