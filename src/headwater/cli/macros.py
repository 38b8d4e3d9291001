"""`headwater macros`: several changes and a text at once, shown beforehand, undone as a whole."""

from typing import TYPE_CHECKING

import click

from headwater.cli.case_options import AS, AS_AGENT, CASE, JSON, acting, agent_at, echo_json
from headwater.cli.library import keeps_a_library
from headwater.cli.serve import require_store

if TYPE_CHECKING:
    from headwater.macros.running import Change

_NAME = click.argument("name", metavar="NAME")


@click.group()
def macros() -> None:
    """Several changes and a text at once."""


keeps_a_library(macros, "macro", ("answer", "macro"))


@macros.command("list")
@click.argument("words", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also those that are no longer used.")
@JSON
def list_(words: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """The macros that hold all WORDS, with what they do and how often they were used."""
    require_store()
    from headwater.macros.queries import MACRO, entries
    from headwater.macros.recipes import ordered

    found = entries(MACRO, " ".join(words), retired=everything)
    rows = [
        {
            "name": each.name,
            "title": each.title,
            "does": ordered(each.content),
            "version": each.version,
            "used": each.used,  # type: ignore[attr-defined]
            "in_use": each.is_active,
        }
        for each in found
    ]
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        told = "" if row["in_use"] else "  (no longer used)"
        click.echo(f"{row['name']:<30} {row['used']:>5} ×  {row['title']}{told}")


@macros.command()
@_NAME
def show(name: str) -> None:
    """What a macro does, as a file would say it, and its versions."""
    require_store()
    from headwater.macros.files import as_file
    from headwater.macros.queries import MACRO, entry_named, versions_of

    entry = entry_named(MACRO, name)
    click.echo(as_file([entry]))
    for each in versions_of(entry):
        state = "" if each.is_active else ", retired"
        click.echo(f"version {each.number}{state}  {each.made_at:%Y-%m-%d %H:%M} {each.made_by}")


@macros.command()
@CASE
@_NAME
@AS_AGENT
@click.option("--language", default="", help="Two letters; without it the user's, or English.")
@click.option("--finding", default=1, show_default=True, help="The finding that it may cite.")
@click.option("--go", is_flag=True, help="Do it. Without it, only say what would change.")
def run(case_id: str, name: str, address: str, language: str, finding: int, go: bool) -> None:
    """Say what a macro would change in CASE; with --go change it, as a whole or not at all."""
    require_store()
    from headwater.cases.queries import visible_case
    from headwater.macros.running import preview, run_macro

    agent = agent_at(address)
    case = visible_case(agent, case_id)
    done = preview(case, name, agent=agent, language=language, finding=finding)
    for each in done.changes:
        click.echo(_line(each))
    if not go:
        words = "Nothing was done; --go does it." if done.changes else "It would change nothing."
        click.echo(words)
        return
    use = run_macro(
        case,
        name,
        agent=agent,
        actor=agent.actor("cli"),
        language=language,
        finding=finding,
        seen=done.seen,
    )
    click.echo(f"Done. `headwater macros undo {use.pk}` undoes it.")


@macros.command()
@click.argument("use_id", metavar="USE")
@AS
def undo(use_id: str, address: str) -> None:
    """Put back what a macro changed, as far as nobody has touched it since."""
    require_store()
    from headwater.macros.running import undo as take_back

    undone = take_back(use_id, actor=acting(address))
    click.echo(" ".join(undone.left) or "Undone.")


def _line(change: "Change") -> str:
    from headwater.macros.words import shown

    before, after = shown(change)
    if change.what == "draft":
        return f"draft:\n{after}"
    return f"{change.what}: {before or '–'} → {after or '–'}"
