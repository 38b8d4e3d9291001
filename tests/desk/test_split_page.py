"""Splitting and linking from the desk and the command line."""

import pytest
from click.testing import CliRunner
from django.test import Client

from headwater.cases import acts
from headwater.cases.models import Case
from headwater.cases.queries import links_of, messages_of
from headwater.cli.main import cli
from tests.factories import MAIL, incoming, make_case
from tests.markup import inline, unlabelled


def test_splitting_and_linking_from_the_desk(desk: Client, scene: dict[str, Case]) -> None:
    case, other = scene["main"], scene["quiet"]
    more = acts.add_user_message(case, incoming("My payout is late too."), actor=MAIL)
    page = desk.get(f"/cases/{case.pk}/split/").content.decode()
    assert unlabelled(page) == []
    assert inline(page) == []
    refused = desk.post(f"/cases/{case.pk}/split/", {"message": more.pk, "subject": " "})
    assert refused.status_code == 409
    assert b"checked" in refused.content
    done = desk.post(f"/cases/{case.pk}/split/", {"message": more.pk, "subject": "Late payout"})
    new = Case.objects.get(subject="Late payout")
    assert done["Location"] == f"/cases/{new.pk}/"
    html = desk.get(f"/cases/{new.pk}/").content.decode()
    assert "My payout is late too." in html
    assert "Split from" in html
    assert "Split off into" in desk.get(f"/cases/{case.pk}/").content.decode()
    assert "Split off already" in desk.get(f"/cases/{case.pk}/split/").content.decode()
    where = f"/cases/{case.pk}/handling/"
    words = {"action": "link", "kind": "duplicate", "other": other.pk, "reason": "same payout"}
    assert desk.post(where, words).status_code == 302
    assert desk.post(where, {**words, "other": "case_nope"}).status_code == 404
    assert desk.post(where, {**words, "kind": "split"}).status_code == 400
    html = desk.get(f"/cases/{other.pk}/").content.decode()
    assert "Told again in" in html
    assert "Another case tells the same: same payout" in html
    assert unlabelled(desk.get(where).content.decode()) == []
    desk.post(where, {"action": "unlink", "link": f"duplicate {other.pk}"})
    assert [each.kind for each in links_of(case)] == ["split"]


@pytest.mark.django_db
def test_splitting_and_linking_from_the_command_line() -> None:
    case, other = make_case(), make_case()
    more = acts.add_user_message(case, incoming("My payout is late too."), actor=MAIL)
    run = CliRunner().invoke
    assert more.pk in run(cli, ["cases", "messages", case.pk]).output
    words = ["cases", "split", case.pk, "--message", more.pk, "--subject", "Payout"]
    made = run(cli, words).output.split(":")[0]
    assert [each.pk for each in messages_of(Case.objects.get(pk=made))] == [more.pk]
    assert run(cli, words).exit_code == 1
    run(cli, ["cases", "link", case.pk, other.pk, "--kind", "problem"])
    assert [each.kind for each in links_of(other)] == ["problem"]
    taken = run(cli, ["cases", "link", case.pk, other.pk, "--kind", "problem", "--remove"])
    assert taken.output == "Taken back.\n"
    assert links_of(other) == []
