"""How a mail of ours looks when it arrives: headers, quote, signature, files, DKIM signature."""

import base64
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from headwater.accounts.acts import record_person
from headwater.accounts.notices import unsubscribe_url
from headwater.cases import files
from headwater.cases.acts import send_reply
from headwater.cases.delivery import cancel_reply
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, FileContent, Message, ReplyFile
from headwater.cases.outreach import write_first
from headwater.channels.compose import Outgoing, as_bytes
from headwater.channels.parse import parse_mail
from headwater.channels.quoting import INTRODUCTIONS, quote_of
from headwater.channels.signoffs import set_sign_off
from headwater.channels.tokens import token_in_address
from headwater.kit.clock import utc_now
from headwater.kit.outbox.models import OutgoingMail
from tests.channels.conftest import OWNER, SUPPORT, Sink, work, write
from tests.factories import SYSTEM, make_account, make_agent, make_case


def raw(sink: Sink, at: int = -1) -> bytes:
    content = sink.mails[at][0].content
    assert isinstance(content, bytes)
    return content


def read(sink: Sink) -> Any:
    """What the reader's program makes of it."""
    return message_from_bytes(raw(sink), policy=policy.default)


def plain(sink: Sink) -> str:
    return str(read(sink).get_body(("plain",)).get_content()).replace("\r\n", "\n")


def answer(case: Case, text: str = "Hello", **kwargs: Any) -> Message:
    agent = make_agent("Sam")
    return send_reply(case, text, agent=agent, actor=agent.actor(), **kwargs)


@pytest.fixture
def contact(arrive: Any, sink: Sink) -> Case:
    mail = arrive(
        write(
            "Bonjour, nos versements sont en retard depuis vendredi. Que faire ? Merci à vous."
            "\n\nNotre clé est sk_live_51Hx9q2eZvKYlo2CabcdefghijKLMNOP.",
            Message_ID="<first@shop.example>",
        )
    )
    case: Case = mail.message.case
    return case


def test_the_answer_quotes_signs_and_names_its_case(contact: Case, sink: Sink) -> None:
    set_sign_off(SUPPORT, signature="{agent}\n{product}", footer="Pay Ltd, 1 Quay")
    answer(contact, "Voilà.")
    work()
    mail = read(sink)
    assert mail["Message-ID"] == Message.objects.get(kind="reply").rfc_message_id
    assert (mail["In-Reply-To"], mail["References"]) == ("<first@shop.example>",) * 2
    token = token_in_address(parseaddr(mail["Reply-To"])[1], key="only-for-tests")
    assert token is not None and token.case_id == contact.id
    text = plain(sink)
    assert text.startswith("Voilà.\n\n-- \nSam\nShop Support\n\nPay Ltd, 1 Quay\n\nLe 2")
    assert "a écrit :\n> Bonjour, nos versements" in text
    # Secrets that the user pasted are not sent around again.
    assert "sk_live_51Hx9q2eZvKYlo2C" not in raw(sink).decode("ascii")
    html = mail.get_body(("html",)).get_content()
    assert '<blockquote type="cite">' in html
    # Our own reader folds away what we quoted.
    again = parse_mail(raw(sink))
    assert (again.text, again.kind) == ("Voilà.", "normal")


@pytest.mark.parametrize("language", sorted(INTRODUCTIONS))
def test_every_introduction_is_one_that_we_recognise(language: str) -> None:
    said = INTRODUCTIONS[language].format(date="2026-11-23", time="09:10", name="Ada")
    body = f"New words\n\n{said}\n> Old words"
    mail = parse_mail(write(body, Subject="Re: x", In_Reply_To="<a@b>"))
    assert mail.text == "New words"


def test_a_quote_is_bounded() -> None:
    long = quote_of("line\n" * 500, name="Ada", at=utc_now(), lines=10)
    assert long is not None
    assert long.text.split("\n") == ["line"] * 10 + ["[…]"]
    assert quote_of("  ", name="Ada", at=utc_now(), lines=10) is None
    assert quote_of("x", name="Ada", at=utc_now(), lines=0) is None


def test_without_plus_addresses(contact: Case, sink: Sink, settings: Any) -> None:
    settings.HEADWATER_REPLY_ADDRESS_TOKEN = False
    settings.HEADWATER_SUBJECT_TOKEN = True
    answer(contact)
    work()
    assert read(sink)["Reply-To"] is None
    assert "[hwc1-" in read(sink)["Subject"]


def test_files_go_out_and_are_kept_once(contact: Case, sink: Sink) -> None:
    agent = make_agent()
    data = bytes(range(256)) * 40
    for name in ("../../ta\tble.png", "ta ble.png", "copy.csv"):
        files.attach_file(contact, name=name, data=data, agent=agent, actor=SYSTEM)
    assert (ReplyFile.objects.count(), FileContent.objects.count()) == (2, 1)
    answer(contact)
    work()
    sent = list(read(sink).iter_attachments())
    assert [one.get_filename() for one in sent] == ["ta ble.png", "copy.csv"]
    assert sent[0].get_content_type() == "image/png"
    assert base64.b64decode(sent[0].get_payload()) == data
    # The next reply does not carry them again.
    answer(contact)
    work()
    assert list(read(sink).iter_attachments()) == []


def test_files_come_back_with_the_words(contact: Case) -> None:
    agent = make_agent()
    files.attach_file(contact, name="a.txt", data=b"a", agent=agent, actor=SYSTEM)
    message = answer(contact, hold_seconds=900)
    assert ReplyFile.objects.get().message == message
    cancel_reply(message, actor=SYSTEM)
    file = ReplyFile.objects.get()
    assert file.message is None
    files.remove_file(contact, file.id, actor=SYSTEM)
    assert not FileContent.objects.exists()


def test_too_much_is_refused(contact: Case, settings: Any) -> None:
    settings.HEADWATER_ATTACHMENT_MB = 1
    agent = make_agent()
    files.attach_file(contact, name="a", data=b"x" * 600_000, agent=agent, actor=SYSTEM)
    with pytest.raises(CaseError, match="a reply carries 1"):
        files.attach_file(contact, name="b", data=b"y" * 600_000, agent=agent, actor=SYSTEM)
    with pytest.raises(CaseError, match="empty"):
        files.attach_file(contact, name="c", data=b"", agent=agent, actor=SYSTEM)


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> bytes:
    """The public half, as it stands in the DNS; the private one signs what leaves."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "dkim.pem"
    path.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    settings.HEADWATER_DKIM_KEY_FILE = str(path)
    settings.HEADWATER_DKIM_SELECTOR = "s1"
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def verified(content: bytes, key: bytes) -> bool:
    asked: list[bytes] = []

    def answers(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return key

    good = bool(dkim.verify(content, dnsfunc=answers))
    assert asked == [b"s1._domainkey.headwater.test."]
    return good


def test_what_leaves_is_signed(contact: Case, sink: Sink, key: bytes) -> None:
    agent = make_agent()
    files.attach_file(contact, name="é.bin", data=b"\x00\xff" * 900, agent=agent, actor=SYSTEM)
    answer(contact, "Grüße, 你好\n\n.a line with a dot\nFrom here " + "long " * 300)
    work()
    content = raw(sink)
    assert verified(content, key)
    assert not verified(content.replace(b"Subject: Re", b"Subject: Fw"), key)
    assert not verified(content.replace(b"dot", b"dog"), key)
    # Nobody can add a header that we had none of.
    assert not verified(b"Cc: victim@x.example\r\n" + content, key)


def test_a_key_that_cannot_be_read_sends_nothing(
    contact: Case, sink: Sink, settings: Any, tmp_path: Path
) -> None:
    settings.HEADWATER_DKIM_KEY_FILE = str(tmp_path / "none.pem")
    answer(contact)
    work()
    row = OutgoingMail.objects.get()
    assert (row.state, sink.mails) == ("retrying", [])
    assert "cannot be signed" in row.last_error


def test_a_notice_can_be_ended_with_one_click(db: None, sink: Sink, key: bytes) -> None:
    agent = make_agent()
    person = record_person(email=OWNER, name="Ada", actor=SYSTEM)
    write_first(
        person=person,
        account=make_account(OWNER),
        subject="About your account",
        body="Look.",
        cause="x",
        agent=agent,
        actor=SYSTEM,
    )
    work()
    mail = read(sink)
    assert mail["List-Unsubscribe"].strip() == f"<{unsubscribe_url(person)}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert OutgoingMail.objects.get().kind == "notice"
    assert verified(raw(sink), key)
    signed = read(sink)["DKIM-Signature"]
    assert "list-unsubscribe" in signed and "list-unsubscribe-post" in signed


def test_an_answer_has_no_such_header(db: None, sink: Sink) -> None:
    answer(make_case())
    work()
    assert read(sink)["List-Unsubscribe"] is None


def test_two_readers_where_a_colleague_wrote_last(db: None, sink: Sink) -> None:
    case = make_case()
    answer(case)
    work()
    [(envelope, _)] = sink.mails
    # The maker of cases writes as somebody else than the person of the case.
    assert envelope.rcpt_tos == ["ada@shop.example", case.person.email]
    assert read(sink)["Cc"] == case.person.email


def test_no_header_can_be_smuggled_in() -> None:
    mail = Outgoing(
        message_id="<a@b>",
        sender_name="Sam\r\nBcc: victim@x.example",
        sender_address=SUPPORT,
        recipient=OWNER,
        subject="x\r\nBcc: victim@x.example",
        text="x",
    )
    try:
        content = as_bytes(mail)
    except ValueError:
        return
    assert message_from_bytes(content)["Bcc"] is None
