"""Which pages passed their checks before: a hundred queries take seconds to parse, a hash none.

Holds a page's result columns under a hash of everything that was checked, and of what checks it.
It spares work only: the guard judges every query again before it runs.
"""

import hashlib
import json
import os
import tempfile
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from headwater.kit.places import cache_folder

_FILE = "playbooks-checked.json"
# Raise when a page must pass more than before.
_FORMAT = 1
_MOST = 2_000


class Checked:
    """The columns of pages that passed: read from disk once, written back when there are more."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._known = _read(self._path)
        self._new = False

    def columns(self, key: str) -> tuple[str, ...] | None:
        """The columns of a page that passed under this key; None where it is not known."""
        found = self._known.get(key)
        return tuple(found) if found is not None else None

    def add(self, key: str, columns: tuple[str, ...]) -> None:
        """A page has passed."""
        self._known[key] = list(columns)
        self._new = True

    def save(self) -> None:
        """Writes what is new. A folder that cannot be written costs time, not correctness."""
        if not self._new:
            return
        self._new = False
        latest = dict(list(self._known.items())[-_MOST:])
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(latest, file)
            Path(temporary).replace(self._path)
        except OSError:
            return


@cache
def checked() -> Checked:
    """This process's memory of checked pages."""
    return Checked(cache_folder())


def key_of(*texts: str) -> str:
    """A hash of what is checked and of what checks it."""
    whole = json.dumps([_FORMAT, version("sqlglot"), _checkers(), *texts])
    return hashlib.sha256(whole.encode()).hexdigest()


@cache
def _checkers() -> str:
    """A hash of the contract and of the code that checks pages, so that a change checks anew."""
    package = resources.files(__package__)
    files = sorted(each.name for each in package.iterdir() if each.name.endswith(".py"))
    texts = [package.joinpath(name).read_bytes() for name in files]
    contract = resources.files("headwater.evidence").joinpath("contract.toml").read_bytes()
    return hashlib.sha256(b"\0".join([contract, *texts])).hexdigest()


def _read(path: Path) -> dict[str, list[str]]:
    try:
        data: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {
        str(key): [str(name) for name in names]
        for key, names in data.items()
        if isinstance(names, list)
    }
