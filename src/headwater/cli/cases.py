"""`headwater cases`: what the desk does with cases, for scripts and shells."""

import click

from headwater.cli.serve import setup_django


@click.group()
def cases() -> None:
    """Cases: merge two of them, and undo it."""


@cases.command()
@click.argument("case_id", metavar="CASE")
@click.argument("into_id", metavar="INTO")
@click.option("--reason", default="", help="Why they are the same problem; kept on record.")
def merge(case_id: str, into_id: str, reason: str) -> None:
    """Let INTO stand for CASE too: both conversations, the promises of both.

    Both must be of the same person. Nothing is moved; `cases unmerge CASE` undoes it.
    """
    setup_django()
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
    setup_django()
    from headwater.cases import merging
    from headwater.cases.queries import case_for_system
    from headwater.kit.actors import Actor

    case = merging.unmerge_case(case_for_system(case_id), actor=Actor.system("cli"))
    click.echo(f"{case.pk} stands for itself again and is {case.get_state_display().lower()}.")
