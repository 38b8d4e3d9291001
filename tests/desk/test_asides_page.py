"""Side conversations on the desk and from the command line."""

from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from headwater.accounts.models import Agent
from headwater.channels.asides.models import Aside, AsideMessage
from headwater.cli.main import cli
from headwater.kit.outbox.models import OutgoingMail
from tests.factories import make_case


def test_asking_writing_closing(desk: Client) -> None:
    case = make_case()
    address = f"/cases/{case.pk}/asides/"
    form = {"action": "open", "party": "bank", "to": "x@bank.example", "subject": "Trace"}
    refused = desk.post(address, form | {"body": " "})
    assert refused.status_code == 409
    assert b"The mail is empty" in refused.content
    assert b"x@bank.example" in refused.content
    form["files"] = SimpleUploadedFile("a.txt", b"po_1")  # type: ignore[assignment]
    page = desk.post(address, form | {"body": "Where is it?", "wait": "1"}, follow=True)
    assert b"Where is it?" in page.content
    assert b"a.txt" in page.content
    case.refresh_from_db()
    assert (case.state, case.snoozed_for) == ("snoozed", "aside")
    aside = Aside.objects.get()
    desk.post(address, {"action": "write", "aside": aside.pk, "body": "And now?"})
    assert OutgoingMail.objects.filter(kind="aside").count() == 2
    desk.post(address, {"action": "close", "aside": aside.pk})
    aside.refresh_from_db()
    assert aside.state == "closed"
    shown = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "asked somebody else: Trace (x@bank.example)" in shown
    assert "until a third party answers" in shown
    other = make_case()
    wrong = desk.post(f"/cases/{other.pk}/asides/", {"action": "write", "aside": aside.pk})
    assert wrong.status_code == 400
    message = AsideMessage.objects.first()
    assert message is not None
    file = f"{address}{aside.pk}/files/{message.pk}/0/"
    assert desk.get(file).status_code == 404


def test_the_page_asks_the_store_no_more_for_more_mails(
    desk: Client, agent: Agent, at_most
) -> None:  # type: ignore[no-untyped-def]
    from headwater.channels.asides.acts import open_aside, write_aside

    case = make_case()
    for number in range(3):
        aside = open_aside(
            case, party="other", to="x@bank.example", subject=f"Trace {number}", body="?",
            agent=agent, actor=agent.actor(),
        )  # fmt: skip
        for _ in range(3):
            write_aside(aside, "?", agent=agent, actor=agent.actor(), files=[("a.txt", b"x")])
    with at_most(12):
        desk.get(f"/cases/{case.pk}/asides/")


def test_the_commands(agent: Agent) -> None:
    case, run = make_case(), CliRunner()

    def said(*arguments: str) -> str:
        done = run.invoke(cli, ["cases", "aside", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    assert "None yet" in said("list", case.pk)
    made = said(
        "open", case.pk, "Where?", "--party", "operations", "--to", "ops@us.example",
        "--subject", "Trace", "--as", agent.email,
    )  # fmt: skip
    aside_id = made.split(" ")[0]
    said("write", aside_id, "And now?", "--as", agent.email)
    assert "closed" in said("close", aside_id)
    assert "open" in said("close", aside_id, "--again")
    assert "And now?" in said("list", case.pk)
    assert '"party": "operations"' in said("list", case.pk, "--json")
