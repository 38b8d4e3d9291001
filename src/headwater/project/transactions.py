"""One request that writes, one transaction."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class OneTransactionPerWrite:
    """Runs the view of a POST (PUT, DELETE...) in a transaction; an exception undoes all of it.

    Reads get none, unlike with ATOMIC_REQUESTS: our SQLite transactions take the write lock at
    once, so every page would wait for every writer. Nor does a view that is marked
    `writes_nothing`: asking the evidence may take seconds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """The view's response from inside a transaction, or None to let a read run without."""
        if request.method in _READS or getattr(view, "writes_nothing", False):
            return None
        with transaction.atomic():
            return view(request, *args, **kwargs)
