"""`headwater answers`: the library of canned answers, by language."""

import click

from headwater.cli.case_options import AS, AS_AGENT, CASE, JSON, acting, agent_at, echo_json
from headwater.cli.library import keeps_a_library
from headwater.cli.serve import require_store

_NAME = click.argument("name", metavar="NAME")


@click.group()
def answers() -> None:
    """Canned answers by language, filled from the case."""


keeps_a_library(answers, "answer", ("answer",))


@answers.command("list")
@click.argument("words", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also those that are no longer used.")
@JSON
def list_(words: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """The answers that hold all WORDS, with their languages and how often they were used."""
    require_store()
    from headwater.macros.contents import spoken
    from headwater.macros.queries import ANSWER, entries

    found = entries(ANSWER, " ".join(words), retired=everything)
    rows = [
        {
            "name": each.name,
            "title": each.title,
            "languages": spoken(each.content["texts"]),
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
        languages = " ".join(row["languages"])
        click.echo(f"{row['name']:<30} {languages:<12} {row['used']:>5} ×  {row['title']}{told}")


@answers.command()
@_NAME
@click.option("--case", "case_id", help="As it would read in this case.")
@click.option("--language", default="", help="Two letters; without it the user's, or English.")
@click.option("--version", "number", type=int, help="As it was in that version.")
def show(name: str, case_id: str | None, language: str, number: int | None) -> None:
    """An answer with its versions; with --case, filled from that case."""
    require_store()
    from headwater.cases.queries import case_for_system
    from headwater.macros.contents import spoken
    from headwater.macros.queries import ANSWER, entry_named, versions_of
    from headwater.macros.using import answer_text

    entry = entry_named(ANSWER, name)
    if case_id is not None:
        texts = entry.content["texts"]
        click.echo(answer_text(case_for_system(case_id), texts, language, None, 1)[1])
        return
    versions = versions_of(entry)
    chosen = next((each for each in versions if each.number == number), versions[0])
    click.echo(f"{entry.name}: {chosen.title}")
    for each_language in spoken(chosen.content["texts"]):
        if language in ("", each_language):
            click.echo(f"\n[{each_language}]\n{chosen.content['texts'][each_language]}")
    click.echo("")
    for each in versions:
        state = "" if each.is_active else ", retired"
        click.echo(f"version {each.number}{state}  {each.made_at:%Y-%m-%d %H:%M} {each.made_by}")


@answers.command()
@CASE
@_NAME
@AS_AGENT
@click.option("--language", default="", help="Two letters; without it the user's, or English.")
@click.option("--finding", default=1, show_default=True, help="The finding that it may cite.")
@click.option("--replace", is_flag=True, help="In place of the draft, not behind it.")
def use(case_id: str, name: str, address: str, language: str, finding: int, replace: bool) -> None:
    """Put an answer into the draft of CASE, filled from it. Nothing is sent."""
    require_store()
    from headwater.cases.queries import visible_case
    from headwater.macros.using import use_answer

    agent = agent_at(address)
    made = use_answer(
        visible_case(agent, case_id),
        name,
        agent=agent,
        actor=agent.actor("cli"),
        language=language,
        finding=finding,
        replace=replace,
    )
    click.echo(made.after["draft"]["body"])
    click.echo(f"In the draft in {made.language}. `headwater answers undo {made.pk}` undoes it.")


@answers.command()
@click.argument("use_id", metavar="USE")
@AS
def undo(use_id: str, address: str) -> None:
    """Take an answer out of the draft again, where nobody wrote on it since."""
    require_store()
    from headwater.macros.using import undo_answer

    undone = undo_answer(use_id, actor=acting(address))
    click.echo(" ".join(undone.left) or "Undone: the draft is as it was.")
