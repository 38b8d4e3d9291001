"""`headwater cases split` and `cases link`: what cases have to do with each other."""

import click

from headwater.cli.case_options import AS, CASE, acting
from headwater.cli.serve import require_store


@click.command()
@CASE
def messages(case_id: str) -> None:
    """The messages that CASE shows, with their ids, oldest first."""
    require_store()
    from headwater.cases.queries import case_for_system, messages_of
    from headwater.cases.rules import preview

    for each in messages_of(case_for_system(case_id)):
        who = each.author_name or each.author_email
        said = preview(each.body)[:60]
        click.echo(f"{each.pk}  {each.created_at:%Y-%m-%d %H:%M}  {each.kind:<5}  {who}: {said}")


@click.command()
@CASE
@click.option("--message", "message_ids", multiple=True, required=True, metavar="MESSAGE")
@click.option("--subject", required=True, help="Of the new case.")
@click.option("--reason", default="", help="Why; kept on record.")
@AS
def split(
    case_id: str, message_ids: tuple[str, ...], subject: str, reason: str, address: str
) -> None:
    """Make a case of its own of some messages of CASE, where they stay too.

    `cases messages CASE` names them. Merging the new case into CASE takes it back.
    """
    require_store()
    from headwater.cases.handling.splitting import split_case
    from headwater.cases.queries import case_for_system

    new = split_case(
        case_for_system(case_id),
        message_ids,
        subject=subject,
        reason=reason,
        actor=acting(address),
    )
    click.echo(f"{new.pk}: {new.subject}")


@click.command()
@CASE
@click.argument("other_id", metavar="OTHER")
@click.option(
    "--kind",
    required=True,
    type=click.Choice(["follow_up", "related", "duplicate", "problem"]),
    help="What CASE is to OTHER; problem: OTHER stands for the problem that causes CASE.",
)
@click.option("--reason", default="", help="Why; kept on record.")
@click.option("--remove", is_flag=True, help="Take the link back.")
@AS
def link(case_id: str, other_id: str, kind: str, reason: str, remove: bool, address: str) -> None:
    """Note on both what CASE has to do with OTHER."""
    require_store()
    from headwater.cases.links import link_cases, unlink_cases
    from headwater.cases.queries import case_for_system

    case, other = case_for_system(case_id), case_for_system(other_id)
    actor = acting(address)
    if remove:
        was = unlink_cases(case, other, kind=kind, actor=actor)
        click.echo("Taken back." if was else "They were not linked so.")
        return
    link_cases(case, other, kind=kind, reason=reason, actor=actor)
    click.echo(f"{case_id} {kind.replace('_', ' ')} {other_id}")
