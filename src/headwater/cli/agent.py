"""Let the people who answer sign in."""

import click

from headwater.cli.serve import setup_django


@click.group()
def agent() -> None:
    """The people who answer."""


@agent.command()
@click.argument("email")
@click.option("--name", prompt=True, help="The name that users see.")
@click.password_option(help="At least ten characters.")
def add(email: str, name: str, password: str) -> None:
    """Let EMAIL sign in to the desk."""
    setup_django()
    from headwater.accounts.acts import create_agent
    from headwater.kit.actors import Actor

    created = create_agent(email=email, name=name, password=password, actor=Actor.system("cli"))
    click.echo(f"{created.name} can sign in as {created.email}.")
