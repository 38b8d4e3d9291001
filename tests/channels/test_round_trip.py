"""Real SMTP both ways: a contact comes in, the answer goes out, its answer finds the case."""

import smtplib
from email.message import EmailMessage

from headwater.cases.acts import send_reply, solve_case
from headwater.cases.models import Case, Message
from headwater.channels.models import RawMail
from headwater.kit.actors import Actor
from tests.channels.conftest import OWNER, SUPPORT, Sink, work, write
from tests.factories import make_agent


def submit(port: int, raw: bytes, sender: str = OWNER) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        assert client.sendmail(sender, [SUPPORT], raw) == {}


def test_a_conversation(receiver: int, sink: Sink) -> None:
    submit(receiver, write("Every delivery to we_1 fails.", Message_ID="<first@shop.example>"))
    work()
    case = Case.objects.get()
    assert (case.subject, case.state, case.person.email) == ("Webhooks fail", "ours", OWNER)

    agent = make_agent("Sam")
    actor = Actor("agent", agent.id, agent.name, "desk")
    send_reply(
        case, "Your endpoint says 500.\n\nSee https://docs.example/wh", agent=agent, actor=actor
    )
    work()
    [(envelope, answer)] = sink.mails
    assert envelope.rcpt_tos == [OWNER]
    assert answer["From"] == f'"Sam (Shop Support)" <{SUPPORT}>'
    assert answer["Subject"] == "Re: Webhooks fail"
    assert answer["In-Reply-To"] == "<first@shop.example>"
    assert answer["References"] == "<first@shop.example>"
    assert answer["Auto-Submitted"] is None
    plain, html = answer.get_payload()
    assert plain.get_content_type() == "text/plain"
    assert "Your endpoint says 500." in plain.get_payload(decode=True).decode()
    assert 'href="https://docs.example/wh"' in html.get_payload(decode=True).decode()

    sent = Message.objects.get(kind="reply")
    assert (sent.delivery, sent.rfc_message_id) == ("sent", answer["Message-ID"])
    case.refresh_from_db()
    assert case.state == "waiting_user"
    solve_case(case, cause="webhook-endpoint-failing", actor=actor)

    reply = EmailMessage()
    reply["From"] = f"Ada <{OWNER.upper()}>"
    reply["To"] = SUPPORT
    reply["Subject"] = "AW: Re: Webhooks fail"
    reply["Message-ID"] = "<second@shop.example>"
    reply["In-Reply-To"] = answer["Message-ID"]
    reply["References"] = f"<first@shop.example> {answer['Message-ID']}"
    reply.set_content(
        f"Fixed, thanks.\n\nOn Mon, 5 Jan 2026, 9:00, Sam <{SUPPORT}> wrote:\n> Your…"
    )
    submit(receiver, reply.as_bytes())
    work()
    assert Case.objects.count() == 1
    last = Message.objects.get(rfc_message_id="<second@shop.example>")
    assert (last.case_id, last.body) == (case.id, "Fixed, thanks.")
    assert "> Your…" in last.quoted
    case.refresh_from_db()
    assert case.state == "ours"

    send_reply(case, "Gladly.", agent=agent, actor=actor)
    work()
    assert sink.mails[1][1]["Subject"] == "Re: Webhooks fail"
    assert sink.mails[1][1]["References"].split() == [
        "<first@shop.example>",
        answer["Message-ID"],
        "<second@shop.example>",
    ]


def test_the_bytes_are_kept_as_they_came(receiver: int) -> None:
    raw = b"Subject: \xff\xfe\r\nFrom: a@b.example\r\n\r\n.dot\r\n\xf0\x28\r\n"
    submit(receiver, raw)
    assert bytes(RawMail.objects.get().raw) == raw


def test_too_large_and_too_many(receiver: int) -> None:
    with smtplib.SMTP("127.0.0.1", receiver, timeout=10) as client:
        client.ehlo()
        assert int(client.esmtp_features["size"]) == 50 * 1024 * 1024
        client.mail(OWNER, [f"SIZE={60 * 1024 * 1024}"])
        code, _ = client.rcpt(SUPPORT)
        assert code == 503  # MAIL was refused
        client.rset()
        client.mail(OWNER)
        codes = [client.rcpt(f"u{n}@headwater.test")[0] for n in range(101)]
        assert codes[-2:] == [250, 452]
        assert client.rcpt("nobody")[0] in {501, 452}
    assert RawMail.objects.count() == 0
