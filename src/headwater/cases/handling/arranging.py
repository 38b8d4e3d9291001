"""Who arranged something for all cases, and how."""

from typing import Any

from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def changed_by(actor: Actor) -> dict[str, Any]:
    """The columns of `models.Arranged` for a change that is made now."""
    return {
        "changed_at": utc_now(),
        "changed_by": actor.name[:200],
        "entrance": actor.entrance,
    }
