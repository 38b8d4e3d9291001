"""Mail out of files: every mail once, whatever the files look like and however often they come."""

import mailbox
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction

from headwater.accounts.acts import record_person
from headwater.accounts.models import AccountLink
from headwater.cases.models import Case, Clock, Message
from headwater.cases.queries import events_of, messages_of
from headwater.channels import bulk, sources
from headwater.channels.acts import receive_mail
from headwater.channels.ingest import ingest_files
from headwater.channels.marks import mark_bouncing, mark_of
from headwater.channels.models import RawMail
from headwater.channels.sources import mails_in
from headwater.cli.main import cli
from headwater.kit.jobs.models import Job
from headwater.kit.outbox.models import OutgoingMail
from tests.channels.conftest import OWNER, SUPPORT, work, write
from tests.factories import SYSTEM, make_account


def raws(*paths: Path) -> list[bytes | None]:
    return [found.raw for found in mails_in(paths)]


def mbox_of(path: Path, *mails: bytes) -> Path:
    """Written by the standard library, in the common form."""
    box = mailbox.mbox(path)
    for raw in mails:
        box.add(raw)
    box.close()
    return path


def test_folder_mbox_and_maildir_give_the_same_mails(tmp_path: Path) -> None:
    mails = [write(f"Mail {n}\n\nFrom here on it fails.\n") for n in range(5)]
    folder, box = tmp_path / "eml" / "deep", mailbox.Maildir(tmp_path / "dir")
    folder.mkdir(parents=True)
    for n, raw in enumerate(mails):
        (folder / f"{n}.eml").write_bytes(raw)
        box.add(raw)
    (folder / "notes.txt").write_text("not a mail")
    assert raws(folder.parent) == mails
    assert raws(mbox_of(tmp_path / "x.mbox", *mails)) == mails
    assert sorted(filter(None, raws(tmp_path / "dir"))) == sorted(mails)
    everything = [one for one in mails_in([tmp_path]) if one.raw]
    assert len(everything) == 15


def test_an_mbox_is_cut_only_where_a_mail_begins(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    path.write_bytes(
        b"From ada@shop.example Mon Jan  5 10:00:00 2026\r\n"
        b"Subject: one\r\n\r\nText.\r\n\r\n"
        b"From 10:00 on 5 Jan 2026 it failed, and\r\n"
        b">From then on twice. >>From is quoted.\r\n>>From deeper\r\n\r\n"
        b"From MAILER-DAEMON Mon Jan  5 11:00:00 2026\r\n"
        b"Subject: two\r\n\r\nlast line without an end"
    )
    first, second = mails_in([path])
    assert first.raw == (
        b"Subject: one\r\n\r\nText.\r\n\r\nFrom 10:00 on 5 Jan 2026 it failed, and\r\n"
        b"From then on twice. >>From is quoted.\r\n>From deeper\r\n"
    )
    assert (first.envelope_from, second.envelope_from) == ("ada@shop.example", "")
    assert second.raw == b"Subject: two\r\n\r\nlast line without an end"
    assert second.place.startswith(f"{path}@") and first.place == f"{path}@0"
    assert first.size + second.size == path.stat().st_size


def test_what_is_too_large_is_named_and_the_rest_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 2_000)
    big = write("x" * 60 + "\n" + "y" * 70 + "\n" * 3_000)
    box = mbox_of(tmp_path / "a.mbox", write("small"), big, write("small too"))
    (tmp_path / "b.eml").write_bytes(big)
    report = ingest_files([tmp_path, tmp_path / "gone.eml"])
    assert (report.seen, report.stored, len(report.refused)) == (5, 2, 3)
    assert str(box) in report.refused[0] and "2,000 are accepted" in report.refused[0]
    assert "gone.eml: The file cannot be read" in report.refused[2]


def test_again_changes_nothing_and_answers_find_their_case(tmp_path: Path, db: None) -> None:
    first = write("It fails.", Message_ID="<first@shop.example>")
    answer = write("Still.", In_Reply_To="<first@shop.example>")
    mbox_of(tmp_path / "a.mbox", first, answer, first, b"Subject: nobody\n\nhelp\n")
    for known in (1, 4):
        report = ingest_files([tmp_path])
        assert (report.seen, report.known) == (4, known)
        assert Case.objects.count() == 1
        assert Message.objects.count() == 2
        assert sorted(RawMail.objects.values_list("status", flat=True)) == [
            "ingested",
            "ingested",
            "quarantined",
        ]
    assert not Job.objects.filter(name__startswith="channels.").exists()
    assert RawMail.objects.filter(source=f"{tmp_path}/a.mbox@0", entrance="file").count() == 1


@pytest.mark.parametrize(
    "place", ["headwater.channels.acts.incoming_of", "headwater.cases.acts._new_incoming"]
)
def test_one_mail_that_cannot_be_filed_does_not_stop_its_batch(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    for n in range(3):
        (tmp_path / f"{n}.eml").write_bytes(write(f"Number {n}"))
    module, _, name = place.rpartition(".")
    real = getattr(import_module(module), name)

    def broken(*given: Any) -> Any:
        if "Number 1" in str(given):
            raise ValueError("cannot be filed")
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(place, broken)
        assert ingest_files([tmp_path]).stored == 3
    assert Case.objects.count() == 2
    # It has a job of its own by now, and the worker files it.
    work()
    assert Case.objects.count() == 3


def test_mails_filed_together_are_as_those_filed_alone(tmp_path: Path, db: None) -> None:
    """Whatever is in one batch: answers, repeats, strangers, a known account, machine mail."""
    first = write("It fails.", Message_ID="<1@shop.example>", Subject="One")
    mails = [
        first,
        write("Another matter.", Message_ID="<2@shop.example>"),
        write("Still fails.", In_Reply_To="<1@shop.example>", Message_ID="<3@shop.example>"),
        write("Me too.", sender="eve@other.example", References="<1@shop.example>"),
        first.replace(b"Subject: One", b"Subject: Sent again"),
        write("Another text.", Message_ID="<2@shop.example>"),
        write("Away.", Auto_Submitted="auto-replied", In_Reply_To="<2@shop.example>"),
        write("", sender="", Message_ID="<4@shop.example>"),
        write("No id.", Message_ID=""),
    ]
    person = record_person(email=OWNER, name="", actor=SYSTEM)
    account = make_account(email=OWNER)
    AccountLink.objects.create(person=person, platform_account=account)
    found = []
    for together in (True, False):
        box = "together@headwater.test" if together else SUPPORT
        with transaction.atomic():
            for n, raw in enumerate(mails):
                (tmp_path / f"{n}.eml").write_bytes(raw)
            if together:
                assert ingest_files([tmp_path], mailbox=box).stored == len(mails)
                asked = Job.objects.filter(name="diagnosis.diagnose_case").values_list("dedupe")
                assert {key for (key,) in asked} == {
                    f"diagnose:{one.id}" for one in Case.objects.all()
                }
            else:
                for raw in mails:
                    arrival = {"envelope_from": "", "envelope_to": (box,), "entrance": "file"}
                    receive_mail(raw, mailbox=box, **arrival)
                work()
            found.append(picture(box))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert len(found[0]["cases"]) == 5


def test_mail_out_of_files_is_not_answered_by_a_machine(
    tmp_path: Path, db: None, settings: Any
) -> None:
    settings.HEADWATER_ACKNOWLEDGE = True
    mark_bouncing(OWNER, permanent=True, status="5.1.1", reason="gone")
    (tmp_path / "old.eml").write_bytes(write())
    assert ingest_files([tmp_path]).stored == 1
    assert Case.objects.count() == 1 and not OutgoingMail.objects.exists()
    # Whoever writes from an address reads there too.
    assert mark_of(OWNER) is None
    bulk.receive_mails([bulk.Arrival(write(sender="b@shop.example"))], entrance="imap")
    work()
    assert OutgoingMail.objects.get().recipient == "b@shop.example"


def picture(box: str) -> dict[str, Any]:
    """What became of the mails to `box`, without ids and times."""
    cases = [
        {
            "subject": case.subject,
            "person": (case.person.email, case.person.name),
            "account": (case.account_id, case.identity),
            "shown": (case.last_message_preview, case.message_count, case.next_due_target),
            "messages": [(one.kind, one.body, one.author_name) for one in messages_of(case)],
            "events": [(one.kind, one.actor_name, sorted(one.data)) for one in events_of(case)],
            "clocks": [
                (one.target, one.cycle, one.state) for one in Clock.objects.filter(case=case)
            ],
        }
        for case in Case.objects.order_by("opened_at")
    ]
    mails = [
        (one.status, one.reason.partition(" of ")[0], one.kind, one.auth,
         one.message.body if one.message else "",
         one.related_case.subject if one.related_case else "")
        for one in RawMail.objects.filter(mailbox=box).order_by("received_at")
    ]  # fmt: skip
    return {"cases": cases, "mails": mails}


def test_a_mail_that_came_another_way_is_known(tmp_path: Path, db: None) -> None:
    raw = write()
    receive_mail(raw, envelope_from=OWNER, envelope_to=[SUPPORT], entrance="smtp")
    (tmp_path / "a.eml").write_bytes(raw)
    assert ingest_files([tmp_path]).known == 1
    assert ingest_files([tmp_path], mailbox="sales@headwater.test").stored == 1


def test_the_command_reports_and_says_what_it_could_not_take(tmp_path: Path, db: None) -> None:
    (tmp_path / "a.eml").write_bytes(write())
    (tmp_path / "b.eml").write_bytes(b"")
    run = CliRunner().invoke
    result = run(cli, ["ingest", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "2 mails seen: 2 stored, 0 already known, 0 not taken. Set aside: 1." in result.stdout
    again = run(cli, ["ingest", str(tmp_path), "--mailbox", "sales"])
    assert again.exit_code == 2 and "Give an address" in again.output
    (tmp_path / "c.eml").symlink_to(tmp_path / "nowhere")
    result = run(cli, ["ingest", str(tmp_path)])
    assert result.exit_code == 1
    assert "0 stored, 2 already known, 1 not taken" in result.stdout
    assert "c.eml: The file cannot be read" in " ".join(result.stderr.split())
