"""A whole sync: whose lists are read, since when, and what is on record of it.

The first run of an account lists everything. Later runs list what was created since, follow the
event stream to whatever changed, and fall back to listing everything when the events that they
would need are gone.
"""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headwater.evidence.contract import load_contract
from headwater.evidence.layout import LakeWriter
from headwater.evidence.layout.manifest import FOLDER
from headwater.evidence.sync.batch import STAGING, Batch
from headwater.evidence.sync.client import Client, mode_of
from headwater.evidence.sync.count import Count
from headwater.evidence.sync.errors import ModeMixed, NotPermitted, NotThere, SyncError
from headwater.evidence.sync.report import ListReport, Report
from headwater.evidence.sync.resources import (
    ACCOUNTS,
    BALANCE_TRANSACTIONS,
    EVENTS,
    PAYOUTS,
    RESOURCES,
    Resource,
)
from headwater.evidence.sync.walk import COMMIT_ROWS, Walk

# Changes show up in lists and events a little late; so much is read twice.
OVERLAP_SECONDS = 300
# The API keeps events for 30 days. A gap that is nearly as long is closed by listing everything.
EVENTS_REACH_SECONDS = 29 * 86_400

Tell = Callable[[str, str, int], None]
"""Called with account, list and how many objects of it were seen."""


@dataclass(frozen=True, slots=True)
class Options:
    """`account` names the platform's own account where the key may not read it; `connected` is
    whether connected accounts are read too, `both_modes` whether test and live data may share the
    lake, `full` whether everything is listed anew."""

    account: str | None = None
    connected: bool = True
    both_modes: bool = False
    full: bool = False
    commit_rows: int = COMMIT_ROWS


def sync(
    root: Path,
    key: str,
    *,
    client: Client,
    options: Options | None = None,
    tell: Tell = lambda account, name, seen: None,
) -> Report:
    """Brings what the key may read into the lake at `root`.

    Raises KeyRefused, ModeMixed, SourceFailed and WriteRefused; what was committed before stays.
    """
    options = options or Options()
    mode = mode_of(key)
    began = time.monotonic()
    with LakeWriter(root) as writer:
        shutil.rmtree(root / FOLDER / STAGING, ignore_errors=True)
        _keep_modes_apart(writer, mode, options)
        run = _Run(root, writer, client, mode, options, tell)
        report = run.all()
    report.requests, report.waits = client.requests, client.waits
    report.seconds = time.monotonic() - began
    return report


def _keep_modes_apart(writer: LakeWriter, mode: str, options: Options) -> None:
    modes = set(writer.progress("stripe/modes") or ())
    if modes - {mode} and not options.both_modes:
        other = min(modes - {mode})
        raise ModeMixed(
            f"This lake holds {other} data, and the key is for {mode} mode.",
            param="evidence",
            hint="Give another folder, or --both-modes to keep both here, told apart by livemode.",
        )
    if mode not in modes:
        writer.commit({}, {"stripe/modes": sorted({*modes, mode})})


class _Run:
    def __init__(
        self,
        root: Path,
        writer: LakeWriter,
        client: Client,
        mode: str,
        options: Options,
        tell: Tell,
    ) -> None:
        self._root = root
        self._writer = writer
        self._client = client
        self._mode = mode
        self._options = options
        self._tell = tell
        self._contract = load_contract()

    def all(self) -> Report:
        platform, own = self._platform()
        report = Report(self._mode, platform)
        connected = self._accounts(platform, own, report)
        self._account(platform, None, report)
        for account in connected:
            self._account(account, account, report)
        return report

    def _batch(self, account: str) -> Batch:
        return Batch(self._writer, self._contract, self._root, account=account, mode=self._mode)

    def _platform(self) -> tuple[str, Mapping[str, Any] | None]:
        """The key's own account: its id, and the object if the key may read it."""
        try:
            own = self._client.own_account()
        except (NotPermitted, NotThere) as error:
            if self._options.account is None:
                raise SyncError(
                    "The key may not read its own account, so rows would not say whose they are.",
                    param="account",
                    hint="Name it with --account acct_…, as the dashboard shows it.",
                ) from error
            return self._options.account, None
        if self._options.account not in (None, own["id"]):
            raise SyncError(
                f"The key belongs to {own['id']}, not to {self._options.account}.", param="account"
            )
        return str(own["id"]), own

    def _accounts(self, platform: str, own: Mapping[str, Any] | None, report: Report) -> list[str]:
        """Stores the account and its connected ones; the ids of the connected ones."""
        batch = self._batch(platform)
        found, seen, rejected, problem = [], 0, 0, None
        if own is not None:
            seen += 1
            rejected += not batch.add(ACCOUNTS, own)
        more, params = self._options.connected, dict[str, Any]()
        while more:
            try:
                page, more = self._client.page(ACCOUNTS.sdk, params)
            except (NotPermitted, NotThere) as error:
                problem = error.message
                break
            for each in page:
                if each["id"] == platform:
                    continue
                seen += 1
                rejected += not batch.add(ACCOUNTS, each, {"parent_platform_id": platform})
                found.append(str(each["id"]))
            params["starting_after"] = page[-1]["id"] if page else None
            more = more and bool(page)
            self._tell(platform, ACCOUNTS.name, seen)
        batch.commit({})
        with Count(self._root) as count:
            there = count.rows("accounts", {"id": [platform, *found]})
        report.lists.append(ListReport(platform, ACCOUNTS.name, seen, there, rejected, 0, problem))
        return found

    def _account(self, account: str, header: str | None, report: Report) -> None:
        name = f"stripe/{self._mode}/{account}"
        progress: dict[str, Any] = self._writer.progress(name) or {}
        if self._options.full and "run" not in progress:
            progress = {}
        run = progress.setdefault("run", self._fresh(progress))
        walk = Walk(
            self._client,
            self._batch(account),
            run,
            header=header,
            save=lambda: {name: progress},
            tell=lambda resource, seen: self._tell(account, resource, seen),
            commit_rows=self._options.commit_rows,
        )
        for resource in RESOURCES:
            walk.list(resource, since=_since(run, resource))
        walk.list(EVENTS, since=run["since"])
        walk.commit()
        self._report(account, run, report)
        done = _finished(run)
        self._writer.commit({}, {name: done})
        if done["synced_to"] is None:
            report.notes.append(
                f"{account}: without events, changes to older objects are only found by listing "
                "everything, which the next sync does."
            )

    def _fresh(self, progress: Mapping[str, Any]) -> dict[str, Any]:
        """The progress of a run that has not begun. `since` is None when it lists everything."""
        now = self._client.server_time
        synced = progress.get("synced_to")
        if synced is None or now - synced > EVENTS_REACH_SECONDS:
            since = money_since = None
        else:
            since = synced - OVERLAP_SECONDS
            money_since = min(since, progress.get("pending_from") or since)
        return {
            "since": since,
            "money_since": money_since,
            "unread": progress.get("unread", []),
            "upto": now,
            "lists": {},
        }

    def _report(self, account: str, run: Mapping[str, Any], report: Report) -> None:
        with Count(self._root) as count:
            for resource in (*RESOURCES, EVENTS):
                report.lists.append(self._listed(account, resource, run, count))

    def _listed(
        self, account: str, resource: Resource, run: Mapping[str, Any], count: Count
    ) -> ListReport:
        state = run["lists"][resource.name]
        since = _since(run, resource) if resource.dated else None
        table = self._contract.tables[resource.shape.table]
        match: dict[str, list[Any]] = {"account_id": [account]}
        if "livemode" in table.columns:
            match["livemode"] = [self._mode == "live"]
        return ListReport(
            account,
            resource.name,
            state["seen"],
            count.rows(table.name, match, since=since),
            state["rejected"],
            state["updated"],
            state.get("problem"),
        )


def _since(run: Mapping[str, Any], resource: Resource) -> int | None:
    """From when on a run lists: everything, where the run before could not read the list.

    The ledger goes back to what was pending, and so do payouts, which say more of the ledger.
    """
    money = (BALANCE_TRANSACTIONS, PAYOUTS)
    together = money if resource in money else (resource,)
    if any(each.name in run["unread"] for each in together):
        return None
    since: int | None = run["money_since"] if resource in money else run["since"]
    return since


def _finished(run: Mapping[str, Any]) -> dict[str, Any]:
    """What the next run has to know of this one."""
    events = run["lists"][EVENTS.name]
    ledger = run["lists"][BALANCE_TRANSACTIONS.name]
    return {
        "synced_to": None if events.get("problem") else run["upto"],
        "pending_from": ledger.get("pending_from"),
        "unread": [name for name, state in run["lists"].items() if state.get("problem")],
    }
