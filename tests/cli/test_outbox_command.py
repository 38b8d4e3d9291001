"""`headwater outbox`: what has not left, another attempt, taking back."""

import pytest
from click.testing import CliRunner

from headwater.cases.acts import send_reply
from headwater.cases.models import Draft
from headwater.cli.main import cli
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox.models import OutgoingMail
from tests.factories import make_agent, make_case

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["outbox", *arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.output


def test_list_retry_cancel() -> None:
    agent = make_agent()
    case = make_case()
    send_reply(case, "Hello", agent=agent, actor=agent.actor())
    row = OutgoingMail.objects.get()
    code, output = run("list")
    assert code == 0
    assert "1 queued" in output
    assert row.id in output

    outbox.begin_attempt(row.id, turn=1, message_id="<a@b>")
    outbox.settle_stuck(row.id, "no route")
    code, output = run("list")
    assert code == 1
    assert "no route" in output

    code, output = run("retry", row.id)
    assert (code, OutgoingMail.objects.get().state) == (0, "queued")
    code, output = run("retry", row.id)
    assert code == 1
    assert "not waiting for another attempt" in output

    code, output = run("cancel", row.id)
    assert (code, Draft.objects.get(case=case).body) == (0, "Hello")
    code, output = run("list")
    assert row.id not in output
    assert row.id in run("list", "--all")[1]
    assert run("cancel", "out_none")[0] == 1
