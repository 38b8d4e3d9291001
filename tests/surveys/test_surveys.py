"""Who is asked, what an answer does, and that looking at a link does nothing."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, connections
from django.test import Client

from headwater.accounts.acts import create_agent
from headwater.accounts.models import Agent
from headwater.cases import acts as case_acts
from headwater.cases import merging
from headwater.cases import queries as case_queries
from headwater.cases.models import Case
from headwater.cli.main import cli
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from headwater.kit.outbox.models import OutgoingMail
from headwater.surveys import acts, links, queries, rules, tasks
from headwater.surveys.errors import SurveyClosed, SurveyRefused
from headwater.surveys.models import Offer
from headwater.surveys.words import WORDS
from tests.factories import MAIL, PASSWORD, SYSTEM, incoming, make_agent, make_case

pytestmark = pytest.mark.django_db


def solved(
    body: str = "My webhooks fail.", *, reply: bool = True, case: Case | None = None
) -> Case:
    """A case that was answered and solved."""
    case = case or make_case(body=body)
    agent = make_agent()
    if reply:
        case_acts.send_reply(case, "Done.", agent=agent, actor=SYSTEM, solve=True)
    else:
        case_acts.solve_case(case, cause="", actor=SYSTEM)
    return case_queries.case_for_system(case.pk)


def asked(case: Case) -> Offer:
    offer = acts.decide(case.pk, actor=SYSTEM)
    assert offer is not None
    return offer


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def link(offer: Offer, score: int) -> str:
    return path(links.answer_url(offer, score))


def make_lead(name: str) -> Agent:
    return create_agent(
        email=f"{name}@example.com", name=name, password="correct horse battery", actor=SYSTEM,
        role="lead",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"opted_out": True}, "want no surveys"),
        ({"written_by_user": False}, "wrote nothing"),
        ({"answered_by_us": False}, "Nobody answered"),
        ({"machine": True}, "machine"),
        ({"bouncing": True}, "comes back"),
        ({"last_asked_at": datetime(2026, 11, 1)}, "short while"),
        ({"last_asked_at": datetime(2026, 10, 24)}, ""),
    ],
)
def test_who_is_asked(changes: dict[str, object], said: str) -> None:
    usual = {
        "opted_out": False, "answered_by_us": True, "written_by_user": True, "bouncing": False,
        "machine": False, "last_asked_at": None,
    }  # fmt: skip
    about = rules.Circumstances(**(usual | changes))  # type: ignore[arg-type]
    reason = rules.why_not(about, datetime(2026, 11, 23), timedelta(days=30))
    assert said in reason
    assert bool(said) == bool(reason)


def test_every_language_has_every_word() -> None:
    for language, words in WORDS.items():
        assert words.keys() == WORDS["en"].keys(), language
        for name, text in WORDS["en"].items():
            places = re.findall(r"{\w+}", text)
            assert sorted(re.findall(r"{\w+}", words[name])) == sorted(places), (language, name)


def test_asked_once_after_the_delay_in_the_users_language() -> None:
    case = solved("Guten Tag, unsere Webhooks kommen seit gestern nicht mehr an. Vielen Dank!")
    tasks.look({})
    assert not Job.objects.filter(name="surveys.offer").exists()
    Case.objects.filter(pk=case.pk).update(solved_at=utc_now() - timedelta(hours=25))
    for _ in range(2):
        tasks.look({})
        for job in Job.objects.filter(name="surveys.offer"):
            tasks.offer(job.payload)
    (offer,) = Offer.objects.all()
    (mail,) = OutgoingMail.objects.filter(kind="survey")
    assert (offer.state, offer.language) == ("offered", "de")
    assert mail.recipient == case.person.email
    assert "Sehr zufrieden" in mail.payload["body"]
    assert len(re.findall(r"/survey/", mail.payload["body"])) == 5


def test_reopened_in_the_meantime_nobody_is_asked() -> None:
    case = solved()
    case_acts.add_user_message(case, incoming("Still broken."), actor=MAIL)
    assert acts.decide(case.pk, actor=SYSTEM) is None
    assert not Offer.objects.exists()


def test_one_person_is_asked_once_in_a_while_and_the_row_says_why_not() -> None:
    first = solved()
    second = case_acts.open_case(
        person=first.person, subject="Again", message=incoming(), actor=MAIL
    )
    assert asked(first).state == "offered"
    assert asked(solved(case=second)).reason == "They were asked a short while ago."
    assert asked(solved(reply=False)).reason == "Nobody answered them."
    assert OutgoingMail.objects.filter(kind="survey").count() == 1


def test_a_scanner_that_opens_every_link_changes_nothing() -> None:
    offer = asked(solved())
    (mail,) = OutgoingMail.objects.filter(kind="survey")
    urls = re.findall(r"https?://\S+", mail.payload["body"])
    assert len(urls) == 6
    scanner = Client(enforce_csrf_checks=True)
    for url in urls:
        for method in (scanner.get, scanner.head, scanner.options):
            assert method(path(url)).status_code in (200, 405)
    offer.refresh_from_db()
    assert (offer.score, offer.answered_at) == (None, None)
    assert offer.person.surveys_off_at is None


def test_opening_chooses_and_confirming_records_the_last_answer() -> None:
    offer, browser = asked(solved()), Client()
    page = browser.get(link(offer, 4)).content.decode()
    assert re.search(r'value="4" checked', page)
    assert page.count("checked") == 1
    for score, comment in [("4", ""), ("5", "All good: sk_live_51HeadwaterTestKey0000000000")]:
        shown = browser.post(link(offer, 4), {"score": score, "comment": comment})
        assert shown.status_code == 200
    offer.refresh_from_db()
    assert offer.score == 5
    assert offer.comment.startswith("All good")
    assert "51HeadwaterTestKey" not in offer.comment
    events = [
        e.data["score"] for e in case_queries.events_of(offer.case) if e.kind == "survey.answered"
    ]
    assert events == [4, 5]
    assert queries.satisfaction(utc_now() - timedelta(days=1), utc_now()) == (
        queries.Satisfaction(asked=1, answered=1, satisfied=1)
    )


@pytest.mark.parametrize("score", ["", "0", "6", "x", "45", "²"])
def test_a_score_that_is_none_records_nothing(score: str) -> None:
    offer = asked(solved())
    assert Client().post(link(offer, 4), {"score": score}).status_code == 410
    offer.refresh_from_db()
    assert offer.score is None


def test_a_low_score_brings_the_case_back_to_a_lead_once() -> None:
    busy, free = make_lead("busy"), make_lead("free")
    case_acts.assign_case(make_case(), busy, actor=SYSTEM)
    offer = asked(solved())
    acts.answer(offer.pk, 2, "Nobody understood me.")
    case = case_queries.case_for_system(offer.case_id)
    assert (case.state, case.assignee_id) == ("ours", free.pk)
    case_acts.solve_case(case, cause="x", actor=SYSTEM)
    acts.answer(offer.pk, 1, "Still nobody.")
    assert case_queries.case_for_system(offer.case_id).state == "solved"
    # Asked and answered: the second solving does not ask the same person again.
    assert asked(case).state == "skipped"


def test_the_case_that_stands_for_a_merged_one_comes_back() -> None:
    case = solved()
    offer = asked(case)
    other = case_acts.open_case(person=case.person, subject="x", message=incoming(), actor=MAIL)
    merging.merge_case(case, solved(case=other), reason="", actor=SYSTEM)
    acts.answer(offer.pk, 1, "")
    assert case_queries.case_for_system(other.pk).state == "ours"
    assert case_queries.case_for_system(case.pk).state == "merged"


def test_closed_withdrawn_and_changed_links_take_nothing() -> None:
    offer = asked(solved())
    with pytest.raises(SurveyClosed):
        acts.answer(offer.pk, 5, "", now=utc_now() + timedelta(days=28, seconds=1))
    assert Client().get(link(offer, 5)[:-4] + "abc/").status_code == 410
    acts.withdraw(offer.pk, reason="wrong person", actor=SYSTEM)
    answer = Client().post(link(offer, 5), {"score": "5"})
    assert answer.status_code == 410
    assert b"This question is closed." in answer.content
    with pytest.raises(SurveyRefused):
        acts.withdraw(offer.pk, reason="", actor=SYSTEM)


def test_one_click_ends_surveys_for_good() -> None:
    offer = asked(solved())
    stop = path(links.stop_url(offer.person))
    program = Client(enforce_csrf_checks=True)
    assert b"Send me no surveys" in program.get(stop).content
    for _ in range(2):
        assert program.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    again = solved(
        case=case_acts.open_case(person=offer.person, subject="x", message=incoming(), actor=MAIL)
    )
    assert asked(again).reason == "They want no surveys."
    assert Client().post(stop[:-4] + "abc/").status_code == 410


def test_the_desk_shows_what_was_said() -> None:
    desk, agent = Client(), make_agent()
    assert desk.login(username=agent.email, password=PASSWORD)
    offer = asked(solved())
    acts.answer(offer.pk, 2, "Too slow <b>")
    page = desk.get("/surveys/").content.decode()
    assert "Too slow &lt;b&gt;" in page
    assert "satisfied: 0 of 1 answers" in page
    case = desk.get(f"/cases/{offer.case_id}/").content.decode()
    assert "says of our help: 2 of 5" in case
    other = asked(solved(reply=False))
    assert other.reason in desk.get("/surveys/?all=1").content.decode()
    open_one = asked(solved())
    desk.post(f"/surveys/{open_one.pk}/withdraw/")
    open_one.refresh_from_db()
    assert open_one.state == "withdrawn"


def test_from_the_command_line() -> None:
    case = solved()
    told = CliRunner().invoke(cli, ["surveys", "offer", case.pk])
    assert "is asked" in told.output
    again = CliRunner().invoke(cli, ["surveys", "offer", case.pk])
    assert again.exit_code == 1
    acts.answer(Offer.objects.get().pk, 5, "Thanks")
    listed = CliRunner().invoke(cli, ["surveys", "list"]).output
    assert "5 of 5     Thanks" in listed
    assert "1 asked, 1 answered, 1 satisfied: too few for a share." in listed


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one_row_and_one_return() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time.")
    make_lead("lead")
    offer = asked(solved())
    gate = threading.Barrier(4)

    def say(score: int) -> None:
        gate.wait()
        acts.answer(offer.pk, score, f"{score}")
        connections.close_all()

    threads = [threading.Thread(target=say, args=(1 + number % 2,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kinds = [event.kind for event in case_queries.events_of(offer.case)]
    assert kinds.count("case.assigned") == 1
    assert Offer.objects.get().score in (1, 2)


def test_a_share_comes_with_how_sure_it_is() -> None:
    desk, agent = Client(), make_agent()
    assert desk.login(username=agent.email, password=PASSWORD)
    for score in [5] * 36 + [2] * 4:
        offer = asked(solved())
        Offer.objects.filter(pk=offer.pk).update(score=score)
    page = desk.get("/surveys/").content.decode()
    assert "90%" in page
    assert "between 77% and 96%" in page
    listed = CliRunner().invoke(cli, ["surveys", "list"]).output
    assert "40 answered, 36 satisfied: 90% (between 77% and 96%)." in listed
