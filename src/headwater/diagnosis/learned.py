"""The weights in use: the team's own where it has learned some, else the shipped ones.

Kept as files under HEADWATER_HOME/ranking, one per version; `current.toml` is the one in use.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from headwater.diagnosis.errors import WeightsInvalid
from headwater.diagnosis.ranking import Weights, as_toml, load_weights
from headwater.kit.clock import utc_now

_FOLDER = "ranking"
_CURRENT = "current.toml"


def folder() -> Path | None:
    """Where learned weights are; None where no home folder is set, as on a bare command line."""
    home = os.environ.get("HEADWATER_HOME")
    return Path(home) / _FOLDER if home else None


def current_weights(place: Path | None = None) -> Weights:
    """The team's weights, or the shipped ones where there are none. Raises WeightsInvalid."""
    found = place or folder()
    path = found / _CURRENT if found else None
    if path is None or not path.exists():
        return load_weights()
    try:
        return load_weights(path.read_text("utf-8"))
    except WeightsInvalid as error:
        raise WeightsInvalid(
            f"{path}: {error.message}", hint="`headwater diagnose learn --forget` removes it."
        ) from error


def stamp(place: Path) -> int:
    """Changes when the weights in use do; 0 for the shipped ones."""
    with contextlib.suppress(OSError):
        return (place / _CURRENT).stat().st_mtime_ns
    return 0


def keep_weights(weights: Weights, *, cases: int, place: Path) -> Path:
    """Puts `weights` in use and keeps them under their version. Returns the version's file."""
    place.mkdir(parents=True, exist_ok=True)
    text = as_toml(weights, {"fitted": utc_now().date(), "closed_cases": cases})
    kept = place / f"weights-{weights.version:04d}.toml"
    handle, temporary = tempfile.mkstemp(dir=place, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(temporary).replace(kept)
    # A copy put into place at once: a reader never sees half of it.
    copy = place / f"{_CURRENT}.part"
    shutil.copyfile(kept, copy)
    copy.replace(place / _CURRENT)
    return kept


def forget_weights(place: Path) -> bool:
    """Back to the shipped weights; whether there were others in use. Old versions are kept."""
    path = place / _CURRENT
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
