"""`headwater escalations`: what other teams have to do for a case, and their trackers."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from headwater.cli.case_options import AS, AS_AGENT, JSON, acting, agent_at, echo_json, instant
from headwater.cli.serve import require_store

if TYPE_CHECKING:
    from datetime import datetime

    from headwater.escalation.models import Escalation

_ONE = click.argument("escalation_id", metavar="ESCALATION")
_CASE = click.argument("case_id", metavar="CASE")
_SPAN = re.compile(r"(\d{1,4})([hd])")


@click.group()
def escalations() -> None:
    """What other teams have to do, and their trackers."""


@escalations.command("list")
@click.option("--team", default="", help="engineering, product or operations.")
@click.option("--state", default="", help="open, working, fixed, declined or withdrawn.")
@JSON
def list_(team: str, state: str, as_json: bool) -> None:
    """Live escalations, what is promised first on top; with --state those in that state."""
    require_store()
    from headwater.escalation.queries import listed

    found = [_told(each) for each in listed(state=state, team=team)]
    if as_json:
        echo_json(found)
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("None.")


@escalations.command()
@_ONE
@JSON
def show(escalation_id: str, as_json: bool) -> None:
    """One escalation with its cases and what was said."""
    require_store()
    from headwater.escalation.queries import comments_of, linked_cases

    found = _found(escalation_id)
    told = _told(found) | {
        "cases": [case.pk for case in linked_cases(found)],
        "comments": [
            {
                "at": each.at.isoformat(),
                "direction": each.direction,
                "author": each.author_name,
                "body": each.body,
                "arrived": each.remote_id is not None,
            }
            for each in comments_of(found)
        ],
    }
    if as_json:
        echo_json(told)
        return
    click.echo(_line(told))
    click.echo(f"cases: {', '.join(told['cases'])}")
    for word in told["comments"]:
        click.echo(f"{word['at']}  {word['author']}: {word['body']}")


@escalations.command()
@JSON
def trackers(as_json: bool) -> None:
    """The trackers of the file that HEADWATER_TRACKERS names; fails where it cannot be followed."""
    require_store()
    from django.conf import settings

    from headwater.escalation.queries import connect
    from headwater.escalation.queries import trackers as known

    found = [
        {
            "name": each.name,
            "kind": each.kind,
            "team": each.team,
            "at": each.base_url,
            "hook": f"{settings.HEADWATER_BASE_URL}/hooks/trackers/{each.name}/"
            if each.hook_secret
            else "",
        }
        for each in known().values()
    ]
    for one in found:
        connect(one["name"])  # refuses an address that may not be called
    if as_json:
        echo_json(found)
        return
    for one in found:
        hook = one["hook"] or "no hook: read from time to time"
        click.echo(f"{one['name']}: {one['kind']} of {one['team']} at {one['at']}; {hook}")
    if not found:
        click.echo("None: HEADWATER_TRACKERS names no file.")


@escalations.command("open")
@_CASE
@click.option("--team", required=True, help="engineering, product or operations.")
@click.option("--severity", required=True, help="minor, major or critical.")
@click.option("--next-update", "due", required=True, help="ISO 8601, or as 4h or 2d from now.")
@click.option("--ask", default="", help="What you ask of the team.")
@AS_AGENT
def open_(case_id: str, team: str, severity: str, due: str, ask: str, address: str) -> None:
    """Hand CASE with its evidence to a team, which speaks again by --next-update."""
    require_store()
    from headwater.cases.queries import case_for_system
    from headwater.escalation.acts import open_escalation

    agent = agent_at(address)
    made = open_escalation(
        case_for_system(case_id),
        team=team,
        severity=severity,
        next_update_at=_moment(due, "--next-update"),
        ask=ask,
        agent=agent,
        actor=agent.actor("cli"),
    )
    where = f"; its issue is opened in {made.tracker}" if made.tracker else ""
    click.echo(f"{made.pk}: {made.get_team_display()} has it{where}.")


@escalations.command()
@_ONE
@_CASE
@AS
def join(escalation_id: str, case_id: str, address: str) -> None:
    """Let CASE wait for ESCALATION too."""
    require_store()
    from headwater.cases.queries import case_for_system
    from headwater.escalation.acts import join_escalation

    join_escalation(_found(escalation_id), case_for_system(case_id), actor=acting(address))
    click.echo(f"{case_id} waits for {escalation_id}.")


@escalations.command()
@_ONE
@_CASE
@AS
def leave(escalation_id: str, case_id: str, address: str) -> None:
    """Undo `join`: CASE waits for ESCALATION no more."""
    require_store()
    from headwater.cases.queries import case_for_system
    from headwater.escalation.acts import leave_escalation

    leave_escalation(_found(escalation_id), case_for_system(case_id), actor=acting(address))
    click.echo(f"{case_id} waits for {escalation_id} no more.")


@escalations.command()
@_ONE
@click.argument("text")
@AS_AGENT
def comment(escalation_id: str, text: str, address: str) -> None:
    """Write TEXT to the team, as a comment in its tracker."""
    require_store()
    from headwater.escalation.acts import send_comment

    agent = agent_at(address)
    send_comment(_found(escalation_id), text, agent=agent, actor=agent.actor("cli"))
    click.echo("It is on its way.")


@escalations.command()
@_ONE
@click.argument("time")
@AS
def promise(escalation_id: str, time: str, address: str) -> None:
    """The team speaks again by TIME: ISO 8601, or as 4h or 2d from now."""
    require_store()
    from headwater.escalation.acts import promise_update

    changed = promise_update(_found(escalation_id), _moment(time, "TIME"), actor=acting(address))
    click.echo(_line(_told(changed)))


@escalations.command()
@_ONE
@click.option("--reason", default="", help="Why it is no longer needed; kept on record.")
@AS
def withdraw(escalation_id: str, reason: str, address: str) -> None:
    """Take it back: its cases are ours again, and the issue is closed. `reopen` undoes it."""
    require_store()
    from headwater.escalation.acts import withdraw_escalation

    changed = withdraw_escalation(_found(escalation_id), reason=reason, actor=acting(address))
    click.echo(_line(_told(changed)))


@escalations.command()
@_ONE
@AS
def reopen(escalation_id: str, address: str) -> None:
    """Undo its closing, whoever closed it: the team has it again."""
    require_store()
    from headwater.escalation.acts import reopen_escalation

    changed = reopen_escalation(_found(escalation_id), actor=acting(address))
    click.echo(_line(_told(changed)))


@escalations.command()
@_ONE
@click.argument("outcome", type=click.Choice(["fixed", "declined"]))
@AS
def finish(escalation_id: str, outcome: str, address: str) -> None:
    """What a team without a tracker told us; the cases come back with a draft that says so."""
    require_store()
    from headwater.escalation.acts import finish_by_hand

    changed = finish_by_hand(_found(escalation_id), outcome, actor=acting(address))
    click.echo(_line(_told(changed)))


@escalations.command()
@_ONE
@AS
def retry(escalation_id: str, address: str) -> None:
    """Try again what the tracker refused."""
    require_store()
    from headwater.escalation.acts import retry_escalation

    click.echo(_line(_told(retry_escalation(_found(escalation_id), actor=acting(address)))))


@escalations.command()
@_ONE
def read(escalation_id: str) -> None:
    """Have the issue read now, by the worker."""
    require_store()
    from headwater.escalation.acts import ask_for_reading

    ask_for_reading(_found(escalation_id).pk)
    click.echo("The worker reads it.")


def _found(escalation_id: str) -> "Escalation":
    from headwater.escalation.queries import escalation_for_system

    return escalation_for_system(escalation_id)


def _moment(text: str, option: str) -> "datetime":
    from headwater.kit.clock import utc_now

    span = _SPAN.fullmatch(text.strip())
    if span is None:
        return instant(text, option)
    number = int(span[1])
    return utc_now() + (timedelta(hours=number) if span[2] == "h" else timedelta(days=number))


def _told(found: "Escalation") -> dict[str, Any]:
    from headwater.escalation.acts import facts_of

    return facts_of(found) | {
        "case": found.case_id,
        "opened_at": found.opened_at.isoformat(),
        "tracker": found.tracker,
        "problem": found.problem,
    }


def _line(told: dict[str, Any]) -> str:
    issue = told["link"] or told["issue"] or told["tracker"] or "no tracker"
    due = f", next update by {told['next_update_at']}" if told["next_update_at"] else ""
    trouble = f" – {told['problem']}" if told["problem"] else ""
    return (
        f"{told['escalation_id']}  {told['case']}  {told['team']}, {told['severity']}, "
        f"{told['state']}{due}  {issue}{trouble}"
    )
