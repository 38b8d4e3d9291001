"""The `headwater` command group. Subcommands load when used, so that `--help` stays instant."""

import importlib
from typing import Any

import click

import headwater
from headwater.kit.errors import HeadwaterError

# name -> ("module:command", one-line help). Each room adds its own line.
COMMANDS: dict[str, tuple[str, str]] = {
    "agent": ("headwater.cli.agent:agent", "The people who answer."),
    "answers": ("headwater.cli.answers:answers", "Canned answers by language."),
    "calendar": ("headwater.cli.calendars:calendar", "Working time by a calendar."),
    "cases": ("headwater.cli.cases:cases", "Cases: merging, tags, fields, following, snoozing."),
    "automations": (
        "headwater.cli.automations:automations",
        "What is done by itself when something happens.",
    ),
    "routing": ("headwater.cli.routing:routing", "Queues, priorities and who gets a case."),
    "sla": ("headwater.cli.sla:sla", "Promises to users and their clocks."),
    "demo": ("headwater.cli.demo:demo", "The whole product on a simulated platform."),
    "diagnose": ("headwater.cli.diagnose:diagnose", "Find the causes of a user's problem."),
    "docs": ("headwater.cli.docs:docs", "Look up the API's reference and the help pages."),
    "escalations": (
        "headwater.cli.escalations:escalations",
        "What other teams have to do, and their trackers.",
    ),
    "evidence": ("headwater.cli.evidence:evidence", "What the evidence store holds, and queries."),
    "import": ("headwater.cli.importing:import_", "Bring request logs and tables into the lake."),
    "ingest": ("headwater.cli.ingest:ingest", "Take mail from .eml, mbox and Maildir."),
    "macros": ("headwater.cli.macros:macros", "Several changes and a text at once."),
    "mail": ("headwater.cli.mail:mail", "Mail as it came in: read files, what was set aside."),
    "migrate": ("headwater.cli.serve:migrate", "Create or update the operational store."),
    "outbox": ("headwater.cli.outbox:outbox", "Mail on its way out: what is stuck, and why."),
    "playbooks": (
        "headwater.cli.playbooks:playbooks",
        "The pages that prove a cause: read, prove, run.",
    ),
    "query": ("headwater.cli.query:query", "Ask the evidence with one SELECT."),
    "receive": ("headwater.cli.serve:receive", "Receive mail over SMTP, LMTP and IMAP."),
    "serve": ("headwater.cli.serve:serve", "Run desk, worker and mail receiver together."),
    "surveys": ("headwater.cli.surveys:surveys", "Satisfaction: one question after solving."),
    "sync": ("headwater.cli.sync:sync", "Bring the platform's data into the evidence store."),
    "web": ("headwater.cli.serve:web", "Serve the desk in the browser."),
    "worker": ("headwater.cli.serve:worker", "Run background jobs."),
    "sandbox": ("headwater.cli.sandbox:sandbox", "Build a simulated platform."),
}


class LazyGroup(click.Group):
    """Imports a subcommand's module only when that subcommand is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all subcommands, sorted."""
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand, imported now; None where there is no such name."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the subcommands without importing them."""
        rows = [(name, COMMANDS[name][1]) for name in sorted(COMMANDS)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the subcommand; a HeadwaterError becomes one clear sentence and exit status 1."""
        try:
            return super().invoke(ctx)
        except HeadwaterError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(headwater.__version__, prog_name="headwater")
def cli() -> None:
    """Product support for API platforms: from contact to proven cause."""


if __name__ == "__main__":
    cli()
