"""`headwater evidence retain` and `erase`: what would go, and with --apply, its removal."""

import getpass
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headwater.cli.places import LOCATION
from headwater.cli.serve import require_store
from headwater.evidence.contract import load_contract
from headwater.evidence.lake import find_root
from headwater.kit.clock import utc_now

if TYPE_CHECKING:
    from headwater.evidence.removal import Erasure

_APPLY = click.option("--apply", is_flag=True, help="Remove; without it only say what would go.")


@click.command()
@LOCATION
@click.option("--keep", multiple=True, metavar="TABLE=DAYS", help="Other days than the contract's.")
@click.option("--snapshots", type=click.IntRange(1), metavar="DAYS", help="Also older kept rows.")
@click.option("--reason", default="past their time", show_default=True, help="Kept on record.")
@_APPLY
def retain(
    location: str, keep: tuple[str, ...], snapshots: int | None, reason: str, apply: bool
) -> None:
    """Drop rows that are older than they are kept.

    Concerns tables that Headwater writes itself (by sync and import), whole days at a time. What
    answers cite stays, unless --snapshots says how long.
    """
    require_store()
    from headwater.evidence import queries, removal, retention

    root, contract, now = find_root(location), load_contract(), utc_now()
    days = retention.keep_days(contract, dict(map(_table_days, keep)))
    old = retention.find_old(root, days, now.date())
    before = now - timedelta(days=snapshots) if snapshots else None
    kept = queries.snapshots_kept_before(before).count() if before else 0
    for each in old:
        click.echo(
            f"{each.table}: {each.rows:,} rows of {each.days} days before {each.before}, "
            f"{each.bytes / 1e6:.1f} MB"
        )
    if before:
        click.echo(f"kept rows: {kept} snapshots from before {before:%Y-%m-%d}")
    if not old and not kept:
        click.echo("Nothing is past its time.")
    elif apply:
        removal.expire(root, old, before, contract, who=getpass.getuser(), reason=reason)
        click.echo("Removed.")
    else:
        click.echo("Nothing was removed; --apply does it.")


@click.command()
@LOCATION
@click.option("--account", required=True, metavar="acct_…", help="Whose data to erase.")
@click.option("--reason", required=True, help="Why, for example the request; kept on record.")
@_APPLY
def erase(location: str, account: str, reason: str, apply: bool) -> None:
    """Erase one account's rows from the lake, from kept rows and from findings.

    Concerns tables that Headwater writes itself. Say so to the source as well: a later sync brings
    back what is still there.
    """
    require_store()
    from headwater.diagnosis import acts as diagnosis_acts
    from headwater.diagnosis import queries as diagnosis_queries
    from headwater.escalation.tracking import erase_deliveries
    from headwater.evidence import removal
    from headwater.macros.acts import forget_account

    root, contract = find_root(location), load_contract()
    if not apply:
        plan = removal.plan_erasure(root, account, contract)
        plan.elsewhere = {"findings": sum(1 for _ in diagnosis_queries.findings_about(account))}
        _print(plan)
        click.echo("Nothing was erased; --apply does it.")
        return

    def elsewhere() -> Mapping[str, int]:
        return {
            "findings": diagnosis_acts.erase_findings(account),
            "results": _drop_results(),
            "tracker_posts": erase_deliveries(account),
            "drafts_kept_for_undoing": forget_account(account),
        }

    done = removal.erase(
        root, account, contract, who=getpass.getuser(), reason=reason, elsewhere=elsewhere
    )
    _print(done)
    click.echo("Erased.")


def _print(plan: "Erasure") -> None:
    for table, rows in plan.lake.rows.items():
        click.echo(f"{table}: {rows:,} rows")
    click.echo(f"kept rows: {len(plan.snapshots)} snapshots")
    for what, count in plan.elsewhere.items():
        click.echo(f"{what}: {count}")
    if plan.lake.nameless:
        named = ", ".join(f"{table} ({rows:,})" for table, rows in plan.lake.nameless.items())
        click.echo(f"Not looked through, since these rows name no account: {named}.")
    if plan.lake.unmanaged:
        tables = ", ".join(plan.lake.unmanaged)
        click.echo(f"Not written by Headwater, so to be erased at their source: {tables}.")


def _drop_results() -> int:
    """Deletes results that the desk still holds for paging: a day's worth, of whatever account."""
    from django.conf import settings

    found = list((Path(settings.HEADWATER_HOME) / "investigate").glob("qry_*"))
    for place in found:
        shutil.rmtree(place, ignore_errors=True)
    return len(found)


def _table_days(text: str) -> tuple[str, int]:
    table, _, days = text.partition("=")
    if not days.isdecimal():
        raise click.BadParameter(f"{text!r} is not TABLE=DAYS.", param_hint="--keep")
    return table, int(days)
