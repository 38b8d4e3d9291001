"""Walks through the lists of one account, resumable at every commit.

A list is read from its newest object to its oldest. The progress of a run says for each list after
which object to go on; it is committed with the rows, so a killed run repeats at most one batch,
and repeating a batch changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from headwater.evidence.sync.batch import Batch
from headwater.evidence.sync.client import Client
from headwater.evidence.sync.errors import NotPermitted, NotThere, SourceFailed
from headwater.evidence.sync.resources import (
    BALANCE_TRANSACTIONS,
    BY_KIND,
    EVENTS,
    PAYOUTS,
    Resource,
)
from headwater.evidence.sync.shape import at

# Rows in one commit: a commit writes the touched days anew, so it should be worth it, yet little
# enough that a killed run loses seconds, not minutes.
COMMIT_ROWS = 5_000

Tell = Callable[[str, int], None]


class Walk:
    """One run over one account. `run` is its progress, plain JSON, changed in place."""

    def __init__(
        self,
        client: Client,
        batch: Batch,
        run: dict[str, Any],
        *,
        header: str | None,
        save: Callable[[], Mapping[str, Any]],
        tell: Tell,
        commit_rows: int = COMMIT_ROWS,
    ) -> None:
        self._client = client
        self._batch = batch
        self._run = run
        self._header = header
        self._save = save
        self._tell = tell
        self._commit_rows = commit_rows
        self._again: set[str] = set()

    def list(self, resource: Resource, *, since: int | None) -> None:
        """Brings all objects of a list that were created at `since` or later."""
        state = self._state(resource)
        params: dict[str, Any] = dict(resource.params)
        if since is not None and resource.dated:
            params["created"] = {"gte": since}
        while not state["done"]:
            if state["after"]:
                params["starting_after"] = state["after"]
            try:
                page, more = self._client.page(resource.sdk, params, account=self._header)
            except (NotPermitted, NotThere) as error:
                state.update(done=True, problem=error.message)
                break
            for source in page:
                self._take(resource, source, state)
            state["seen"] += len(page)
            state["after"] = _last_id(page) if page else state["after"]
            state["done"] = not (more and page)
            self._tell(resource.name, state["seen"])
            if self._batch.size >= self._commit_rows:
                self.commit()

    def commit(self) -> None:
        """Makes visible what was read so far, with how far that is."""
        self._batch.commit(self._save())

    def _take(self, resource: Resource, source: Mapping[str, Any], state: dict[str, Any]) -> None:
        whole = self._whole(resource, source)
        self._add(resource, whole, state)
        if resource is EVENTS and self._run["since"] is not None:
            self._follow(source)

    def _add(self, resource: Resource, source: Mapping[str, Any], state: dict[str, Any]) -> None:
        if not self._batch.add(resource, source):
            state["rejected"] += 1
        elif resource is BALANCE_TRANSACTIONS and source.get("status") == "pending":
            # They become available without an event, so the next run lists from here again.
            created = source["created"]
            state["pending_from"] = min(state.get("pending_from") or created, created)
        elif resource is PAYOUTS and source.get("reconciliation_status") == "completed":
            self._content(source)

    def _content(self, payout: Mapping[str, Any]) -> None:
        """What an automatic payout paid out; only here the API says which payout that was."""
        state = self._state(BALANCE_TRANSACTIONS)
        params = {"payout": payout["id"]}
        more = not state.get("problem")
        while more:
            try:
                page, more = self._client.page(
                    BALANCE_TRANSACTIONS.sdk, params, account=self._header
                )
            except (NotPermitted, NotThere):
                return
            for source in page:
                self._batch.add(BALANCE_TRANSACTIONS, {**source, "payout": payout["id"]})
            more = more and bool(page)
            if more:
                params["starting_after"] = _last_id(page)

    def _follow(self, event: Mapping[str, Any]) -> None:
        """Reads the object of an event again when it is older than what the lists brought.

        As it is now, not as the event tells: events come out of order, and in the API version of
        their time.
        """
        told = at(event, "data.object")
        resource = BY_KIND.get(at(event, "data.object.object"))
        ident, created = at(event, "data.object.id"), at(event, "data.object.created")
        if resource is None or not isinstance(ident, str) or ident in self._again:
            return
        if isinstance(created, int) and created >= self._run["since"]:
            return
        state = self._state(resource)
        if state.get("problem"):
            return
        try:
            now: Mapping[str, Any] = self._client.one(resource.sdk, ident, account=self._header)
        except (NotPermitted, NotThere):
            # What cannot be read any more is kept as the last event showed it.
            now = told
        if now.get("deleted") is True:
            now = {**told, "deleted": True}
        self._again.add(ident)
        state["updated"] += 1
        self._add(resource, self._whole(resource, now), state)

    def _whole(self, resource: Resource, source: Mapping[str, Any]) -> Mapping[str, Any]:
        """The object with all of its inner list, of which the API sends only the beginning."""
        if resource.more is None:
            return source
        service, name = resource.more
        inner = source.get(name)
        if not isinstance(inner, Mapping) or not inner.get("has_more"):
            return source
        rows = list(inner["data"])
        more = True
        while more:
            after = {"starting_after": _last_id(rows)} if rows else {}
            by = source["id"]
            if service == "subscription_items":
                page, more = self._client.page(
                    service, {"subscription": by, **after}, account=self._header
                )
            else:
                page, more = self._client.page(service, after, account=self._header, of=by)
            rows += page
            more = more and bool(page)
        return {**source, name: {**inner, "data": rows, "has_more": False}}

    def _state(self, resource: Resource) -> dict[str, Any]:
        fresh = {"after": None, "done": False, "seen": 0, "rejected": 0, "updated": 0}
        state: dict[str, Any] = self._run["lists"].setdefault(resource.name, fresh)
        return state


def _last_id(page: Sequence[Mapping[str, Any]]) -> str:
    """Where the next page begins."""
    ident = page[-1].get("id")
    if not isinstance(ident, str):
        raise SourceFailed("The API sent an object without an id, so its list cannot be followed.")
    return ident
