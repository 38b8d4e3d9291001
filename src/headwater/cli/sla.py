"""`headwater sla`: what is promised, to whom, and whether the clocks are right."""

import json
from pathlib import Path
from typing import Any

import click

from headwater.cli.serve import setup_django

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON.")


@click.group()
def sla() -> None:
    """Promises to users: policies, clocks, and why a due time is what it is."""


@sla.command()
@_FILE
@_JSON
def check(file: Path, as_json: bool) -> None:
    """Read the policies in FILE and say what they promise. Nothing is changed."""
    setup_django()
    from headwater.cases.sla.files import lines, read_policies
    from headwater.kit.clock import utc_now

    _print_policies(lines(read_policies(file, utc_now())), as_json)


@sla.command()
@_FILE
@click.option("--running", is_flag=True, help="Clocks that run take the new promises too.")
def apply(file: Path, running: bool) -> None:
    """Let the policies in FILE hold from now on.

    Clocks that run keep what was promised to their users, unless --running is given.
    """
    setup_django()
    from headwater.cases.queries import cases_with_promises
    from headwater.cases.sla.acts import aim_case, apply_policies
    from headwater.cases.sla.files import read_policies
    from headwater.kit.actors import Actor
    from headwater.kit.clock import utc_now

    actor = Actor.system("cli")
    applied = apply_policies(
        read_policies(file, utc_now()), actor=actor, source=file.read_text(encoding="utf-8-sig")
    )
    click.echo(f"Policies {applied.version} hold from now on." if applied else "They hold already.")
    if running:
        because = f"policies of {file.name} applied"
        changed = sum(
            aim_case(each, because=because, actor=actor) for each in cases_with_promises()
        )
        click.echo(f"{changed} open cases are under other promises now.")


@sla.command()
@_JSON
def show(as_json: bool) -> None:
    """The policies that hold."""
    setup_django()
    from headwater.cases.sla.files import lines
    from headwater.cases.sla.queries import in_force

    policies = in_force()
    if policies is None:
        click.echo(
            "No policies were applied: HEADWATER_FIRST_REPLY_SECONDS and "
            "HEADWATER_RESOLUTION_SECONDS hold for every case, around the clock."
        )
        return
    _print_policies(lines(policies), as_json)


@sla.command()
@click.argument("case_id", metavar="CASE")
@_JSON
def explain(case_id: str, as_json: bool) -> None:
    """The clocks of CASE, and each move of a due time with its reason."""
    setup_django()
    from headwater.cases.queries import case_for_system
    from headwater.cases.sla.queries import story_of

    story = story_of(case_for_system(case_id))
    if as_json:
        click.echo(json.dumps(story, indent=2))
        return
    for clock in story["clocks"]:
        click.echo(
            f"{clock['target']} {clock['cycle']}: {clock['state']}, due {clock['due_at']}"
            f" ({clock['policy'] or 'no policy'}, {clock['calendar'] or 'around the clock'})"
        )
    for move in story["moves"]:
        click.echo(f"  {move['at']}  {move['text']}")


@sla.command()
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail on a difference.")
@click.option("--case", "case_id", help="Only this case.")
def recompute(only_check: bool, case_id: str | None) -> None:
    """Work out every clock from the event log alone, and put right what is stored differently."""
    setup_django()
    from headwater.cases.queries import all_case_ids, case_for_system
    from headwater.cases.sla.acts import differences, restore_clocks
    from headwater.kit.clock import utc_now

    cases = wrong = 0
    for each in [case_id] if case_id else all_case_ids():
        cases += 1
        if only_check:
            found = differences(case_for_system(each), utc_now())
            for stored, log in found:
                click.echo(f"{each}: stored {_brief(stored)}, by the log {_brief(log)}")
            wrong += len(found)
        else:
            wrong += restore_clocks(each)
    if only_check and wrong:
        raise click.ClickException(
            f"{wrong} clocks of {cases} cases differ; `headwater sla recompute` puts them right."
        )
    done = f"{wrong} put right." if wrong else "all clocks as the log has them."
    click.echo(f"{cases} cases: {done}")


def _brief(clock: Any) -> str:
    if clock is None:
        return "nothing"
    return f"{clock.target} {clock.cycle} {clock.state} due {clock.due_at.isoformat()}"


def _print_policies(found: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for number, each in enumerate(found, start=1):
        when = " and ".join(f"{name} is {' or '.join(v)}" for name, v in each["when"].items())
        click.echo(f"{number}. {each['name']}: {when or 'every other case'}")
        for target in ("first_reply", "next_reply", "update", "resolution"):
            if target in each:
                click.echo(f"     {target.replace('_', ' '):<12} {_promise(each[target])}")
        if each["on_breach"]:
            then = ", ".join(f"{name} {value}" for name, value in each["on_breach"].items())
            click.echo(f"     when broken  {then}")


def _promise(value: dict[str, Any]) -> str:
    by = value["calendar"] or "around the clock"
    return f"{_span(value['seconds']):<8} {by}, warned with {_span(value['warn'])} left"


def _span(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}h {minutes}m" if hours and minutes else f"{hours}h" if hours else f"{minutes}m"
