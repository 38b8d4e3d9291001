"""`headwater diagnose learn`: the ranking's weights from the team's own closed cases."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from headwater.cli.serve import require_store


@click.command()
@click.option("--dry-run", is_flag=True, help="Report only; change nothing.")
@click.option("--forget", is_flag=True, help="Go back to the weights that Headwater ships.")
def learn(dry_run: bool, forget: bool) -> None:
    """Learns the ranking's weights from solved cases whose cause a person has named.

    Prints what would change and how it does on cases held out. New weights are used only when
    they are clearly better there; otherwise everything stays as it is.
    """
    require_store()
    from django.conf import settings

    from headwater.diagnosis.learned import current_weights, forget_weights, keep_weights
    from headwater.diagnosis.learning import learn as learn_from
    from headwater.diagnosis.queries import closed_choices

    place = Path(settings.HEADWATER_HOME) / "ranking"
    console = Console()
    if forget:
        had = forget_weights(place)
        console.print("The shipped weights are in use again." if had else "They were in use.")
        return
    before = current_weights(place)
    lesson = learn_from(closed_choices(), before)
    table = Table("feature", "before", "after", "change", title=f"{lesson.cases} closed cases")
    for name, old in before.points.items():
        new = lesson.weights.points[name]
        table.add_row(name, f"{old:.3f}", f"{new:.3f}", f"{new - old:+.3f}")
    console.print(table)
    for label, found in (("before", lesson.before), ("after", lesson.after)):
        console.print(
            f"{label:>6}: loss {found.loss:.4f}, right in first place {found.first:.1%}, "
            f"calibration error {found.gap:.3f}"
        )
    console.print(lesson.why)
    if not lesson.better:
        console.print("Nothing was changed: the new weights are not clearly better.")
    elif dry_run:
        console.print("Nothing was changed: this was a dry run.")
    else:
        kept = keep_weights(lesson.weights, cases=lesson.cases, place=place)
        console.print(f"In use from the next diagnosis on, and kept as {kept.name}.")
