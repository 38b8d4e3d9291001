"""Audit lines on their way to the operational store: one small file each, written at once.

A line written in the caller's transaction would vanish with its rollback, and a second connection
would wait for the lock that the caller holds (SQLite has one writer). A file shares nobody's
fate: it is renamed into place before the rows are returned, and removed after its row is committed.
Moving it twice does no harm, since the run's id is the row's key. Free of Django.
"""

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from headwater.evidence.recorder import run_as_dict, run_from_dict
from headwater.evidence.types import RunRecord

_log = logging.getLogger(__name__)


class Spool:
    """A folder of audit lines that are not yet in the operational store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def record(self, run: RunRecord) -> None:
        """Writes one line, whole or not at all. Raises OSError: an unrecorded read must fail."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.folder / f".{run.run_id}.part"
        line = json.dumps(run_as_dict(run), ensure_ascii=False).encode("utf-8", "replace")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(line)
        part.replace(self.folder / f"{run.run_id}.json")

    def pending(self) -> list[Path]:
        """The files that wait, oldest name first."""
        try:
            names = sorted(os.listdir(self.folder))  # noqa: PTH208 (names are all that is needed)
        except FileNotFoundError:
            return []
        return [self.folder / name for name in names if name.endswith(".json")]

    def read(self, paths: Iterable[Path]) -> dict[Path, RunRecord]:
        """The lines in those files that still exist; a damaged file is set aside and reported."""
        runs: dict[Path, RunRecord] = {}
        for path in paths:
            try:
                runs[path] = run_from_dict(json.loads(path.read_bytes()))
            except FileNotFoundError:
                continue  # another process moved it meanwhile
            except (ValueError, KeyError, TypeError):
                _log.error("The audit line %s is damaged and was set aside.", path)
                path.replace(path.with_suffix(".damaged"))
        return runs

    def drop(self, paths: Iterable[Path]) -> None:
        """Removes files whose lines are stored."""
        for path in paths:
            path.unlink(missing_ok=True)
