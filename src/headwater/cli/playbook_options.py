"""What the commands over playbooks share: which page, which window, values as JSON."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from headwater.diagnosis.playbooks import Playbook, PlaybooksMissing, load_playbooks
from headwater.evidence.types import EvidenceStore
from headwater.kit.clock import as_naive_utc, parse_utc, utc_now

_DAYS = 30
FOLDER = click.option(
    "--playbooks",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of pages instead of those that ship. [env: HEADWATER_PLAYBOOKS]",
)


def one_page(playbook_id: str, folder: Path | None) -> Playbook:
    """The playbook of this id. Raises PlaybooksMissing."""
    pages = load_playbooks(folder)
    if playbook_id not in pages:
        raise PlaybooksMissing(
            f"There is no playbook {playbook_id!r}.", param="ID", hint=f"Known: {', '.join(pages)}."
        )
    return pages[playbook_id]


def window_of(
    store: EvidenceStore, page: Playbook, start: str | None, end: str | None
) -> tuple[datetime, datetime]:
    """`[start, end)` as asked, else the 30 days before the end of the data; naive UTC."""
    last = _time(end, "--to") if end else _end_of_data(store, page)
    first = _time(start, "--from") if start else last - timedelta(days=_DAYS)
    if first >= last:
        raise click.BadParameter("The window ends before it starts.", param_hint="--from")
    return first, last


def _end_of_data(store: EvidenceStore, page: Playbook) -> datetime:
    """Just after the latest row of what the page reads, so that stored worlds answer for ever."""
    from headwater.diagnosis.playbooks.evidence_sql import tables_read

    states, reads = store.tables(), tables_read(page.sql)
    known = [state.as_of for name in reads if (state := states[name]).present and state.as_of]
    return max(known) + timedelta(seconds=1) if known else as_naive_utc(utc_now())


def _time(text: str, option: str) -> datetime:
    try:
        return as_naive_utc(parse_utc(text))
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not a time like 2026-06-01T12:00.", param_hint=option
        ) from error


def plain(value: Any) -> Any:
    """What JSON cannot hold, as text or number."""
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)
