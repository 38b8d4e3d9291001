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
