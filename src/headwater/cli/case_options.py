"""What the commands about cases share: options, and finding what they name."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from headwater.accounts.models import Agent
    from headwater.cases.models import Queue
    from headwater.kit.actors import Actor

CASE = click.argument("case_id", metavar="CASE")
AS = click.option("--as", "address", default="", help="The address of the agent who does it.")
AS_AGENT = click.option("--as", "address", required=True, help="The address of the agent.")
JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


def acting(address: str) -> "Actor":
    """The agent of that address as the author of an act; without one, the system."""
    from headwater.kit.actors import Actor

    return agent_at(address).actor("cli") if address else Actor.system("cli")


def agent_at(address: str) -> "Agent":
    """The active agent of that address. Raises HeadwaterError."""
    from headwater.accounts.queries import agent_by_email
    from headwater.kit.errors import HeadwaterError

    found = agent_by_email(address)
    if found is None or not found.is_active:
        raise HeadwaterError(
            f"There is no active agent {address}.", param="--as", hint="See `headwater agent add`."
        )
    return found


def queue_named(queue_id: str) -> "Queue":
    """The queue of that id. Raises HeadwaterError."""
    from headwater.cases.queries import queue_by_id
    from headwater.kit.errors import HeadwaterError

    found = queue_by_id(queue_id)
    if found is None:
        raise HeadwaterError(f"There is no queue {queue_id!r}.", param="--queue")
    return found


def instant(text: str, option: str) -> datetime:
    """An ISO 8601 time as aware UTC; without an offset it is UTC. Raises HeadwaterError."""
    from headwater.kit.errors import HeadwaterError

    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise HeadwaterError(
            f"{text!r} is no time.", param=option, hint="Write it as 2026-11-23T17:00+01:00."
        ) from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def echo_json(value: Any) -> None:
    """Prints `value` as JSON."""
    click.echo(json.dumps(value, indent=2))
