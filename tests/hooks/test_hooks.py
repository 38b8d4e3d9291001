"""Providers post mail: who may, what is stored, and that a second delivery changes nothing."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from headwater.cases.models import Case, Message
from headwater.channels.models import RawMail, WebhookPost
from headwater.channels.webhooks.setup import WebhookSettings, read_hooks
from headwater.kit.jobs.acts import claim_job
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_claim

# Not UTF-8, and it must come through unharmed wherever the provider's form can carry it.
MAIL = (
    b"From: Ada <ada@shop.example>\r\nTo: support@headwater.test\r\nSubject: Help\r\n"
    b"Message-ID: <hook@shop.example>\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\nGr\xfc\xdfe, it fails.\r\n"
)
ASCII = MAIL.replace(b"\xfc\xdf", b"ss")
SECRET = "hook:p4ss"
SIGNING = {"mailgun", "mandrill", "mailersend"}
KEY = "signing-key"


@dataclass
class Post:
    """One delivery as a provider makes it; `mail` is what must be stored, if it is sent whole."""

    content: Any
    type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    mail: bytes | None = ASCII
    sender: str = "ada@shop.example"
    to: tuple[str, ...] = ("support@headwater.test",)


def multipart(*fields: tuple[str, bytes], files: tuple[tuple[str, str, bytes], ...] = ()) -> Post:
    parts = [
        b'--xyz\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
        for name, value in fields
    ]
    parts += [
        b'--xyz\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\n'
        b"Content-Type: application/pdf\r\n\r\n%s\r\n" % (name.encode(), file.encode(), content)
        for name, file, content in files
    ]
    return Post(b"".join(parts) + b"--xyz--\r\n", "multipart/form-data; boundary=xyz")


def mailgun(*fields: tuple[str, bytes], files: tuple[tuple[str, str, bytes], ...] = ()) -> Post:
    signature = hmac.new(KEY.encode(), b"1700000000token", hashlib.sha256).hexdigest()
    signed = (("timestamp", b"1700000000"), ("token", b"token"), ("signature", signature.encode()))
    envelope = (("sender", b"ada@shop.example"), ("recipient", b"support@headwater.test"))
    return multipart(*signed, *envelope, *fields, files=files)


def whole_mailgun() -> Post:
    post = mailgun(("body-mime", MAIL))
    post.mail = MAIL
    return post


def fields_mailgun() -> Post:
    headers = [["From", "Ada <ada@shop.example>"], ["Subject", "Help"]]
    post = mailgun(
        ("message-headers", json.dumps([*headers, ["Message-Id", "<hook@shop.example>"]]).encode()),
        ("body-plain", "Grüße, it fails.".encode()),
        ("attachment-count", b"1"),
        files=(("attachment-1", "log.pdf", b"%PDF-1.4\r\n--xy\r\n"),),
    )
    post.mail = None
    return post


def sendgrid() -> Post:
    envelope = json.dumps({"from": "ada@shop.example", "to": ["support@headwater.test"]})
    post = multipart(("email", MAIL), ("envelope", envelope.encode()), ("spam_score", b"0.1"))
    post.mail = MAIL
    return post


def sendgrid_fields() -> Post:
    headers = b"From: Ada <ada@shop.example>\nSubject: Help\nMessage-ID: <hook@shop.example>\n"
    envelope = json.dumps({"from": "ada@shop.example", "to": ["support@headwater.test"]})
    charsets = json.dumps({"text": "iso-8859-1", "subject": "UTF-8"})
    post = multipart(
        ("headers", headers), ("text", b"Gr\xfc\xdfe, it fails."), ("charsets", charsets.encode()),
        ("envelope", envelope.encode()), ("attachments", b"0"),
    )  # fmt: skip
    post.mail = None
    return post


def postmark() -> Post:
    sender = {"Name": "Return-Path", "Value": "<ada@shop.example>"}
    to = "support@headwater.test"
    return Post({"RawEmail": ASCII.decode(), "Headers": [sender], "OriginalRecipient": to})


def postmark_fields() -> Post:
    return Post(
        {
            "FromFull": {"Email": "ada@shop.example", "Name": "Ada"}, "ToFull": [], "CcFull": [],
            "BccFull": [], "Subject": "Help", "TextBody": "Grüße, it fails.", "HtmlBody": "",
            "OriginalRecipient": "support@headwater.test",
            "Headers": [
                {"Name": "Return-Path", "Value": "<ada@shop.example>"},
                {"Name": "Message-ID", "Value": "<hook@shop.example>"},
            ],
        },
        mail=None,
    )  # fmt: skip


def mailjet() -> Post:
    return Post(
        {
            "Sender": "ada@shop.example", "Recipient": "support@headwater.test",
            "Headers": {
                "From": "Ada <ada@shop.example>", "Subject": "Help",
                "Message-ID": "<hook@shop.example>",
            },
            "Text-part": "Grüße, it fails.", "Html-part": "<p>Grüße, it fails.</p>", "Parts": [],
        },
        mail=None,
    )  # fmt: skip


def sparkpost() -> Post:
    content = {"email_rfc822": base64.b64encode(MAIL).decode(), "email_rfc822_is_base64": True}
    message = {"content": content, "msg_from": "ada@shop.example", "protocol": "smtp"}
    relay = {"relay_message": message | {"rcpt_to": "support@headwater.test"}}
    return Post([{"msys": relay}, {"msys": {}}], mail=MAIL)


def mandrill() -> Post:
    message = {"raw_msg": ASCII.decode(), "email": "support@headwater.test"}
    events = json.dumps([{"event": "inbound", "msg": message}])
    signed = f"http://testserver/hooks/mail/mandrill/mandrill_events{events}"
    digest = hmac.new(KEY.encode(), signed.encode(), hashlib.sha1).digest()
    signature = base64.b64encode(digest).decode()
    post = multipart(("mandrill_events", events.encode()))
    post.headers, post.sender = {"X-Mandrill-Signature": signature}, ""
    return post


def mailersend() -> Post:
    data = {"raw": ASCII.decode(), "sender": {"email": "ada@shop.example"}}
    data |= {"recipients": {"rcptTo": [{"email": "support@headwater.test"}]}}
    body = json.dumps({"type": "inbound.message", "data": data}).encode()
    signature = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    return Post(body, headers={"Signature": signature})


def amazon(kind: str = "Notification", **more: str) -> Post:
    action = {"type": "SNS", "encoding": "BASE64"}
    event = {
        "notificationType": "Received",
        "content": base64.b64encode(MAIL).decode(),
        "mail": {"source": "ada@shop.example"},
        "receipt": {"recipients": ["support@headwater.test"], "action": action},
    }
    notice = {"Type": kind, "MessageId": "n1", "Message": json.dumps(event), **more}
    headers = {"X-Amz-Sns-Message-Type": kind, "X-Amz-Sns-Message-Id": "n1"}
    return Post(notice, "text/plain; charset=UTF-8", headers, mail=MAIL)


POSTS: dict[str, Callable[[], Post]] = {
    "mailgun": whole_mailgun, "mailgun fields": fields_mailgun, "sendgrid": sendgrid,
    "sendgrid fields": sendgrid_fields, "postmark": postmark, "postmark fields": postmark_fields,
    "mailjet": mailjet, "sparkpost": sparkpost, "mandrill": mandrill, "mailersend": mailersend,
    "amazon_ses": amazon,
}  # fmt: skip


@pytest.fixture(autouse=True)
def opened(settings: Any, tmp_path: Path, db: None) -> None:
    (tmp_path / "secret").write_text(f"old:one\n{SECRET}\n")
    (tmp_path / "key").write_text(KEY + "\n")
    providers = sorted({name.partition(" ")[0] for name in POSTS})
    (tmp_path / "hooks.toml").write_text(
        "".join(
            f'[{name}]\nmailbox = "support@headwater.test"\n'
            f"{'key' if name in SIGNING else 'secret'}_file = "
            f'"{tmp_path}/{"key" if name in SIGNING else "secret"}"\n'
            for name in providers
        )
    )
    settings.HEADWATER_MAIL_HOOKS = str(tmp_path / "hooks.toml")


def send(name: str, post: Post, secret: str = SECRET, **headers: str) -> Any:
    body = post.content if isinstance(post.content, bytes) else json.dumps(post.content).encode()
    asked = {**post.headers, **headers}
    if secret:
        asked["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
    address = f"/hooks/mail/{name.partition(' ')[0]}/"
    return Client(enforce_csrf_checks=True, raise_request_exception=False).post(
        address, data=body, content_type=post.type, headers=asked
    )


def work() -> None:
    Job.objects.exclude(name__startswith="channels.").delete()
    while claim := claim_job(60):
        run_claim(claim)
        Job.objects.exclude(name__startswith="channels.").delete()


@pytest.mark.parametrize("name", POSTS)
def test_a_post_becomes_one_case_however_often_it_is_delivered(name: str) -> None:
    post = POSTS[name]()
    for _ in range(2):
        secret = "" if name.partition(" ")[0] in SIGNING else SECRET
        assert send(name, post, secret).status_code == 200
        work()
    mail = RawMail.objects.get()
    assert mail.status == "ingested", mail.reason
    assert (mail.entrance, mail.mailbox) == ("webhook", "support@headwater.test")
    assert (mail.envelope_from, tuple(mail.envelope_to)) == (post.sender, post.to)
    if post.mail is not None:
        assert bytes(mail.raw) == post.mail
        assert not WebhookPost.objects.exists()
    else:
        kept = WebhookPost.objects.get()
        content = post.content
        assert bytes(kept.body) == (
            content if isinstance(content, bytes) else json.dumps(content).encode()
        )
        assert not kept.problem
    case = Case.objects.get()
    assert (case.subject, case.person.email) == ("Help", "ada@shop.example")
    assert Message.objects.get().body.strip() in {"Grüße, it fails.", "Grsse, it fails."}


@pytest.mark.parametrize("name", sorted({name.partition(" ")[0] for name in POSTS}))
def test_who_is_not_the_provider_leaves_nothing(name: str) -> None:
    post = POSTS[name]()
    if isinstance(post.content, bytes):
        # The signing providers' keys; the others go by name and password.
        post.content = post.content.replace(b"Ada", b"Eve").replace(b'name="token"', b'name="t"')
    post.headers = {key: value[::-1] for key, value in post.headers.items()}
    for secret in ("hook:wrong", "", "old"):
        assert send(name, post, secret).status_code in {400, 401}
    assert not RawMail.objects.exists()
    assert not WebhookPost.objects.exists()


def test_an_earlier_secret_still_works() -> None:
    assert send("postmark", postmark(), "old:one").status_code == 200


def test_only_named_providers_have_a_door() -> None:
    assert send("brevo", postmark()).status_code == 404
    assert Client().get("/hooks/mail/postmark/").status_code == 405
    assert Client().head("/hooks/mail/postmark/").status_code == 200


def test_a_post_of_which_no_mail_can_be_made_is_set_aside() -> None:
    for content in (b"no json", b"[]", b'{"Sender": 5}'):
        assert send("mailjet", Post(content)).status_code == 200
        # Again: it is known.
        assert send("mailjet", Post(content)).status_code == 200
    assert WebhookPost.objects.count() == 3
    work()
    broken = RawMail.objects.filter(status="quarantined", entrance="webhook")
    shown = {bytes(one.raw).partition(b"\r\n\r\n")[2] for one in broken}
    assert {b"no json", b"[]"} <= shown
    assert "No mail could be made of what mailjet posted" in broken[0].reason


def test_a_form_field_may_be_as_large_as_a_mail_and_not_larger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = MAIL + b"x" * 76 + b"\r\n" + (b"y" * 76 + b"\r\n") * 50_000
    assert send("sendgrid", multipart(("email", large))).status_code == 200
    assert RawMail.objects.get().size == len(large)
    monkeypatch.setattr("headwater.hooks.views._MOST_BYTES", 10_000)
    refused = send("sendgrid", multipart(("email", large)))
    assert refused.status_code == 413 and b"10,000" in refused.content
    monkeypatch.setattr("headwater.channels.acts.MAX_BYTES", 500)
    assert send("postmark", Post({"RawEmail": "x" * 600})).status_code == 413


def test_what_cannot_be_stored_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("headwater.channels.webhooks.acts.receive_mail", broken)
        assert send("postmark", postmark()).status_code == 500
    assert send("postmark", postmark()).status_code == 200
    assert RawMail.objects.count() == 1


def test_a_topic_is_confirmed_by_a_person(caplog: pytest.LogCaptureFixture) -> None:
    post = amazon("SubscriptionConfirmation", SubscribeURL="https://sns.example/confirm?x=1")
    assert send("amazon_ses", post).status_code == 200
    assert "https://sns.example/confirm?x=1" in caplog.text
    assert not RawMail.objects.exists()


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[brevo]\n", "is no provider"),
        ("[postmark]\n", "lacks secret_file"),
        ("[mailgun]\n", "lacks key_file"),
        ('[postmark]\npassword = "x"\n', "may hold"),
        ('[postmark]\nsecret_file = "/none"\n', "cannot be read"),
    ],
)
def test_a_door_without_a_lock_is_not_opened(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "x.toml").write_text(table)
    with pytest.raises(WebhookSettings, match=said):
        read_hooks(str(tmp_path / "x.toml"))
