"""What can go wrong with people and accounts."""

from headwater.kit.errors import HeadwaterError


class AccountError(HeadwaterError):
    """A change that the rules of accounts do not allow."""

    code = "account_error"


class VerificationFailed(AccountError):
    """A confirm link that proves nothing: changed, too old, or for a link that is gone."""

    code = "verification_failed"


class LinkNotGood(AccountError):
    """A link to end notices that names nobody: changed, or for a person who is gone."""

    code = "link_not_good"


class NoRegisteredAddress(AccountError):
    """The platform account has no address that a confirm link could be mailed to."""

    code = "no_registered_address"
    http_status = 409
