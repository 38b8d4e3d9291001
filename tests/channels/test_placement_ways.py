"""The other ways back into a case: addresses, subjects, colleagues, forwards, follow-ups."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.conf import settings

from headwater.accounts.acts import record_person, verify_link
from headwater.accounts.models import AccountLink
from headwater.cases.acts import send_reply, solve_case
from headwater.cases.models import Case, CaseLink, Message
from headwater.channels.identity import AccountFacts
from headwater.channels.models import RawMail
from headwater.channels.tokens import make_case_token, reply_address
from headwater.kit.clock import utc_now
from tests.channels.conftest import MX, OWNER, PROVEN, SUPPORT, Sink, work, write
from tests.factories import SYSTEM, make_agent

Arrive = Callable[[bytes], RawMail]
COLLEAGUE = "Grace <grace@shop.example>"
STRANGER = "Mallory <mallory@evil.example>"


@pytest.fixture
def answered(arrive: Arrive, sink: Sink, known_account: AccountFacts) -> Message:
    """Our answer in a case of OWNER's, who is verified for the account."""
    mail = arrive(write(Message_ID="<opening@shop.example>", Authentication_Results=PROVEN))
    assert mail.message is not None
    agent = make_agent()
    sent = send_reply(mail.message.case, "Hello", agent=agent, actor=agent.actor())
    work()
    sent.refresh_from_db()
    assert sent.case.identity == "verified"
    return sent


def case_of(mail: RawMail) -> Case:
    assert mail.message is not None, mail.reason
    return mail.message.case


def to_case(case: Case) -> str:
    return reply_address(SUPPORT, case.id, key=settings.SECRET_KEY)


def test_the_reply_address_leads_back(arrive: Arrive, answered: Message) -> None:
    for address in (to_case(answered.case), to_case(answered.case).upper()):
        assert case_of(arrive(write(f"Thanks {address}", To=address))) == answered.case
        assert case_of(arrive(write(f"Copy {address}", Cc=address))) == answered.case


def test_the_subject_leads_back_only_with_its_signature(arrive: Arrive, answered: Message) -> None:
    token = make_case_token(answered.case.id, key=settings.SECRET_KEY)
    assert case_of(arrive(write("Thanks", Subject=f"Re: [{token}] Webhooks"))) == answered.case
    forged = make_case_token(answered.case.id, key="guess")
    mail = arrive(write("Let me in", Subject=f"Re: [{forged}] Webhooks"))
    assert case_of(mail) != answered.case
    assert "only we can make" in mail.reason


def test_a_reference_counts_before_an_address(arrive: Arrive, answered: Message) -> None:
    other = case_of(arrive(write("Something else")))
    mail = write("Thanks", To=to_case(other), In_Reply_To=answered.rfc_message_id)
    assert case_of(arrive(mail)) == answered.case


@pytest.mark.parametrize("way", ["To", "Subject", "In_Reply_To"])
def test_a_stranger_with_a_genuine_token_reads_nothing(
    arrive: Arrive, answered: Message, way: str
) -> None:
    token = make_case_token(answered.case.id, key=settings.SECRET_KEY)
    values = {
        "To": to_case(answered.case),
        "Subject": f"[{token}]",
        "In_Reply_To": answered.rfc_message_id,
    }
    before = answered.case.messages.count()
    mail = arrive(write("And me?", sender=STRANGER, **{way: values[way]}))
    assert case_of(mail) != answered.case
    assert answered.case.messages.count() == before
    link = CaseLink.objects.get(case=case_of(mail))
    assert (link.other, link.kind) == (answered.case, "related")
    assert "mallory@evil.example" in link.reason
    assert answered.case.events.filter(kind="case.linked").count() == 1
    assert case_of(mail).events.filter(kind="case.linked").count() == 1


def test_a_forged_address_of_anothers_case(arrive: Arrive, answered: Message) -> None:
    forged = reply_address(SUPPORT, answered.case.id, key="guess")
    mail = arrive(write("Let me in", sender=STRANGER, To=forged))
    assert case_of(mail) != answered.case
    assert "only we can make" in mail.reason
    assert not CaseLink.objects.exists()


def test_a_colleague_without_proof_gets_a_case_of_their_own(
    arrive: Arrive, answered: Message
) -> None:
    mail = arrive(
        write(
            "I am copied in",
            sender=COLLEAGUE,
            In_Reply_To=answered.rfc_message_id,
            Authentication_Results=PROVEN,
        )
    )
    assert case_of(mail) != answered.case
    assert CaseLink.objects.get().other == answered.case


def _prove_colleague(case: Case) -> None:
    assert case.account is not None
    person = record_person(email="grace@shop.example", name="Grace", actor=SYSTEM)
    link = AccountLink.objects.create(person=person, platform_account=case.account)
    verify_link(link, how=AccountLink.How.AGENT, actor=SYSTEM)


def test_a_colleague_proven_for_the_account_joins(arrive: Arrive, answered: Message) -> None:
    _prove_colleague(answered.case)
    mail = arrive(
        write(
            "I take over",
            sender=COLLEAGUE,
            In_Reply_To=answered.rfc_message_id,
            Authentication_Results=PROVEN,
        )
    )
    assert case_of(mail) == answered.case
    joined = answered.case.events.get(kind="participant.joined")
    assert joined.data["email"] == "grace@shop.example"
    # From now on they take part.
    again = arrive(write("Still here", sender=COLLEAGUE, To=to_case(answered.case)))
    assert case_of(again) == answered.case


def test_proof_for_the_account_counts_only_for_a_proven_mail(
    arrive: Arrive, answered: Message
) -> None:
    _prove_colleague(answered.case)
    mail = arrive(write("Me too", sender=COLLEAGUE, In_Reply_To=answered.rfc_message_id))
    assert case_of(mail) != answered.case


def test_an_answer_long_after_solving_opens_a_follow_up(arrive: Arrive, answered: Message) -> None:
    old = answered.case
    solve_case(old, cause="x", actor=SYSTEM)
    assert case_of(arrive(write("Soon after", In_Reply_To=answered.rfc_message_id))) == old
    solve_case(old, cause="x", actor=SYSTEM)
    long_ago = utc_now() - timedelta(days=settings.HEADWATER_FOLLOW_UP_DAYS, hours=1)
    Case.objects.filter(pk=old.pk).update(solved_at=long_ago, last_message_at=long_ago)

    mail = arrive(write("Again!", In_Reply_To=answered.rfc_message_id))
    new = case_of(mail)
    assert new != old
    old.refresh_from_db()
    assert (old.state, new.state) == ("solved", "ours")
    assert new.account == old.account
    link = CaseLink.objects.get()
    assert (link.case, link.other, link.kind) == (new, old, "follow_up")
    kinds = [case.events.get(kind="case.linked").data["kind"] for case in (old, new)]
    assert kinds == ["follow_up", "follow_up"]
    # The follow-up goes on by its own references.
    raw = write("More", In_Reply_To=str(new.messages.get().rfc_message_id))
    assert case_of(arrive(raw)) == new


FORWARD = """Please look at this, it is urgent.

---------- Forwarded message ---------
From: Priya Raman <priya@northwind.example>
Date: Mon, 23 Nov 2026 at 09:10
Subject: Payout missing
To: Sam <sam@headwater.test>

Our payout of Friday did not arrive.
"""


def _forward(body: str, sender: str, *, proven: bool = True) -> bytes:
    domain = sender.rpartition("@")[2].rstrip(">")
    result = f"{MX}; dmarc=pass header.from={domain}" if proven else ""
    return write(body, sender=sender, Subject="Fwd: Payout missing", Authentication_Results=result)


def test_what_an_agent_passes_on_is_the_users(arrive: Arrive) -> None:
    agent = make_agent("Sam")
    case = case_of(arrive(_forward(FORWARD, agent.email)))
    assert (case.person.email, case.subject) == ("priya@northwind.example", "Payout missing")
    assert case.identity == "unknown"
    first, note = case.messages.order_by("created_at", "id")
    if first.kind == "note":
        first, note = note, first
    assert first.body == "Our payout of Friday did not arrive."
    assert (note.kind, note.agent) == ("note", agent)
    assert "it is urgent" in note.body


def test_an_enclosed_mail_names_its_author(arrive: Arrive) -> None:
    agent = make_agent("Sam")
    inner = EmailMessage()
    inner["From"] = "Priya <priya@northwind.example>"
    inner["Subject"] = "Payout missing"
    inner.set_content("It did not arrive.")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = agent.email, SUPPORT, "Fwd: Payout missing"
    outer["Message-ID"] = "<enclosing@x.example>"
    outer["Authentication-Results"] = f"{MX}; dmarc=pass header.from=example.com"
    outer.set_content("See below")
    outer.add_attachment(inner)
    case = case_of(arrive(outer.as_bytes()))
    assert case.person.email == "priya@northwind.example"


@pytest.mark.parametrize(
    "body",
    [
        FORWARD.replace("From: Priya Raman <priya@northwind.example>", "From: Priya Raman"),
        FORWARD.replace("Date:", "From: Other <other@x.example>\nDate:"),
        "Priya wrote to me that her payout is missing, priya@northwind.example.",
    ],
)
def test_in_doubt_the_case_is_the_forwarders(arrive: Arrive, body: str) -> None:
    agent = make_agent("Sam")
    assert case_of(arrive(_forward(body, agent.email))).person.email == agent.email


def test_only_a_proven_agent_passes_mail_on(arrive: Arrive) -> None:
    agent = make_agent("Sam")
    unproven = arrive(_forward(FORWARD, agent.email, proven=False))
    assert case_of(unproven).person.email == agent.email
    user = arrive(_forward(FORWARD, OWNER))
    assert case_of(user).person.email == OWNER
    assert "Our payout of Friday did not arrive." in case_of(user).messages.get().body
