"""`headwater automations`: what is done by itself when something happens."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headwater.cli.serve import setup_django

if TYPE_CHECKING:
    from headwater.cases.automation.rules import AutomationSet

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def automations() -> None:
    """What is done by itself: when, if, then; by rules in a file."""


@automations.command()
@_FILE
def check(file: Path) -> None:
    """Read the automations in FILE and say what they do. Nothing is changed."""
    setup_django()
    from headwater.cases.automation.files import read_automations

    _print(read_automations(file))


@automations.command()
@_FILE
def apply(file: Path) -> None:
    """Let the automations in FILE hold for what happens from now on, in place of all others."""
    setup_django()
    from headwater.cases.automation.acts import apply_automations
    from headwater.cases.automation.files import read_automations
    from headwater.kit.actors import Actor

    made = apply_automations(
        read_automations(file),
        actor=Actor.system("cli"),
        source=file.read_text(encoding="utf-8-sig"),
    )
    click.echo(f"Automations {made.version} hold from now on." if made else "They hold already.")


@automations.command()
def show() -> None:
    """The automations that hold."""
    setup_django()
    from headwater.cases.automation.queries import in_force

    found = in_force()
    if found is None:
        click.echo("No automations were applied; `headwater automations apply FILE` does that.")
        return
    _print(found)


@automations.command("dry-run")
@_FILE
@click.option("--days", default=30, show_default=True, help="Over what happened in the last days.")
@click.option("--cases", "each_case", is_flag=True, help="Also a line for each run.")
def dry_run(file: Path, days: int, each_case: bool) -> None:
    """Say which cases the automations in FILE would have touched. Nothing is changed.

    Each automation is tried by itself, over the logs as they are: what it would have changed has
    no part in it.
    """
    setup_django()
    from headwater.cases.automation.files import read_automations
    from headwater.cases.automation.queries import histories
    from headwater.cases.automation.rules import would_run
    from headwater.kit.clock import utc_now

    automations, now = read_automations(file).automations, utc_now()
    since, runs, touched = now - timedelta(days=days), Counter[str](), Counter[str]()
    for case, log, start in histories(since):
        for one in automations:
            times = [at for at in would_run(one, log, start, now) if at >= since]
            runs[one.name] += len(times)
            touched[one.name] += bool(times)
            if each_case:
                for at in times:
                    click.echo(f"{at:%Y-%m-%d %H:%M} UTC  {case.pk}  {one.name}")
    for one in automations:
        click.echo(f"{one.name}: {runs[one.name]} times over {touched[one.name]} cases.")


@automations.command()
@click.option("--case", "case_id", help="Only of this case.")
@click.option("-n", "most", default=50, show_default=True, help="How many lines.")
def log(case_id: str | None, most: int) -> None:
    """What automations did, latest first: done, refused and why, held back."""
    setup_django()
    from headwater.cases.automation.queries import runs

    rows = runs().filter(case_id=case_id) if case_id else runs()
    for one in rows[:most]:
        told = f"{one.at:%Y-%m-%d %H:%M} UTC  {one.case_id}  {one.name}: {one.outcome}"
        click.echo(f"{told}  {one.detail}".rstrip())


def _print(found: "AutomationSet") -> None:
    for one in found.automations:
        when = (
            f"when {' or '.join(one.on)}" if one.on else f"{one.state} for {one.seconds // 60} min"
        )
        click.echo(f"{one.name}: {when}")
        for word, conditions in (("if", one.when), ("unless", one.unless)):
            for name, value in conditions.items():
                shown = " or ".join(value) if isinstance(value, list) else value
                click.echo(f"    {word} {name} {shown}")
        for name, value in one.then.items():
            click.echo(f"    then {name} {' '.join(value) if isinstance(value, list) else value}")
