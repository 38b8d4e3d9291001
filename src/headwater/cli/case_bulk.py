"""`headwater cases list` and `cases bulk`: many cases at once, shown beforehand, undone."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from headwater.cli.case_options import AS_AGENT, JSON, agent_at, echo_json, instant
from headwater.cli.serve import require_store

if TYPE_CHECKING:
    from headwater.accounts.models import Agent
    from headwater.cases.handling.changes import Changes
    from headwater.cases.handling.choosing import Choice

_CHOICES = (
    click.option("--state", default="", help="open, or one state such as waiting_user."),
    click.option("--queue", default="", help="A queue's id, or none."),
    click.option("--priority", default="", help="low, normal, high or urgent."),
    click.option("--tag", default="", help="A tag that they carry."),
    click.option("--assignee", default="", help="An agent's address, or none."),
    click.option("--cause", default="", help="What the evidence points to."),
    click.option("--words", default="", help="What the subject holds."),
)
_CHANGES = (
    click.option("--assign", help="To the agent of this address; nobody leaves it without one."),
    click.option("--to-queue", help="Into this queue; none takes it out of any."),
    click.option("--set-priority", help="low, normal, high or urgent."),
    click.option("--add-tag", multiple=True),
    click.option("--remove-tag", multiple=True),
    click.option("--snooze", help="Until a time (ISO 8601), reply, or escalation."),
    click.option("--solve", metavar="CAUSE", help="Solve them by this cause; unknown for others."),
    click.option("--area", default="", help="Of the cause, with --solve."),
    click.option("--reason", default="", help="Why, for the record."),
)


def _all(options: tuple[Any, ...]) -> Callable[[Any], Any]:
    def with_options(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options


@click.command("list")
@_all(_CHOICES)
@click.option("--limit", type=click.IntRange(1, 5000), default=50, show_default=True)
@JSON
def list_(limit: int, as_json: bool, **choice: str) -> None:
    """Cases, what breaks first on top."""
    require_store()
    from headwater.cases.handling.choosing import chosen_cases

    rows = list(chosen_cases(None, _choice(choice)).select_related("assignee")[:limit])
    if as_json:
        echo_json(
            [
                {
                    "id": case.pk,
                    "state": case.state,
                    "queue": case.queue_id,
                    "priority": case.priority,
                    "assignee": case.assignee.email if case.assignee else None,
                    "subject": case.subject,
                }
                for case in rows
            ]
        )
        return
    for case in rows:
        owner = case.assignee.email if case.assignee else "–"
        place = f"{case.queue_id or '–':<12} {case.priority:<7} {owner}"
        click.echo(f"{case.pk}  {case.state:<20} {place}  {case.subject}")


@click.group()
def bulk() -> None:
    """The same changes to many cases."""


@bulk.command()
@AS_AGENT
@click.option("--case", "case_ids", multiple=True, metavar="CASE", help="This case; repeatable.")
@_all(_CHOICES)
@_all(_CHANGES)
@click.option("--go", is_flag=True, help="Do it. Without it, only say what would happen.")
def change(address: str, case_ids: tuple[str, ...], go: bool, **options: Any) -> None:
    """Change the cases that are named or chosen; without --go only say what would happen.

    The worker does it in pieces; `cases bulk undo ID` restores what is still as it was left.
    """
    require_store()
    from headwater.cases.handling import bulk as acts

    agent = agent_at(address)
    changes = _changes(options)
    ids, chosen_by = _ids(agent, case_ids, _choice(options))
    if not go:
        plans = acts.preview(agent, ids, changes)
        for plan in plans:
            steps = "; ".join(f"{s.what}: {s.before or '–'} → {s.after or '–'}" for s in plan.steps)
            click.echo(f"{plan.case.pk}  {plan.state:<8} {steps or plan.reason}")
        told = ", ".join(
            f"{sum(plan.state == state for plan in plans)} {word}"
            for state, word in (("changed", "would change"), ("same", "are so already"),
                                ("refused", "would be refused"))
        )  # fmt: skip
        click.echo(f"{len(plans)} cases: {told}. Nothing was done; --go does it.")
        return
    made = acts.start_bulk(agent, ids, changes, entrance="cli", chosen_by=chosen_by)
    click.echo(f"{made.pk}: {made.items.count()} cases. `headwater cases bulk show {made.pk}`")


@bulk.command()
@click.argument("bulk_id", metavar="ID", required=False)
@JSON
def show(bulk_id: str | None, as_json: bool) -> None:
    """What a bulk act did to each case, and why not; without an ID, the latest."""
    require_store()
    from headwater.cases.handling import bulk as acts

    if bulk_id is None:
        for each in acts.latest_bulks():
            counts = ", ".join(f"{n} {state}" for state, n in acts.counts_of(each).items())
            click.echo(
                f"{each.pk}  {each.asked_at:%Y-%m-%d %H:%M}  {each.state:<8} "
                f"{each.agent.name}: {counts}"
            )
        return
    found = acts.bulk_by_id(bulk_id)
    told = {
        "id": found.pk,
        "state": found.state,
        "changes": found.changes,
        "counts": acts.counts_of(found),
        "cases": [
            {"case": item.case_id, "state": item.state, "reason": item.reason}
            for item in acts.items_of(found)
        ],
    }
    if as_json:
        echo_json(told)
        return
    click.echo(f"{found.pk} by {found.agent.name}: {found.get_state_display().lower()}")
    for item in acts.items_of(found):
        click.echo(f"  {item.case_id}  {item.get_state_display():<16} {item.reason}")


@bulk.command()
@click.argument("bulk_id", metavar="ID")
@AS_AGENT
def undo(bulk_id: str, address: str) -> None:
    """Restore what is still as the bulk act left it; `show` says what was left alone, and why."""
    require_store()
    from headwater.cases.handling.bulk import undo_bulk

    undo_bulk(bulk_id, agent=agent_at(address), entrance="cli")
    click.echo(f"{bulk_id} is being undone. `headwater cases bulk show {bulk_id}`")


def _choice(options: dict[str, Any]) -> "Choice":
    from headwater.cases.handling.choosing import Choice

    return Choice(**{name: options[name] for name in Choice.__dataclass_fields__})


def _ids(agent: "Agent", named: tuple[str, ...], choice: "Choice") -> tuple[list[str], str]:
    """The cases that are named, or else those that are chosen, and what chose them."""
    from headwater.cases.handling.bulk import MOST
    from headwater.cases.handling.choosing import Choice, chosen_cases
    from headwater.kit.errors import HeadwaterError

    if named:
        return list(named), "named one by one"
    if choice == Choice():
        raise HeadwaterError(
            "No case was chosen.", param="--case", hint="Name cases, or choose by --state open."
        )
    found = chosen_cases(agent, choice).values_list("pk", flat=True)
    return list(found[: MOST + 1]), str(choice)


def _changes(options: dict[str, Any]) -> "Changes":
    from headwater.cases.handling.changes import Changes

    assign, queue, snooze = options["assign"], options["to_queue"], options["snooze"]
    return Changes(
        assignee=None if assign is None else "" if assign == "nobody" else agent_at(assign).pk,
        queue=None if queue is None else "" if queue == "none" else queue,
        priority=options["set_priority"],
        add_tags=options["add_tag"],
        remove_tags=options["remove_tag"],
        snooze=instant(snooze, "--snooze").isoformat() if (snooze or "")[:1].isdigit() else snooze,
        solve=options["solve"],
        area=options["area"],
        reason=options["reason"],
    )
