"""`headwater surveys`: who was asked whether they were satisfied, and what they said."""

from datetime import timedelta

import click

from headwater.cli.serve import setup_django

_MOST = 200


@click.group()
def surveys() -> None:
    """Satisfaction: one question after solving."""


@surveys.command("list")
@click.option("--days", default=30, show_default=True, help="Of the last so many days.")
@click.option("--all", "everything", is_flag=True, help="Also who was not asked, and why.")
def list_(days: int, everything: bool) -> None:
    """Who was asked, what they said, and the share of 4 and 5 among the answers."""
    setup_django()
    from headwater.kit.clock import utc_now
    from headwater.metrics.statistics.intervals import share
    from headwater.surveys import queries

    now = utc_now()
    since = now - timedelta(days=days)
    for offer in queries.latest_offers(since, everything=everything)[:_MOST]:
        said = f"{offer.score} of 5" if offer.score else offer.get_state_display().lower()
        rest = offer.comment or offer.reason
        click.echo(f"{offer.pk}  {offer.case_id}  {said:<9}  {rest}".rstrip())
    found = queries.satisfaction(since, now)
    sure = share(found.satisfied, found.answered)
    if sure is None:
        said = "no answers"
    elif sure.is_few:
        said = "too few for a share"
    else:
        said = f"{sure.value:.0%} (between {sure.low:.0%} and {sure.high:.0%})"
    click.echo(
        f"{found.asked} asked, {found.answered} answered, {found.satisfied} satisfied: {said}."
    )


@surveys.command()
@click.argument("case_id", metavar="CASE")
def offer(case_id: str) -> None:
    """Ask about CASE now, whatever the delay; the other rules hold."""
    setup_django()
    from headwater.kit.actors import Actor
    from headwater.surveys.acts import offer_now

    made = offer_now(case_id, actor=Actor.system("cli"))
    click.echo(f"{made.person.email} is asked; the mail is in the outbox ({made.pk}).")


@surveys.command()
@click.argument("offer_id", metavar="OFFER")
@click.option("--reason", default="", help="Why; kept on record.")
def withdraw(offer_id: str, reason: str) -> None:
    """Let nobody answer OFFER any more."""
    setup_django()
    from headwater.kit.actors import Actor
    from headwater.surveys.acts import withdraw as take_back

    click.echo(f"{take_back(offer_id, reason=reason, actor=Actor.system('cli')).pk} is withdrawn.")
