"""What can go wrong between the platform's API and the lake."""

from headwater.kit.errors import HeadwaterError


class SyncError(HeadwaterError):
    """The sync stopped. What was committed before stays, and the next run goes on from there."""

    code = "sync_failed"
    http_status = 502


class KeyRefused(SyncError):
    """The API does not take the key: wrong, expired or revoked."""

    code = "key_refused"


class ModeMixed(SyncError):
    """Test and live data would end up in one lake without anybody having said so."""

    code = "mode_mixed"


class SourceFailed(SyncError):
    """The API could not be reached, or kept failing after every retry."""

    code = "source_failed"


class NotPermitted(SyncError):
    """The key may not read this; other things can still be read."""

    code = "not_permitted"


class NotThere(SyncError):
    """The API does not know what was asked for, or not in this way."""

    code = "not_there"
