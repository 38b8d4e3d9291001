"""Whatever the order in which mails come, one conversation is one case; each keeps its own time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from secrets import token_hex
from threading import Barrier

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headwater.cases.acts import send_reply
from headwater.cases.models import Case, Clock, Message
from headwater.channels.acts import ingest_mail, receive_mail
from headwater.channels.identity import Directory
from headwater.channels.ingest import ingest_files
from headwater.channels.models import RawMail
from headwater.kit.clock import utc_now
from tests.channels.conftest import OWNER, SUPPORT
from tests.factories import make_agent

NOBODY = Directory(by_email=lambda email: [], by_id=lambda account_id: None)


def mail(
    name: str,
    answers: Sequence[str] = (),
    *,
    sender: str = OWNER,
    date: str = "Mon, 5 Jan 2026 09:00:00 +0000",
    received: str = "",
) -> bytes:
    """`answers` from the oldest to the nearest."""
    lines = [f"From: Ada <{sender}>", f"To: {SUPPORT}", f"Subject: About {name}", f"Date: {date}"]
    lines = ([f"Received: from mx by own; {received}"] if received else []) + lines
    lines.append(f"Message-ID: <{name}@shop.example>")
    if answers:
        ids = [f"<{each}@shop.example>" for each in answers]
        lines += [f"In-Reply-To: {ids[-1]}", f"References: {' '.join(ids)}"]
    return ("\r\n".join([*lines, "", f"This is {name}.", ""])).encode()


# Each mail with those before it in its branch: a root, two answers to it, an answer to one of them.
THREAD = {"root": (), "left": ("root",), "right": ("root",), "leaf": ("root", "left")}


def arrive(raw: bytes) -> RawMail:
    stored = receive_mail(raw, envelope_from=OWNER, envelope_to=[SUPPORT], entrance="mail")
    return ingest_mail(stored.pk, directory=NOBODY)


@pytest.mark.django_db
@pytest.mark.parametrize("order", list(permutations(THREAD)))
def test_a_thread_in_any_order_is_one_case(order: tuple[str, ...]) -> None:
    for name in order:
        arrive(mail(name, THREAD[name]))
    assert Case.objects.count() == 1
    assert Message.objects.count() == len(THREAD)


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_folders_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Three conversations, one a stranger's, in files whose names sort in any order."""
    tag = token_hex(4)  # what came before is known
    mails = {
        f"{thread}{name}{tag}": mail(
            f"{thread}{name}{tag}", [f"{thread}{each}{tag}" for each in before],
            sender=f"{thread}@shop.example",
        )
        for thread in ("one", "two", "six") for name, before in THREAD.items()
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("mails")
    for place, name in enumerate(data.draw(st.permutations(sorted(mails)))):
        (folder / f"{place:03}.eml").write_bytes(mails[name])
    before = Case.objects.count()
    report = ingest_files([folder], mailbox=SUPPORT)
    assert report.stored == len(mails)
    assert Case.objects.count() - before == 3


@pytest.mark.django_db
def test_somebody_elses_answer_gets_a_case_of_its_own() -> None:
    arrive(mail("left", ("root",), sender="eve@other.example"))
    arrive(mail("root"))
    assert Case.objects.count() == 2
    late = RawMail.objects.get(message__body__contains="root")
    assert "has not taken part" in late.reason


def write(folder: Path, name: str, raw: bytes) -> None:
    (folder / f"{name}.eml").write_bytes(raw)


@pytest.mark.django_db
def test_mail_out_of_files_keeps_its_time_and_promises_nothing(tmp_path: Path) -> None:
    write(tmp_path, "1", mail("old", received="Tue, 6 Jan 2026 10:00:00 +0100"))
    write(tmp_path, "2", mail("dated"))
    write(tmp_path, "3", mail("ahead", date="Mon, 5 Jan 2199 09:00:00 +0000"))
    write(tmp_path, "4", mail("epoch", date="Thu, 1 Jan 1970 00:00:00 +0000"))
    ingest_files([tmp_path], mailbox=SUPPORT)
    times = {case.subject.split()[-1]: case.opened_at for case in Case.objects.all()}
    assert times["old"] == datetime(2026, 1, 6, 9, tzinfo=UTC)
    assert times["dated"] == datetime(2026, 1, 5, 9, tzinfo=UTC)
    for name in ("ahead", "epoch"):
        assert utc_now() - times[name] < timedelta(minutes=10)
    promised = set(Clock.objects.values_list("case__subject", flat=True))
    assert promised == {"About ahead", "About epoch"}


@pytest.mark.django_db
def test_an_mbox_and_a_maildir_say_when_a_mail_was_delivered(tmp_path: Path) -> None:
    undated = mail("boxed").replace(b"Date: Mon, 5 Jan 2026 09:00:00 +0000\r\n", b"")
    line = b"From ada@shop.example Wed Jan  7 08:00:00 2026\n"
    (tmp_path / "old.mbox").write_bytes(line + undated.replace(b"\r\n", b"\n") + b"\n")
    for part in ("cur", "new", "tmp"):
        (tmp_path / "kept" / part).mkdir(parents=True)
    long_ago = mail("maildir", date="Thu, 4 Jan 1990 09:00:00 +0000")
    (tmp_path / "kept" / "cur" / "1767859200.M1P2.host:2,S").write_bytes(long_ago)
    write(tmp_path, "1", mail("ahead", received="Tue, 6 Jan 2199 10:00:00 +0000"))
    ingest_files([tmp_path], mailbox=SUPPORT)
    times = {case.subject.split()[-1]: case.opened_at for case in Case.objects.all()}
    assert times == {
        "boxed": datetime(2026, 1, 7, 8, tzinfo=UTC),
        "maildir": datetime(2026, 1, 8, 8, tzinfo=UTC),
        "ahead": datetime(2026, 1, 5, 9, tzinfo=UTC),
    }
    assert not Clock.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_its_question_filed_at_once_are_one_case() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time.")
    pairs = 15
    for number in range(pairs):
        both = [mail(f"root{number}"), mail(f"leaf{number}", (f"root{number}",))]
        stored = [
            receive_mail(raw, envelope_from=OWNER, envelope_to=[SUPPORT], entrance="mail")
            for raw in both
        ]
        together = Barrier(2)

        def file(mail_id: str, together: Barrier = together) -> None:
            try:
                together.wait()
                ingest_mail(mail_id, directory=NOBODY)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(file, [one.pk for one in stored]))
    assert Message.objects.count() == 2 * pairs
    assert Case.objects.count() == pairs


@pytest.mark.django_db
def test_mail_that_comes_in_now_began_now_whatever_it_says() -> None:
    message = arrive(mail("now", received="Tue, 6 Jan 2026 10:00:00 +0100")).message
    assert message is not None and utc_now() - message.created_at < timedelta(minutes=10)
    assert message.case.clocks.count() == 2


@pytest.mark.django_db
def test_an_old_case_that_is_written_to_now_begins_to_promise(tmp_path: Path) -> None:
    write(tmp_path, "1", mail("root"))
    ingest_files([tmp_path], mailbox=SUPPORT)
    case = Case.objects.get()
    assert not case.clocks.exists() and case.next_due_at is None
    agent = make_agent("Sam")
    send_reply(case, "Is it still so?", agent=agent, actor=agent.actor())
    arrive(mail("left", ("root",)))
    assert Message.objects.filter(case=case).count() == 3
    assert {clock.state for clock in case.clocks.all()} == {"running"}
    case.refresh_from_db()
    assert case.next_due_at is not None and case.next_due_at > utc_now()
