"""`headwater cases aside`: mail about a case with somebody else than its user."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from headwater.cli.case_options import AS, AS_AGENT, CASE, JSON, acting, agent_at, echo_json
from headwater.cli.serve import require_store

if TYPE_CHECKING:
    from headwater.channels.asides.models import Aside

_FILES = click.option("--file", "paths", multiple=True, type=click.Path(path_type=Path, dir_okay=False, exists=True), help="A file that goes with it; repeatable.")  # noqa: E501  # fmt: skip
_ASIDE = click.argument("aside_id", metavar="ASIDE")


@click.group()
def aside() -> None:
    """Side conversations: mail with a team, a bank or somebody else, unseen by the user."""


@aside.command("list")
@CASE
@JSON
def list_(case_id: str, as_json: bool) -> None:
    """The side conversations of CASE and what was written in them."""
    require_store()
    from headwater.cases.queries import case_for_system
    from headwater.channels.asides.queries import asides_of

    rows = [
        {
            "aside": each.pk, "party": each.party, "state": each.state, "subject": each.subject,
            "with": each.recipients,
            "messages": [
                {"at": one.at.isoformat(), "from": one.author_name or one.author_email,
                 "ours": one.agent_id is not None, "body": one.body,
                 "files": [file["name"] for file in one.attachments]}
                for one in sorted(each.messages.all(), key=lambda one: one.at)
            ],
        }
        for each in asides_of(case_for_system(case_id))
    ]  # fmt: skip
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        click.echo(f"{row['aside']}  {row['state']}  {row['party']}  {row['subject']}")
        for one in row["messages"]:
            click.echo(f"    {one['at'][:16]}  {one['from']}: {' '.join(one['body'].split())[:70]}")
    if not rows:
        click.echo("None yet; `cases aside open` begins one.")


@aside.command("open")
@CASE
@click.argument("text")
@click.option("--party", required=True, help="engineering, product, operations, bank or other.")
@click.option("--to", required=True, help="Addresses, separated by commas.")
@click.option("--subject", required=True)
@_FILES
@AS_AGENT
def open_(
    case_id: str,
    text: str,
    party: str,
    to: str,
    subject: str,
    paths: tuple[Path, ...],
    address: str,
) -> None:
    """Write TEXT to somebody else about CASE; answers come back to the case."""
    require_store()
    from headwater.cases.queries import case_for_system
    from headwater.channels.asides.acts import open_aside

    agent = agent_at(address)
    made = open_aside(
        case_for_system(case_id),
        party=party,
        to=to,
        subject=subject,
        body=text,
        agent=agent,
        actor=agent.actor("cli"),
        files=_read(paths),
    )
    click.echo(f"{made.pk} with {', '.join(made.recipients)} is on its way.")


@aside.command()
@_ASIDE
@click.argument("text")
@_FILES
@AS_AGENT
def write(aside_id: str, text: str, paths: tuple[Path, ...], address: str) -> None:
    """Write TEXT to everybody in ASIDE."""
    require_store()
    from headwater.channels.asides.acts import write_aside

    agent = agent_at(address)
    write_aside(_found(aside_id), text, agent=agent, actor=agent.actor("cli"), files=_read(paths))
    click.echo("It is on its way.")


@aside.command()
@_ASIDE
@click.option("--again", is_flag=True, help="Open it again.")
@AS
def close(aside_id: str, again: bool, address: str) -> None:
    """Nothing more is expected in ASIDE; an answer opens it again."""
    require_store()
    from headwater.channels.asides.acts import close_aside, reopen_aside

    done = (reopen_aside if again else close_aside)(_found(aside_id), actor=acting(address))
    click.echo(f"{done.pk} is {done.state}.")


def _read(paths: tuple[Path, ...]) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in paths]


def _found(aside_id: str) -> "Aside":
    from headwater.channels.asides.queries import find_aside
    from headwater.kit.errors import HeadwaterError

    found = find_aside(aside_id)
    if found is None:
        raise HeadwaterError(
            f"There is no side conversation {aside_id}.", hint="See `headwater cases aside list`."
        )
    return found
