"""`headwater evidence`: what the evidence store holds, and single queries."""

import click


@click.group()
def evidence() -> None:
    """What the evidence store holds, and queries over it."""
