"""`headwater cases`: what the desk does with cases, for scripts and shells."""

import json

import click

from headwater.cli.asides import aside
from headwater.cli.case_bulk import bulk, list_
from headwater.cli.case_links import link, messages, split
from headwater.cli.case_options import (
    AS,
    AS_AGENT,
    CASE,
    JSON,
    acting,
    agent_at,
    instant,
    queue_named,
)
from headwater.cli.serve import require_store


@click.group()
def cases() -> None:
    """Cases: merging, tags, fields, following, snoozing, many at once."""


cases.add_command(aside)
cases.add_command(bulk)
cases.add_command(list_)
cases.add_command(split)
cases.add_command(link)
cases.add_command(messages)


@cases.command()
@CASE
@JSON
def show(case_id: str, as_json: bool) -> None:
    """Where CASE stands: state, owner, tags, fields, followers."""
    require_store()
    from headwater.cases.handling.summing import summary
    from headwater.cases.queries import case_for_system

    told = summary(case_for_system(case_id))
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    for name, value in told.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        if name == "fields":
            shown = ", ".join(f"{key}: {held or '–'}" for key, held in value.items())
        click.echo(f"{name.replace('_', ' '):<14} {shown or '–'}")


@cases.command()
@click.argument("case_id", metavar="CASE")
@click.argument("into_id", metavar="INTO")
@click.option("--reason", default="", help="Why they are the same problem; kept on record.")
def merge(case_id: str, into_id: str, reason: str) -> None:
    """Let INTO stand for CASE too: both conversations, the promises of both.

    Both must be of the same person. Nothing is moved; `cases unmerge CASE` undoes it.
    """
    require_store()
    from headwater.cases import merging
    from headwater.cases.queries import case_for_system
    from headwater.kit.actors import Actor

    into = merging.merge_case(
        case_for_system(case_id), case_for_system(into_id), reason=reason, actor=Actor.system("cli")
    )
    click.echo(f"{case_id} is merged into {into.pk}, which is {into.get_state_display().lower()}.")


@cases.command()
@click.argument("case_id", metavar="CASE")
def unmerge(case_id: str) -> None:
    """Let CASE stand for itself again, as it was; messages stay where they were written."""
    require_store()
    from headwater.cases import merging
    from headwater.cases.queries import case_for_system
    from headwater.kit.actors import Actor

    case = merging.unmerge_case(case_for_system(case_id), actor=Actor.system("cli"))
    click.echo(f"{case.pk} stands for itself again and is {case.get_state_display().lower()}.")


@cases.command()
@CASE
@click.argument("tags", nargs=-1, required=True)
@click.option("--new", is_flag=True, help="Put tags that are not known on the list.")
@AS
def tag(case_id: str, tags: tuple[str, ...], new: bool, address: str) -> None:
    """Let CASE carry TAGS too."""
    require_store()
    from headwater.cases.handling.tags import add_tags, tags_of
    from headwater.cases.queries import case_for_system

    done = add_tags(case_for_system(case_id), tags, new=new, actor=acting(address))
    click.echo(f"{case_id}: {', '.join(tags_of(done))}")


@cases.command()
@CASE
@click.argument("tags", nargs=-1, required=True)
@AS
def untag(case_id: str, tags: tuple[str, ...], address: str) -> None:
    """Take TAGS off CASE."""
    require_store()
    from headwater.cases.handling.tags import remove_tags, tags_of
    from headwater.cases.queries import case_for_system

    done = remove_tags(case_for_system(case_id), tags, actor=acting(address))
    click.echo(f"{case_id}: {', '.join(tags_of(done)) or 'no tags'}")


@cases.command()
@click.option("--add", "added", multiple=True, metavar="TAG", help="Put a tag on the list.")
@click.option("--retire", "retired", multiple=True, metavar="TAG", help="No case gets it any more.")
@AS
def tags(added: tuple[str, ...], retired: tuple[str, ...], address: str) -> None:
    """The known tags, and how many cases carry each."""
    require_store()
    from headwater.cases.handling import tags as acts

    for name in added:
        acts.know_tag(name, actor=acting(address))
    for name in retired:
        acts.retire_tag(name, actor=acting(address))
    for name, active, count in acts.tag_counts():
        click.echo(f"{count:>7}  {name}{'' if active else '  (retired)'}")


@cases.command()
@JSON
def fields(as_json: bool) -> None:
    """The fields of our own that cases have, by queue."""
    require_store()
    from headwater.cases.handling.fields import all_fields

    found = [
        {
            "id": field.pk,
            "label": field.label,
            "kind": field.kind,
            "allowed": field.allowed,
            "queues": {offer.queue_id or "*": offer.required for offer in offers},
        }
        for field, offers in all_fields()
    ]
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    for each in found:
        allowed = f" ({', '.join(each['allowed'])})" if each["allowed"] else ""
        click.echo(f"{each['id']}: {each['label']}, {each['kind']}{allowed}")
        for queue, required in each["queues"].items():
            where = "every queue" if queue == "*" else queue
            click.echo(f"    {where}{', required for solving' if required else ''}")


@cases.command()
@click.argument("field_id", metavar="FIELD")
@click.option("--label", required=True)
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["text", "number", "choice", "date", "yes_no", "reference"]),
)
@click.option(
    "--allow", "allowed", multiple=True, help="A choice; of a reference, how its ids begin."
)
@AS
def field(field_id: str, label: str, kind: str, allowed: tuple[str, ...], address: str) -> None:
    """Make FIELD, or change its label and what it allows."""
    require_store()
    from headwater.cases.handling.fields import define_field

    actor = acting(address)
    made = define_field(field_id, label=label, kind=kind, allowed=allowed, actor=actor)
    click.echo(f"{made.pk}: {made.label}. `headwater cases offer {made.pk}` gives it to a queue.")


@cases.command()
@click.argument("field_id", metavar="FIELD")
@click.option("--queue", "queue_id", help="Without it: every queue.")
@click.option("--required", is_flag=True, help="A case is not solved before it is filled in.")
@click.option("--position", type=click.IntRange(min=0, max=1000), default=0)
@click.option("--withdraw", is_flag=True, help="The queue no longer has it; values stay.")
@AS
def offer(
    field_id: str,
    queue_id: str | None,
    required: bool,
    position: int,
    withdraw: bool,
    address: str,
) -> None:
    """Let the cases of a queue have FIELD."""
    require_store()
    from headwater.cases.handling.fields import offer_field, withdraw_field

    queue = queue_named(queue_id) if queue_id else None
    where = queue.name if queue else "Every queue"
    actor = acting(address)
    if withdraw:
        had = withdraw_field(field_id, queue, actor=actor)
        click.echo(f"{where} {'no longer has' if had else 'did not have'} {field_id}.")
        return
    offer_field(field_id, queue, required=required, position=position, actor=actor)
    click.echo(f"{where} has {field_id}{', required for solving' if required else ''}.")


@cases.command("set")
@CASE
@click.argument("field_id", metavar="FIELD")
@click.argument("value")
@AS
def set_(case_id: str, field_id: str, value: str, address: str) -> None:
    """Write VALUE into a FIELD of CASE; an empty VALUE empties it."""
    require_store()
    from headwater.cases.handling.fields import fields_of, set_field
    from headwater.cases.queries import case_for_system

    done = set_field(case_for_system(case_id), field_id, value, actor=acting(address))
    held = next((each.value for each in fields_of(done) if each.field.pk == field_id), "")
    click.echo(f"{case_id}: {field_id} is {held or 'empty'}")


@cases.command()
@CASE
@AS_AGENT
@click.option("--stop", is_flag=True, help="Hear no more of it.")
def follow(case_id: str, address: str, stop: bool) -> None:
    """Hear what others do to CASE."""
    require_store()
    from headwater.cases.handling.following import follow_case, unfollow_case
    from headwater.cases.queries import case_for_system

    agent = agent_at(address)
    act = unfollow_case if stop else follow_case
    act(case_for_system(case_id), agent, actor=agent.actor("cli"))
    click.echo(f"{agent.name} {'no longer follows' if stop else 'follows'} {case_id}.")


@cases.command()
@AS_AGENT
@click.option("--seen", is_flag=True, help="Do not show these again.")
def news(address: str, seen: bool) -> None:
    """What happened in followed cases since the agent last looked."""
    require_store()
    from headwater.cases.handling.following import mark_seen, news_for

    agent = agent_at(address)
    for each in news_for(agent):
        click.echo(f"{each.case.pk}  {each.case.subject}")
        for event in each.events:
            click.echo(f"    {event.at:%Y-%m-%d %H:%M}  {event.kind}  {event.actor_name}")
        if seen:
            mark_seen(each.case, agent, up_to=each.last_event_id)


@cases.command()
@CASE
@click.argument("text")
@AS_AGENT
def note(case_id: str, text: str, address: str) -> None:
    """Add the internal note TEXT to CASE; `@Name` in it tells a colleague."""
    require_store()
    from headwater.cases.acts import add_note
    from headwater.cases.queries import case_for_system

    agent = agent_at(address)
    kept = add_note(case_for_system(case_id), text, agent=agent, actor=agent.actor("cli"))
    click.echo(f"{kept.pk} is on {case_id}.")


@cases.command()
@CASE
@click.option("--kind", default="", help="Only that kind, or all that begin so: case.")
@click.option("--who", default="", help="Only what that person or program did.")
@click.option("--entrance", default="", help="Only what came through: desk, cli, mail, …")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
@JSON
def history(case_id: str, kind: str, who: str, entrance: str, as_csv: bool, as_json: bool) -> None:
    """Who did what to CASE, through which entrance, with every read of evidence."""
    require_store()
    from headwater.cases.handling import history as log
    from headwater.cases.queries import case_for_system

    lines = log.history(case_for_system(case_id), kind=kind, who=who, entrance=entrance)
    if as_csv:
        click.echo("".join(log.as_csv(lines)), nl=False)
    elif as_json:
        click.echo(json.dumps(log.as_json(lines), indent=2))
    else:
        for line in lines:
            told = json.dumps(line.data)
            click.echo(
                f"{line.at:%Y-%m-%d %H:%M:%S}  {line.entrance:<6}  {line.who}  {line.kind}  {told}"
            )


@cases.command("time")
@CASE
@click.option("--correct", "minutes", type=int, help="Minutes to put on, or -N to take off.")
@click.option("--reason", default="", help="Why; kept on record.")
@click.option("--as", "address", default="", help="Whose time is corrected.")
@JSON
def time_(case_id: str, minutes: int | None, reason: str, address: str, as_json: bool) -> None:
    """How long everybody was at work on CASE; corrects it with a reason."""
    require_store()
    from headwater.cases.effort.acts import correct_time
    from headwater.cases.effort.queries import time_spent
    from headwater.cases.queries import case_for_system

    case = case_for_system(case_id)
    if minutes is not None:
        agent = agent_at(address)
        correct_time(case, agent, minutes * 60, reason=reason, actor=agent.actor("cli"))
    rows = [
        {"agent": one.agent.email, "seconds": round(one.seconds), "measured": round(one.measured),
         "corrected": one.corrected}
        for one in time_spent(case)
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(
            f"{row['agent']}: {row['seconds']} s (measured {row['measured']}, "
            f"corrected by {row['corrected']:+})"
        )
    if not rows:
        click.echo("Nobody has worked on it in the browser yet.")


@cases.command()
@CASE
@click.option("--until", required=True, help="A time (ISO 8601), reply, or escalation.")
@click.option("--latest", help="With reply or escalation: at the latest until then.")
@AS
def snooze(case_id: str, until: str, latest: str | None, address: str) -> None:
    """Put CASE out of sight: until a time, a reply, or until an escalation moves."""
    require_store()
    from headwater.cases.acts import snooze_case
    from headwater.cases.handling.snoozing import snooze_for
    from headwater.cases.queries import case_for_system

    case, actor = case_for_system(case_id), acting(address)
    if until[:1].isdigit():
        snooze_case(case, instant(until, "--until"), actor=actor)
    else:
        last = instant(latest, "--latest") if latest else None
        snooze_for(case, until, latest=last, actor=actor)
    click.echo(f"{case_id} sleeps until {until}{f', at the latest {latest}' if latest else ''}.")
