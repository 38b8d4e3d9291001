"""Naming colleagues in a note: who is named, what it does, and what goes out by mail."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from headwater.accounts.acts import set_news_mail, set_work
from headwater.accounts.errors import AccountError
from headwater.accounts.models import Agent
from headwater.cases import acts, tasks
from headwater.cases.handling import following
from headwater.cases.handling.naming import Nameable, named_in
from headwater.cases.handling.telling import mail_news
from headwater.cases.models import CaseEvent, Follower
from headwater.cases.routing import acts as routing
from headwater.cli.main import cli
from headwater.kit.clock import utc_now
from headwater.kit.outbox.models import OutgoingMail
from tests.cases.test_routing import rule_set
from tests.factories import SYSTEM, make_agent, make_case

KNOWN = [
    Nameable(("ann", "ann.b"), ("agt_ann",)),
    Nameable(("ann lee", "lee"), ("agt_lee",)),
    Nameable(("özlem", "oz"), ("agt_oz",)),
    Nameable(("payouts",), ("agt_ann", "agt_lee")),
]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@Ann please look", ["agt_ann"]),
        ("@ann lee please look", ["agt_lee"]),
        ("(@LEE): see above, @ann.", ["agt_lee", "agt_ann"]),
        ("@Özlem!", ["agt_oz"]),
        ("@payouts has it, @ann knows", ["agt_ann", "agt_lee"]),
        ("write to x@lee or ann@ann.example", []),
        ("@annabel is nobody here, @ ann neither", []),
        ("@lee-ann is somebody else", []),
        ("@@ann", []),
        ("", []),
    ],
)
def test_who_is_named(text: str, named: list[str]) -> None:
    assert named_in(text, KNOWN) == named


@given(st.text(alphabet="@ anle.b(ö", max_size=40))
def test_nobody_is_named_twice_or_without_their_word(text: str) -> None:
    named = named_in(text, KNOWN)
    assert len(set(named)) == len(named)
    for one in named:
        words = [word for each in KNOWN if one in each.agent_ids for word in each.words]
        assert any(f"@{word}" in text.lower() for word in words)


def news_of(agent: Agent) -> list[str]:
    return [event.kind for each in following.news_for(agent) for event in each.events]


def later() -> int:
    return mail_news(utc_now() + timedelta(minutes=5))


@pytest.mark.django_db
def test_a_named_colleague_follows_and_hears() -> None:
    mia, ben = make_agent("Mia Chen"), make_agent("Ben Okoye")
    case = make_case()
    acts.add_note(case, "@Ben Okoye do you know this one? @Mia Chen", agent=mia, actor=mia.actor())
    assert following.followers_of(case) == [ben]
    assert news_of(ben) == ["note.added", "note.mentions"]
    assert news_of(mia) == []
    event = CaseEvent.objects.get(case=case, kind="note.mentions")
    assert event.data["agents"] == [{"id": ben.pk, "name": "Ben Okoye"}]
    # Naming again adds news, not a second follower.
    acts.add_note(case, "@ben okoye?", agent=mia, actor=mia.actor())
    assert Follower.objects.filter(case=case).count() == 1
    assert news_of(ben).count("note.mentions") == 2


@pytest.mark.django_db
def test_a_queue_names_who_can_do_it() -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    mia, ben, eve = make_agent("Mia"), make_agent("Ben"), make_agent("Eve")
    set_work(ben.email, skills=["payouts"])
    case = make_case()
    acts.add_note(case, "@payouts, @general: please", agent=mia, actor=mia.actor())
    assert following.followers_of(case) == [ben]
    assert not following.follows(case, eve)


@pytest.mark.django_db
def test_mail_to_who_was_named_goes_once_and_not_to_who_has_seen_it() -> None:
    mia, ben, eve, dan = (make_agent(name) for name in ("Mia", "Ben", "Eve", "Dan"))
    set_news_mail(dan, "none")
    case = make_case()
    following.follow_case(case, eve, actor=eve.actor())
    acts.add_note(case, "@Ben @Dan look at the payouts", agent=mia, actor=mia.actor())
    assert mail_news(utc_now()) == 0  # what happens together goes out together
    assert later() == 1
    mail = OutgoingMail.objects.get(kind="news")
    assert mail.recipient == ben.email
    assert mail.subject == "Mia mentioned you: Webhooks"
    assert "look at the payouts" in mail.payload["body"]
    assert f"/cases/{case.pk}/" in mail.payload["body"]
    assert later() == 0
    # Eve is told of everything once she asks for it, from then on.
    set_news_mail(eve, "all")
    acts.add_note(case, "Solved by a restart", agent=mia, actor=mia.actor())
    acts.assign_case(case, mia, actor=mia.actor())
    assert later() == 1
    mail = OutgoingMail.objects.get(kind="news", recipient=eve.email)
    assert mail.subject == "News: Webhooks"
    assert "Solved by a restart" in mail.payload["body"]
    assert "Mia: changed its owner" in mail.payload["body"]
    # What was seen on the desk is not mailed.
    acts.add_note(case, "@Ben again", agent=mia, actor=mia.actor())
    latest = CaseEvent.objects.filter(case=case).latest("id").pk
    following.mark_seen(case, ben, up_to=latest)
    following.mark_seen(case, eve, up_to=latest)
    assert later() == 0


@pytest.mark.django_db
def test_settings_and_commands() -> None:
    ben = make_agent("Ben")
    with pytest.raises(AccountError, match="no choice"):
        set_news_mail(ben, "sometimes")
    run = CliRunner()
    assert "everything" in run.invoke(cli, ["agent", "mails", ben.email, "all"]).output
    ben.refresh_from_db()
    assert ben.news_mail == "all"
    case, mia = make_case(), make_agent("Mia")
    done = run.invoke(cli, ["cases", "note", case.pk, "@Ben look", "--as", mia.email])
    assert done.exit_code == 0, done.output
    tasks.mail_news({})
    assert following.follows(case, ben)
    shown = run.invoke(cli, ["cases", "history", case.pk, "--kind", "note."]).output
    assert shown.count("\n") == 2
    assert "cli" in shown
