"""What can go wrong with a contact, in words a person can act on."""

from headwater.kit.errors import HeadwaterError


class MailRefused(HeadwaterError):
    """Bytes that are not read further: beyond a bound, or broken beyond reading."""

    code = "mail_refused"


class MailNotFound(HeadwaterError):
    """No raw mail of this id."""

    code = "mail_not_found"
    http_status = 404

    def __init__(self, mail_id: str) -> None:
        super().__init__(
            f"There is no mail {mail_id}.", param="mail", hint="Check the id; it starts with mail_."
        )


class ReplayRefused(HeadwaterError):
    """Only a mail that was set aside can be read again."""

    code = "replay_refused"
    http_status = 409


class RevealRefused(HeadwaterError):
    """What was masked is not shown to this agent, or not without a reason."""

    http_status = 403
