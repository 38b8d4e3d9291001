"""How a playbook is told apart from another, in the words of their pages. Pure."""

from headwater.diagnosis.playbooks import Playbook


def apart(best: Playbook | None, other: Playbook) -> str:
    """A sentence, led by a space, on how evidence tells `best` from `other`; empty if none says."""
    if best is None or best.id == other.id:
        return ""
    told = _says(best, other) or _says(other, best)
    return f" Told apart from {best.id}: {told.rstrip('.')}." if told else ""


def _says(one: Playbook, other: Playbook) -> str:
    for key in (other.id, *other.covers):
        if key in one.confused_with:
            return str(one.confused_with[key]).strip()
    return ""
