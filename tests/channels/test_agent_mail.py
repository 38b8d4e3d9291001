"""An agent answers news by mail: acts with proof, nothing without, and a mail back that says so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import Message as Mail

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.accounts.models import Agent
from headwater.cases import acts, queries
from headwater.cases.handling import following, tags
from headwater.cases.handling.telling import mail_news
from headwater.cases.models import Case, CaseEvent, Message
from headwater.channels.agent_mail.commands import Command, read_commands, until
from headwater.channels.agent_mail.naming import Told, named_news, news_message_id
from headwater.channels.models import RawMail
from headwater.kit.clock import utc_now
from headwater.kit.outbox.models import OutgoingMail
from tests.channels.conftest import MX, Sink, work, write
from tests.factories import make_agent

PROVEN = f"{MX}; dmarc=pass header.from=example.com"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
Arrive = Callable[..., RawMail]


@pytest.mark.parametrize(
    ("text", "commands", "body", "to_user"),
    [
        ("Just a note.", [], "Just a note.", False),
        ("#assign me\n#snooze 2d\n\nLater.", ["#assign me", "#snooze 2d"], "Later.", False),
        ("#assign me", ["#assign me"], "", False),
        ("\n\n# Tag a, b\nText\n#solve", ["#tag a, b"], "Text\n#solve", False),
        ("#reply\nDear Ada,\n#1 is done", [], "Dear Ada,\n#1 is done", True),
        ("#note one\ntwo", [], "one\ntwo", False),
        ("#1 is the first\n#back", [], "#1 is the first\n#back", False),
        ("#frobnicate now", ["#frobnicate now"], "", False),
        ("", [], "", False),
    ],
)
def test_what_is_asked(text: str, commands: list[str], body: str, to_user: bool) -> None:
    asked = read_commands(text)
    assert [str(one) for one in asked.commands] == commands
    assert (asked.text, asked.to_user) == (body, to_user)


@pytest.mark.slow
@given(st.text(max_size=200))
def test_no_word_is_lost(text: str) -> None:
    asked = read_commands(text)
    kept = " ".join([*(f"{one.name} {one.argument}" for one in asked.commands), asked.text])
    bare = text.replace("#", " ").lower().split()
    dropped = {"note", "reply"}
    assert [
        one for one in bare if one not in dropped and one not in kept.replace("#", " ").lower()
    ] == []


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2d", NOW + timedelta(days=2)),
        ("30 M", NOW + timedelta(minutes=30)),
        ("1w", NOW + timedelta(weeks=1)),
        ("2026-11-25T10:00+01:00", datetime(2026, 11, 25, 9, 0, tzinfo=UTC)),
        ("2026-11-25", datetime(2026, 11, 25, tzinfo=UTC)),
        ("reply", None),
        ("2y", None),
        ("", None),
    ],
)
def test_until_when(said: str, at: datetime | None) -> None:
    assert until(said, NOW) == at


def test_a_name_of_news_is_ours_alone() -> None:
    told = Told("case_8Kd2LqV0x1Yz3A", "agt_8Kd2LqV0x1Yz3B")
    made = news_message_id(told, "out_abcd", key="k", domain="x.example")
    assert len(made) < 76
    assert named_news(["<other@x>", made], key="k") == told
    assert named_news([made], key="other") is None
    swapped = made.replace("3B.", "3C.")
    assert named_news([swapped], key="k") is None
    assert not Command("nope").known


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent("Ben Okoye")


@pytest.fixture
def case(arrive: Arrive) -> Case:
    message = arrive(write("My webhooks fail.")).message
    assert message is not None
    return queries.case_for_system(message.case_id)


@pytest.fixture
def news(case: Case, agent: Agent, sink: Sink) -> Mail:
    """The mail that told the agent of the case, as it came out of real SMTP."""
    mia = make_agent("Mia Chen")
    acts.add_note(case, "@Ben Okoye please look", agent=mia, actor=mia.actor())
    assert mail_news(utc_now() + timedelta(minutes=5)) == 1
    work()
    envelope, mail = sink.mails[-1]
    assert envelope.rcpt_tos == [agent.email]
    return mail


def answer(news: Mail, agent: Agent, body: str, **headers: str) -> bytes:
    values = {
        "Subject": f"Re: {news['Subject']}",
        "In_Reply_To": str(news["Message-ID"]).strip(),
        "Authentication_Results": PROVEN,
    } | headers
    return write(body, sender=f"Ben <{agent.email}>", **values)


def test_acts_by_mail(case: Case, agent: Agent, news: Mail, sink: Sink, arrive: Arrive) -> None:
    tags.add_tags(case, ["payouts"], new=True, actor=agent.actor())
    tags.remove_tags(case, ["payouts"], actor=agent.actor())
    body = (
        "#assign me\n#priority high they lose money\n#tag payouts\n#frob x\n#queue nowhere\n"
        "#snooze 2d\n\nI know this one.\n\n> old"
    )
    kept = arrive(answer(news, agent, body))
    assert kept.status == "ingested"
    case.refresh_from_db()
    assert (case.assignee, case.priority, case.state) == (agent, "high", "snoozed")
    assert case.priority_reason == "they lose money"
    assert tags.tags_of(case) == ["payouts"]
    note = Message.objects.filter(case=case, kind="note").latest("created_at")
    assert (note.body, note.agent) == ("I know this one.", agent)
    by_mail = CaseEvent.objects.filter(case=case, actor_id=agent.pk, entrance="mail")
    assert {"case.assigned", "case.prioritised", "note.added"} <= {one.kind for one in by_mail}
    told = OutgoingMail.objects.filter(kind="news").latest("created_at")
    assert told.subject.startswith("Not all was done")
    assert "Not done: #frob x: is not known." in told.payload["body"]
    assert "Not done: #queue nowhere: There is no queue 'nowhere'." in told.payload["body"]
    assert "Done: it belongs to Ben Okoye." in told.payload["body"]
    # The mail back can be answered too, and is marked as a machine's.
    back = sink.mails[-1][1]
    assert back["Auto-Submitted"] == "auto-generated"
    arrive(answer(back, agent, "#back\n#solve unknown"))
    case.refresh_from_db()
    assert (case.state, case.cause) == ("solved", "unknown")
    assert Message.objects.filter(case=case, kind="user").count() == 1


def test_a_reply_to_the_user_by_mail(
    case: Case, agent: Agent, news: Mail, sink: Sink, arrive: Arrive, settings: object
) -> None:
    settings.HEADWATER_UNDO_SECONDS = 0  # type: ignore[attr-defined]
    arrive(answer(news, agent, "#reply\nHello Ada,\n\nit is fixed."))
    assert any(
        envelope.rcpt_tos == [case.person.email] and "it is fixed." in mail.as_string()
        for envelope, mail in sink.mails
    )
    case.refresh_from_db()
    assert case.state == "waiting_user"


def test_nothing_without_proof(case: Case, agent: Agent, news: Mail, arrive: Arrive) -> None:
    other = make_agent("Eve")
    before = CaseEvent.objects.filter(case=case).count()
    for changed in (
        {"Authentication_Results": ""},
        {"Authentication_Results": f"{MX}; dmarc=fail header.from=example.com"},
        {"From": f"Eve <{other.email}>"},
        {"From": case.person.email},
        {"Auto_Submitted": "auto-replied"},
    ):
        kept = arrive(answer(news, agent, "#solve unknown", **changed))
        assert (kept.status, kept.message) == ("quarantined", None), changed
    agent.is_active = False
    agent.save()
    assert arrive(answer(news, agent, "#solve unknown ")).status == "quarantined"
    assert CaseEvent.objects.filter(case=case).count() == before
    assert Message.objects.filter(case=case, kind="user").count() == 1
    assert OutgoingMail.objects.filter(kind="news").count() == 1


def test_the_same_mail_twice_acts_once(
    case: Case, agent: Agent, news: Mail, arrive: Arrive
) -> None:
    raw = answer(news, agent, "#follow\nOnce.")
    arrive(raw)
    arrive(raw)
    # A copy that came another way has other bytes.
    again = arrive(b"Received: from other.example\r\n" + raw)
    assert (again.status, again.reason) == ("quarantined", "This message came before.")
    assert Message.objects.filter(case=case, body="Once.").count() == 1
    assert following.follows(case, agent)
    assert OutgoingMail.objects.filter(kind="news").count() == 2
    empty = arrive(answer(news, agent, ""))
    assert empty.status == "ingested"
    told = OutgoingMail.objects.filter(kind="news").latest("created_at")
    assert "Nothing was asked for" in told.payload["body"]
