"""What `headwater answers` and `headwater macros` share: a library by file, in versions."""

from collections.abc import Sequence
from pathlib import Path

import click

from headwater.cli.case_options import AS, acting
from headwater.cli.serve import require_store

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
_NAME = click.argument("name", metavar="NAME")
_WORDS = click.argument("words", nargs=-1)


def keeps_a_library(group: click.Group, kind: str, kinds: Sequence[str]) -> None:
    """Adds the commands for entries of `kind`; its files may hold all of `kinds`."""
    _by_file(group, kinds)

    @group.command(help=f"The {kind}s that hold all WORDS, as a YAML file for `apply`.")
    @_WORDS
    def export(words: tuple[str, ...]) -> None:
        require_store()
        from headwater.macros.files import as_file
        from headwater.macros.queries import entries

        click.echo(as_file(entries(kind, " ".join(words))), nl=False)

    @group.command(help="Offer NAME no more; `apply` or `back` brings it back.")
    @_NAME
    @AS
    def retire(name: str, address: str) -> None:
        require_store()
        from headwater.macros.acts import retire as take_away

        take_away(kind, name, actor=acting(address))
        click.echo(f"{name} is no longer used.")

    @group.command(help="Let NAME be again as it was in VERSION, as a new version.")
    @_NAME
    @click.argument("number", metavar="VERSION", type=int)
    @AS
    def back(name: str, number: int, address: str) -> None:
        require_store()
        from headwater.macros.acts import bring_back

        made = bring_back(kind, name, number, actor=acting(address))
        click.echo(f"{name} is version {made.version} now." if made else "It is so already.")


def _by_file(group: click.Group, kinds: Sequence[str]) -> None:
    @group.command(help="Read FILE and say what there is. Nothing is changed.")
    @_FILE
    def check(file: Path) -> None:
        require_store()
        from headwater.macros.contents import spoken
        from headwater.macros.files import read_file
        from headwater.macros.queries import MACRO, field_ids
        from headwater.macros.running import check_references

        found = read_file(file, fields=field_ids(), kinds=kinds)
        answers = frozenset(each.name for each in found if each.kind != MACRO)
        for each in found:
            if each.kind == MACRO:
                check_references(each.content, answers)
            told = ", ".join(spoken(each.content["texts"]) if each.kind != MACRO else each.content)
            click.echo(f"{each.name}: {each.title} ({told})")

    @group.command(help="Keep what FILE holds; what it does not name stays as it is.")
    @_FILE
    @AS
    def apply(file: Path, address: str) -> None:
        require_store()
        from headwater.macros.acts import keep_all
        from headwater.macros.files import read_file
        from headwater.macros.queries import field_ids

        written = read_file(file, fields=field_ids(), kinds=kinds)
        kept = keep_all(written, actor=acting(address))
        for entry in kept:
            click.echo(f"{entry.name}: version {entry.version}")
        click.echo(f"{len(written)} read, {len(kept)} changed.")
