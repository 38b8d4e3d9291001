"""A case of its own made of some messages: referred to, never moved, never shown twice."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from headwater.cases import acts, delivery, files, ledger, merging, queries
from headwater.cases.clocks import settle
from headwater.cases.errors import CaseError
from headwater.cases.handling.splitting import referred_messages, split_case, split_off
from headwater.cases.links import link_cases, unlink_cases
from headwater.cases.models import Case, CaseEvent, Message
from headwater.channels.queries import raw_mails_of_case
from headwater.channels.replies import reply_mail
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case


def fresh(case: Case) -> Case:
    return queries.case_for_system(case.pk)


def shown(case: Case) -> list[str]:
    return [message.pk for message in queries.messages_of(fresh(case))]


@pytest.mark.django_db
def test_the_new_case_refers_and_nothing_moves() -> None:
    agent, case = make_agent(), make_case(age=timedelta(hours=3))
    later = acts.add_user_message(case, incoming("And my payout is late."), actor=MAIL)
    before = shown(case)
    new = split_case(case, [later.pk], subject="Late  payout", reason="two things", actor=SYSTEM)
    assert shown(case) == before
    assert shown(new) == [later.pk]
    assert Message.objects.get(pk=later.pk).case_id == case.pk
    assert (new.subject, new.state, new.person_id) == ("Late payout", "ours", case.person_id)
    assert (new.message_count, new.last_message_preview) == (1, "And my payout is late.")
    assert referred_messages(new) == {later.pk: case.pk}
    assert {key: each.pk for key, each in split_off(case).items()} == {later.pk: new.pk}
    links = [(each.case_id, each.other_id, each.kind) for each in queries.links_of(case)]
    assert links == [(new.pk, case.pk, "split")]
    assert links == [(e.case_id, e.other_id, e.kind) for e in queries.links_of(new)]
    # Its own promises begin now, those of the first case go on.
    promised = queries.clocks_of(new).get(target="first_reply")
    assert promised.started_at == new.opened_at > case.opened_at
    assert queries.clocks_of(case).filter(ended_at=None).count() == 2
    assert Job.objects.filter(name="diagnosis.diagnose_case", payload__case_id=new.pk).exists()
    # An answer in it answers the message that was split off.
    reply = acts.send_reply(new, "On its way.", agent=agent, actor=SYSTEM)
    assert "And my payout is late." in (reply_mail(reply, "<x@y>").quote or _no()).text
    assert fresh(case).state == "ours"
    delivery.cancel_reply(reply, actor=SYSTEM)
    assert fresh(new).last_message_preview == "And my payout is late."


def _no() -> None:
    pytest.fail("The reply quotes nothing.")


@pytest.mark.django_db
def test_what_cannot_be_split_is_refused() -> None:
    agent, case, other = make_agent(), make_case(), make_case()
    more = acts.add_user_message(case, incoming("More."), actor=MAIL)
    unsent = acts.send_reply(case, "Hi", agent=agent, actor=SYSTEM)
    for ids, subject, word in [
        ([more.pk], " ", "needs a subject"),
        ([], "x", "Choose messages"),
        ([more.pk, *shown(other)], "x", "Choose messages"),
        (shown(case), "x", "whole conversation"),
        ([unsent.pk], "x", "has not left"),
    ]:
        with pytest.raises(CaseError, match=word):
            split_case(case, ids, subject=subject, actor=SYSTEM)
    new = split_case(case, [more.pk], subject="x", actor=SYSTEM)
    with pytest.raises(CaseError, match=new.pk):
        split_case(case, [more.pk], subject="again", actor=SYSTEM)
    assert Case.objects.count() == 3


@pytest.mark.django_db
def test_notes_alone_are_no_word_between_us_and_the_user() -> None:
    agent, case = make_agent(), make_case()
    note = acts.add_note(case, "Also look at the payouts.", agent=agent, actor=SYSTEM)
    new = split_case(case, [note.pk], subject="Payouts", actor=SYSTEM)
    assert new.last_message_at is None
    assert queries.clocks_of(new).filter(ended_at=None).count() == 2


@pytest.mark.django_db
def test_files_and_mails_go_with_their_messages() -> None:
    agent, case = make_agent(), make_case()
    files.attach_file(case, name="log.txt", data=b"x", agent=agent, actor=SYSTEM)
    reply = acts.send_reply(case, "See the file.", agent=agent, actor=SYSTEM)
    delivery.mark_sent(reply, actor=SYSTEM, rfc_message_id="<a@b>")
    files.attach_file(case, name="draft.txt", data=b"y", agent=agent, actor=SYSTEM)
    new = split_case(case, [reply.pk], subject="The file", actor=SYSTEM)
    (kept,) = files.files_of(new)
    assert kept.name == "log.txt"
    found = files.file_of(new, kept.pk)
    assert found is not None
    assert bytes(found.content.data) == b"x"
    assert len(files.files_of(case)) == 2
    assert raw_mails_of_case(new) == {}


@pytest.mark.django_db
def test_links_are_told_on_both_sides_and_taken_back() -> None:
    case, other = make_case(), make_case()
    for _ in range(2):
        link_cases(case, other, kind="duplicate", reason="same", actor=SYSTEM)
    assert unlink_cases(other, case, kind="duplicate", actor=SYSTEM)
    assert not unlink_cases(case, other, kind="duplicate", actor=SYSTEM)
    assert queries.links_of(case) == []
    for each in (case, other):
        kinds = queries.events_of(each).filter(kind__contains="linked")
        assert list(kinds.values_list("kind", flat=True)) == ["case.linked", "case.unlinked"]
    with pytest.raises(CaseError, match="itself"):
        link_cases(case, case, kind="duplicate", reason="", actor=SYSTEM)
    with pytest.raises(CaseError, match="no kind"):
        link_cases(case, other, kind="sibling", reason="", actor=SYSTEM)


happenings = st.lists(
    st.tuples(
        st.sampled_from(["user", "note", "split", "split", "merge", "merge", "unmerge"]),
        st.integers(0, 7),
        st.integers(0, 7),
    ),
    max_size=12,
)


@pytest.mark.slow
class Histories(TestCase):
    @hypothesis_settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(happenings=happenings)
    def test_every_message_stays_and_is_shown_once(
        self, happenings: list[tuple[str, int, int]]
    ) -> None:
        agent, cases = make_agent(), [make_case()]
        home: dict[str, str] = dict.fromkeys(shown(cases[0]), cases[0].pk)
        events = 0
        for what, one, two in happenings:
            case, other = cases[one % len(cases)], cases[two % len(cases)]
            with suppress(CaseError):
                _do(what, case, other, two, cases, agent)
            for message in Message.objects.exclude(pk__in=home):
                home[message.pk] = message.case_id
            _check(cases, home)
            assert CaseEvent.objects.count() >= events
            events = CaseEvent.objects.count()


def _do(what: str, case: Case, other: Case, number: int, cases: list[Case], agent: object) -> None:
    if what == "user":
        acts.add_user_message(case, incoming(f"More {number}"), actor=MAIL)
    elif what == "note":
        acts.add_note(case, "Hm", agent=agent, actor=SYSTEM)  # type: ignore[arg-type]
    elif what == "split":
        talk = shown(case)
        chosen = [pk for place, pk in enumerate(talk) if place % 2 == number % 2]
        cases.append(split_case(case, chosen, subject="Part", actor=SYSTEM))
    elif what == "merge":
        merging.merge_case(fresh(case), fresh(other), reason="", actor=SYSTEM)
    else:
        merging.unmerge_case(fresh(case), actor=SYSTEM)


def _check(cases: list[Case], home: dict[str, str]) -> None:
    assert dict(Message.objects.values_list("pk", "case_id")) == home
    for case in cases:
        talk = shown(case)
        assert len(talk) == len(set(talk))
        # Its own, those it was split off with, and those of what was merged into it.
        whole = queries.ids_of(fresh(case))
        wanted = {pk for pk, at in home.items() if at in whole}
        for each in whole:
            wanted |= set(referred_messages(queries.case_for_system(each)))
        assert set(talk) == wanted
        now = utc_now()
        log = {each.key: each for each in queries.recomputed_clocks(case, now)}
        assert {each.key: settle(each, now) for each in ledger.stored_clocks(case)} == log
