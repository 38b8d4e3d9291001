"""`headwater routing`: which queue, how pressing, whose; and why."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import click

from headwater.cli.serve import setup_django

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))


@click.group()
def routing() -> None:
    """Queues, priorities and who gets a case, by rules in a file."""


@routing.command()
@_FILE
def check(file: Path) -> None:
    """Read the rules in FILE and say what they do. Nothing is changed."""
    setup_django()
    from headwater.cases.routing.files import read_rules
    from headwater.kit.clock import utc_now

    rules = read_rules(file, utc_now())
    for name, queue in rules.queues.items():
        skills = f", with {' and '.join(queue.skills)}" if queue.skills else ""
        how = queue.how.replace("_", " ") or "people take cases themselves"
        click.echo(f"queue {name} ({queue.name}): {how}{skills}")
    for rule in rules.routes:
        click.echo(f"route to {rule.then}: {rule.name}: {_when(rule.when)}")
    for rule in rules.priorities:
        click.echo(f"priority {rule.then}: {rule.name}: {_when(rule.when)}")


@routing.command()
@_FILE
def apply(file: Path) -> None:
    """Let the rules in FILE hold for cases that come in or change from now on."""
    setup_django()
    from headwater.cases.routing.acts import apply_rules
    from headwater.cases.routing.files import read_rules
    from headwater.kit.actors import Actor
    from headwater.kit.clock import utc_now

    applied = apply_rules(
        read_rules(file, utc_now()),
        actor=Actor.system("cli"),
        source=file.read_text(encoding="utf-8-sig"),
    )
    click.echo(f"Rules {applied.version} hold from now on." if applied else "They hold already.")


@routing.command("dry-run")
@_FILE
@click.option("--days", default=30, show_default=True, help="Cases opened in the last so many.")
@click.option("--cases", "each", is_flag=True, help="Also a line for each case.")
def dry_run(file: Path, days: int, each: bool) -> None:
    """Say where the rules in FILE would lay the cases of the last days. Nothing is changed."""
    setup_django()
    from headwater.cases.queries import cases_opened_since
    from headwater.cases.routing.files import read_rules
    from headwater.cases.routing.queries import facts_of
    from headwater.cases.routing.rules import decide
    from headwater.kit.clock import utc_now

    rules, now = read_rules(file, utc_now()), utc_now()
    queues, priorities, moved = Counter[str](), Counter[str](), 0
    for case in cases_opened_since(now - timedelta(days=days)):
        decision = decide(rules, facts_of(case))
        queue = decision.queue.then if decision.queue else ""
        priority = decision.priority.then if decision.priority else "normal"
        queues[queue or "no queue"] += 1
        priorities[priority] += 1
        moved += (queue or None) != case.queue_id
        if each:
            why = decision.queue.name if decision.queue else "no route holds"
            click.echo(f"{case.pk}  {queue or '-'} ({why})  {priority}")
    click.echo(f"{queues.total()} cases; {moved} would lie elsewhere than now.")
    for counts in (queues, priorities):
        click.echo("  " + ", ".join(f"{name} {number}" for name, number in counts.most_common()))


@routing.command()
@click.argument("case_id", metavar="CASE")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def explain(case_id: str, as_json: bool) -> None:
    """Why CASE lies where it lies, what the rules say of it now, and who could get it."""
    setup_django()
    from headwater.cases.queries import standing_for
    from headwater.cases.routing.queries import explain as told_of
    from headwater.kit.clock import utc_now

    told = told_of(standing_for(case_id), utc_now())
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    queue, owner = told["queue"] or "no queue", told["owner"] or "nobody"
    click.echo(f"{told['case']}: {queue}, {told['priority']}, belongs to {owner}.")
    for step in told["history"]:
        click.echo(f"  {step['at']}  {step['by']}: {step['kind']} {step['to']}: {step['reason']}")
    if "facts" not in told:
        click.echo("No rules were applied; `headwater routing apply FILE` does that.")
        return
    facts = ", ".join(f"{name} {value}" for name, value in told["facts"].items() if value)
    click.echo(f"The rules see: {facts}.")
    for name in ("queue", "priority"):
        click.echo(f"Of the {name} decides now: {told[f'{name}_rule'] or 'no rule'}.")
    for person in told.get("people", []):
        click.echo(f"  {person['name']}: {person['why_not'] or 'could get it'}")


@routing.command()
@click.option("--hours", default=4, show_default=True, help="Promises that break so soon.")
@click.option("--spread", is_flag=True, help="Let the cases change hands as proposed.")
@click.option("--undo", metavar="SPREAD", help="Give the cases of that spreading back.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def board(hours: int, spread: bool, undo: str | None, as_json: bool) -> None:
    """Who is on what, which promises break soon, and what would spread them better."""
    setup_django()
    from headwater.cases.queries import cases_for_system
    from headwater.cases.routing import board as boards
    from headwater.cases.routing.spreading import spread_cases, undo_spread
    from headwater.kit.actors import Actor
    from headwater.kit.clock import utc_now

    if undo:
        back, stay = undo_spread(undo, actor=Actor.system("cli"))
        click.echo(f"{back} went back, {stay} stay, since they changed hands again.")
        return
    found = boards.board(cases_for_system(), utc_now(), hours)
    done = spread_cases(found.moves, actor=Actor.system("cli")) if spread else None
    if as_json:
        told = boards.as_json(found) | ({"spread": done.pk if done else None} if spread else {})
        click.echo(json.dumps(told, indent=2))
        return
    for one in found.people:
        room = "" if one.agent.capacity is None else f" of {one.agent.capacity}"
        state = "" if one.works_now else ", does not work now"
        click.echo(
            f"{one.agent.name}: load {one.load}{room}, {one.ours} ours to act, {one.late} late, "
            f"{one.soon} within {hours} hours{state}"
        )
    if found.free:
        click.echo(f"Nobody: {found.free.ours} ours to act, {found.free.late} late")
    names = {one.agent.pk: one.agent.name for one in found.people}
    click.echo(f"{found.n_pressing} cases break within {hours} hours.")
    for move in found.moves:
        click.echo(f"  {move.case_id} would go to {names[move.to]}: {move.because}")
    if done:
        click.echo(f"{len(done.moves)} changed hands; --undo {done.pk} gives them back.")


def _when(when: object) -> str:
    if not isinstance(when, dict) or not when:
        return "every other case"
    return " and ".join(
        f"{name} {' or '.join(value) if isinstance(value, list) else value}"
        for name, value in when.items()
    )
