"""What goes wrong with a mail on its way out."""

from headwater.kit.errors import HeadwaterError


class OutboxError(HeadwaterError):
    """The mail's state does not allow it."""

    code = "outbox_error"
    http_status = 409


class OutgoingNotFound(HeadwaterError):
    """No outgoing mail of this id."""

    code = "outgoing_not_found"
    http_status = 404

    def __init__(self, outgoing_id: str) -> None:
        super().__init__(
            f"There is no outgoing mail {outgoing_id}.",
            param="id",
            hint="`headwater outbox list --all` shows them.",
        )
