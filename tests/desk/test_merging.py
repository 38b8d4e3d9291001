"""Merging on the desk, on the command line, and by mail."""

from click.testing import CliRunner
from django.test import Client

from headwater.cases import acts, merging
from headwater.cases.models import Case
from headwater.cli.main import cli
from tests.factories import MAIL, SYSTEM, incoming, make_case


def pair() -> tuple[Case, Case]:
    first = make_case(body="My payout is late.")
    message = incoming("Where is my payout?")
    second = acts.open_case(person=first.person, subject="Payout", message=message, actor=MAIL)
    return first, second


def test_merging_and_undoing_on_the_desk(desk: Client) -> None:
    first, second = pair()
    page = desk.get(f"/cases/{first.pk}/merge-into/").content.decode()
    assert f'value="{second.pk}"' in page
    shown = desk.post(
        f"/cases/{first.pk}/merge/", {"into": second.pk, "reason": "asked twice"}, follow=True
    )
    text = shown.content.decode()
    assert shown.redirect_chain[-1][0] == f"/cases/{second.pk}/"
    assert "My payout is late." in text
    assert "Where is my payout?" in text
    assert "merged another case into this one: asked twice" in text
    old = desk.get(f"/cases/{first.pk}/").content.decode()
    assert "Merged into another case" in old
    assert 'id="composer"' not in old
    desk.post(f"/cases/{first.pk}/unmerge/", follow=True)
    assert "Where is my payout?" not in desk.get(f"/cases/{first.pk}/").content.decode()
    assert 'id="composer"' in desk.get(f"/cases/{first.pk}/").content.decode()


def test_what_was_refused_is_said_on_the_page(desk: Client) -> None:
    first, other = make_case(), make_case()
    answer = desk.post(f"/cases/{first.pk}/merge/", {"into": other.pk})
    assert b"different people" in answer.content
    assert b"Choose the case" in desk.post(f"/cases/{first.pk}/merge/", {"into": "x"}).content


def test_a_merged_case_waits_in_no_queue(desk: Client) -> None:
    first, second = pair()
    merging.merge_case(first, second, reason="", actor=SYSTEM)
    for view in ("ours", "free", "late", "solved"):
        rows = desk.get(f"/cases/?view={view}").context["rows"]
        assert first.pk not in [row.id for row in rows]


def test_merging_from_the_command_line(db: None) -> None:
    first, second = pair()
    done = CliRunner().invoke(cli, ["cases", "merge", first.pk, second.pk])
    assert done.output == f"{first.pk} is merged into {second.pk}, which is ours to act.\n"
    again = CliRunner().invoke(cli, ["cases", "merge", first.pk, second.pk])
    assert again.exit_code == 1
    assert "is merged into" in again.output
    undone = CliRunner().invoke(cli, ["cases", "unmerge", first.pk])
    assert undone.output == f"{first.pk} stands for itself again and is ours to act.\n"
