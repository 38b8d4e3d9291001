"""The playbooks, read once per change of their files: checking their SQL takes seconds."""

from functools import lru_cache

from headwater.diagnosis.playbooks import Playbook, load_playbooks, playbook_folder
from headwater.kit.errors import HeadwaterError

_Signature = tuple[tuple[str, int], ...]


def known_playbooks() -> dict[str, Playbook]:
    """All playbooks by id. Raises PlaybookInvalid and PlaybooksMissing, as the loader does."""
    folder = playbook_folder()
    files = sorted(folder.glob("*/*.md"))
    return _load(tuple((str(path), path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=1)
def _load(signature: _Signature) -> dict[str, Playbook]:
    return load_playbooks()


def playbook_titles() -> dict[str, str]:
    """Titles by id; none when the folder cannot be read, which the playbooks page explains."""
    try:
        return {name: page.title for name, page in known_playbooks().items()}
    except HeadwaterError:
        return {}
