"""What is known of a file that came with a contact; its bytes stay in the raw contact."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Attached:
    """`size` in bytes; `inline` where the contact's own text shows it, by its `content_id`."""

    name: str
    type: str
    size: int
    sha256: str
    inline: bool = False
    content_id: str = ""

    def as_json(self) -> dict[str, Any]:
        """For `Message.attachments`."""
        return asdict(self)
