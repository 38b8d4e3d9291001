"""Which function runs a job of which name.

A handler takes the payload. By default it runs *inside* the transaction that also removes the
job, so its effects on the database happen once even if two workers race or one is killed. It
must then do no slow I/O: on SQLite that transaction holds the only write lock.

`@job(name, atomic=False)` is for work that talks to the outside (mail, the evidence engine). It
runs outside any transaction and may return a function: that one runs inside the finishing
transaction, with the same once-only promise. What it did outside may happen twice.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from headwater.kit.jobs.errors import UnknownJob

Payload = dict[str, Any]
Effects = Callable[[], None]
Handler = Callable[[Payload], Effects | None]
OnDead = Callable[[Payload, str], None]


@dataclass(frozen=True, slots=True)
class JobType:
    """A registered handler and how it is run."""

    name: str
    handler: Handler
    atomic: bool
    max_attempts: int
    every_seconds: int | None
    first_after_seconds: int
    on_dead: OnDead | None


_types: dict[str, JobType] = {}


def job(
    name: str,
    *,
    atomic: bool = True,
    max_attempts: int = 8,
    every_seconds: int | None = None,
    first_after_seconds: int = 0,
    on_dead: OnDead | None = None,
) -> Callable[[Handler], Handler]:
    """Registers the decorated function as the handler of `name`.

    `every_seconds` also puts it on a schedule, whose first turn comes `first_after_seconds` after
    the schedule was made: heavy work must not meet a start. `on_dead(payload, error)` runs in the
    transaction that gives the job up, so that a person can be told.
    """

    def register(handler: Handler) -> Handler:
        known = _types.get(name)
        if known and known.handler.__qualname__ != handler.__qualname__:
            raise ValueError(f"The job {name!r} already has a handler: {known.handler!r}.")
        _types[name] = JobType(
            name, handler, atomic, max_attempts, every_seconds, first_after_seconds, on_dead
        )
        return handler

    return register


def load_handlers() -> None:
    """Imports every module in settings.JOB_MODULES, which registers their handlers."""
    for module in settings.JOB_MODULES:
        importlib.import_module(module)


def find(name: str) -> JobType:
    """The registered type. Raises UnknownJob."""
    if name not in _types:
        load_handlers()
    try:
        return _types[name]
    except KeyError:
        raise UnknownJob(name) from None


def scheduled() -> list[JobType]:
    """Every registered type that recurs."""
    return [kind for kind in _types.values() if kind.every_seconds is not None]
