"""The API as the sync needs it: pages and single objects as plain dicts, patiently.

The official SDK does the talking. Its own retries are off, because it does not wait for a rate
limit: here every retry is one rule, and the API's Retry-After is obeyed.
"""

import random
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from headwater.evidence.sync.errors import (
    KeyRefused,
    NotPermitted,
    NotThere,
    SourceFailed,
    SyncError,
)

PAGE = 100
TRIES = 8
LONGEST_WAIT = 60.0

Object = dict[str, Any]


def mode_of(key: str) -> str:
    """`live` or `test`, as the key says. Raises KeyRefused for anything but a secret API key."""
    kind, _, rest = key.partition("_")
    mode = rest.partition("_")[0]
    if kind not in ("sk", "rk") or mode not in ("live", "test"):
        raise KeyRefused(
            "This is not a secret or restricted API key.",
            param="api_key",
            hint="It starts with rk_live_, rk_test_, sk_live_ or sk_test_; a restricted key that "
            "may only read is enough.",
        )
    return mode


class Client:
    """The API behind one key. `account` arguments become the Stripe-Account header."""

    def __init__(
        self,
        key: str,
        *,
        base: str | None = None,
        timeout: float = 80.0,
        sleep: Callable[[float], None] = time.sleep,
        per_second: float = 20.0,
    ) -> None:
        try:
            import stripe
        except ImportError as error:
            raise SyncError(
                "The Stripe SDK is not installed.",
                hint="Install Headwater with the extra `stripe`: pip install 'headwater[stripe]'.",
            ) from error
        self._stripe = stripe
        self._sleep = sleep
        self._gap = 1.0 / per_second
        self._next = 0.0
        self.requests = 0
        self.waits = 0
        self.server_time = 0
        # The SDK would otherwise report how long its requests took.
        stripe.enable_telemetry = False
        http: Any = stripe.RequestsClient(timeout=timeout)
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": base.rstrip("/")} if base else {},
            max_network_retries=0,
            http_client=http,
        )

    def page(
        self,
        service: str,
        params: Mapping[str, Any],
        *,
        account: str | None = None,
        of: str | None = None,
    ) -> tuple[list[Object], bool]:
        """One page of a list, newest first, and whether there is more.

        `of` is the object whose inner list it is. Raises NotPermitted, NotThere, KeyRefused,
        SourceFailed.
        """
        found = self._service(service)
        path = (of,) if of else ()
        answer = self._ask(
            service,
            lambda: found.list(*path, params={"limit": PAGE, **params}, options=_options(account)),
        )
        return answer["data"], bool(answer.get("has_more"))

    def one(self, service: str, ident: str, *, account: str | None = None) -> Object:
        """One object as it is now. Raises what `page` raises."""
        found = self._service(service)
        return self._ask(service, lambda: found.retrieve(ident, options=_options(account)))

    def own_account(self) -> Object:
        """The account that the key belongs to. Raises what `page` raises."""
        return self._ask("account", lambda: self._api.v1.accounts.retrieve_current())

    def _service(self, name: str) -> Any:
        found: Any = self._api.v1
        for part in name.split("."):
            found = getattr(found, part)
        return found

    def _ask(self, what: str, call: Callable[[], Any]) -> Object:
        for attempt in range(TRIES):
            self._pace()
            self.requests += 1
            try:
                said = call()
                answer: Object = said.to_dict(for_json=True)
            except self._stripe.StripeError as error:
                if attempt + 1 == TRIES or not _passing(error):
                    raise _in_our_words(error, what) from error
                self.waits += 1
                self._sleep(_pause(error, attempt))
            else:
                self.server_time = _date(said)
                return answer
        raise AssertionError("the last try raises")

    def _pace(self) -> None:
        """Keeps below the rate that was asked for, so that others can use the API too."""
        now = time.monotonic()
        if self._next > now:
            self._sleep(self._next - now)
        self._next = max(self._next, now) + self._gap


def _date(answer: Any) -> int:
    """When the API answered, by its own clock, in UNIX seconds; ours where it does not say."""
    headers = getattr(getattr(answer, "last_response", None), "headers", None) or {}
    try:
        return int(parsedate_to_datetime(headers["Date"]).timestamp())
    except (KeyError, ValueError, TypeError):
        return int(time.time())


def _options(account: str | None) -> dict[str, str]:
    return {"stripe_account": account} if account else {}


def _passing(error: Any) -> bool:
    """Whether the same request may succeed later."""
    status = error.http_status
    return status is None or status in (409, 429) or status >= 500


def _pause(error: Any, attempt: int) -> float:
    """Seconds to wait: what the API asks for, or twice as long each time, with a random part."""
    try:
        asked = float((error.headers or {}).get("Retry-After", ""))
    except ValueError:
        asked = 0.0
    grown = 0.5 * 2.0**attempt
    return min(LONGEST_WAIT, max(asked, grown * (0.5 + random.random() / 2)))  # noqa: S311


def _in_our_words(error: Any, what: str) -> SyncError:
    status, said = error.http_status, str(error.user_message or error).strip().rstrip(".")
    if status == 401:
        return KeyRefused(
            f"The API refused the key: {said}.",
            param="api_key",
            hint="Make a new restricted key with read permissions and put it where the old one is.",
        )
    if status == 403:
        return NotPermitted(f"The key may not read {what}: {said}.", param=what)
    if status is not None and 400 <= status < 500 and status not in (409, 429):
        return NotThere(f"The API has no {what} here: {said}.", param=what)
    hint = "Run the sync again; it goes on where it stopped."
    if status is None:
        return SourceFailed(f"The API cannot be reached: {said}.", param=what, hint=hint)
    return SourceFailed(f"The API answered {what} with status {status}: {said}.", hint=hint)
