"""Who does something, and through which entrance. Every act takes one."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["agent", "system", "person"]
Entrance = Literal["desk", "portal", "mail", "cli", "job"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of a change: an agent, a person who wrote in, or the system itself."""

    kind: ActorKind
    id: str
    name: str
    entrance: Entrance

    @classmethod
    def system(cls, entrance: Entrance = "job") -> "Actor":
        """The actor of everything that no human asked for."""
        return cls(kind="system", id="system", name="Headwater", entrance=entrance)
