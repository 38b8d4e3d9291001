"""What cannot be read or placed is set aside with a reason, and can be read again."""

from collections.abc import Callable

import pytest

from headwater.cases.models import Case
from headwater.channels import mime, queries
from headwater.channels.acts import receive_mail
from headwater.channels.errors import MailNotFound, ReplayRefused
from headwater.channels.models import RawMail
from headwater.channels.quarantine import replay_mails
from headwater.kit.actors import Actor
from headwater.kit.jobs.models import Job
from tests.channels.conftest import OWNER, SUPPORT, work, write

Arrive = Callable[[bytes], RawMail]
AGENT = Actor("agent", "agt_1", "Sam", "desk")


def test_unreadable_mail_is_kept_and_replayed(
    arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\r\nFrom: a@b.example\r\n\r\n" + (
        b"--b\r\n\r\npart\r\n" * 30
    )
    with monkeypatch.context() as patch:
        patch.setattr(mime, "MAX_PARTS", 10)
        mail = arrive(raw)
        assert mail.status == "quarantined"
        assert "more than 10 parts" in mail.reason
        assert bytes(mail.raw) == raw
        assert list(queries.quarantined()) == [mail]
    # A later version reads more; the mail then becomes a case.
    replay_mails([mail.id], actor=AGENT)
    work()
    mail.refresh_from_db()
    assert mail.status == "ingested"
    assert Case.objects.get().person.email == "a@b.example"


def test_one_bad_mail_does_not_stop_the_others(arrive: Arrive) -> None:
    for raw in (b"\r\n\r\n", write("Before"), b"\n", write("After")):
        receive_mail(raw, envelope_from="", envelope_to=[SUPPORT], entrance="smtp")
    work()
    assert Case.objects.count() == 2
    assert queries.reconciliation() == {
        "stored": 0,
        "ingested": 2,
        "quarantined": 2,
        "duplicate": 0,
        "discarded": 0,
    }


def test_missing_from_falls_back_to_the_envelope(arrive: Arrive) -> None:
    mail = arrive(b"Subject: no from\r\n\r\nhelp")
    assert mail.message is not None
    assert mail.message.case.person.email == OWNER
    assert mail.message.case.identity == "unknown"


def test_nobody_to_answer(db: None) -> None:
    mail = receive_mail(
        b"Subject: x\r\n\r\nhelp", envelope_from="", envelope_to=[], entrance="smtp"
    )
    work()
    mail.refresh_from_db()
    assert (mail.status, Case.objects.count()) == ("quarantined", 0)
    assert "no sender" in mail.reason


def test_filing_that_keeps_failing_ends_in_quarantine(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the store is on fire")

    mail = receive_mail(write(), envelope_from=OWNER, envelope_to=[SUPPORT], entrance="smtp")
    Job.objects.update(max_attempts=1)
    with monkeypatch.context() as patch:
        patch.setattr("headwater.channels.acts.open_case", broken)
        work()
    mail.refresh_from_db()
    assert mail.status == "quarantined"
    assert "on fire" in mail.reason
    replay_mails([mail.id], actor=AGENT)
    work()
    mail.refresh_from_db()
    assert mail.status == "ingested"


def test_only_what_was_set_aside_is_replayed(arrive: Arrive) -> None:
    mail = arrive(write())
    with pytest.raises(ReplayRefused, match="in a case"):
        replay_mails([mail.id], actor=AGENT)
    with pytest.raises(MailNotFound):
        replay_mails(["mail_none"], actor=AGENT)
