"""Let the people who answer sign in."""

from datetime import UTC, datetime

import click

from headwater.cli.serve import setup_django


@click.group()
def agent() -> None:
    """The people who answer."""


@agent.command()
@click.argument("email")
@click.option("--name", prompt=True, help="The name that users see.")
@click.password_option(help="At least ten characters.")
@click.option(
    "--role",
    type=click.Choice(["specialist", "lead", "analyst", "engineer"]),
    default="specialist",
    show_default=True,
)
@click.option("--personal", is_flag=True, help="May see personal data in the evidence.")
def add(email: str, name: str, password: str, role: str, personal: bool) -> None:
    """Let EMAIL sign in to the desk."""
    setup_django()
    from headwater.accounts.acts import create_agent
    from headwater.kit.actors import Actor

    created = create_agent(
        email=email,
        name=name,
        password=password,
        actor=Actor.system("cli"),
        role=role,
        sees_personal=personal,
    )
    click.echo(f"{created.name} can sign in as {created.email}.")


@agent.command()
@click.argument("email")
@click.argument("choice", type=click.Choice(["none", "mentions", "all"]))
def mails(email: str, choice: str) -> None:
    """Which news of followed cases go to EMAIL by mail."""
    setup_django()
    from headwater.accounts.acts import set_news_mail
    from headwater.cli.case_options import agent_at

    found = set_news_mail(agent_at(email), choice)
    click.echo(f"{found.name}: {found.get_news_mail_display().lower()}.")


@agent.command()
@click.argument("email")
@click.option("--skill", "skills", multiple=True, help="A word of the routing rules; repeatable.")
@click.option("--language", "languages", multiple=True, help="Two letters, such as de; repeatable.")
@click.option("--capacity", type=int, help="How much work is given to them at once; 0: none is.")
@click.option("--calendar", help="A calendar of the routing rules; '' is always.")
@click.option("--away-until", type=click.DateTime(), help="UTC; nothing is given to them before.")
@click.option("--here", is_flag=True, help="No longer away.")
def work(
    email: str,
    skills: tuple[str, ...],
    languages: tuple[str, ...],
    capacity: int | None,
    calendar: str | None,
    away_until: datetime | None,
    here: bool,
) -> None:
    """What EMAIL can do, and how much is given to them; what is not named stays.

    An urgent case of theirs counts 3, a high one 2, others 1.
    """
    setup_django()
    from headwater.accounts.acts import set_work

    found = set_work(
        email,
        skills=list(skills) or None,
        languages=list(languages) or None,
        capacity=capacity,
        calendar=calendar,
        away_until=away_until.replace(tzinfo=UTC) if away_until else None,
        here=here,
    )
    given = f"up to {found.capacity}" if found.capacity else "nothing is given to them"
    can = ", ".join(found.skills) or "no skills"
    away = f", away until {found.away_until:%Y-%m-%d %H:%M} UTC" if found.away_until else ""
    click.echo(
        f"{found.name}: {can}; {', '.join(found.languages) or 'any language'}; {given}{away}."
    )
