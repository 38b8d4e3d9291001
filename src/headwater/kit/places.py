"""Where things are kept that can be made again."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """HEADWATER_HOME/cache, else the user's cache folder for Headwater. It may not exist yet."""
    home = os.environ.get("HEADWATER_HOME")
    if home:
        return Path(home) / "cache"
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "headwater"
