"""What goes wrong between us and a team's tracker, sorted by what may be done next."""

from headwater.kit.errors import HeadwaterError


class EscalationRefused(HeadwaterError):
    """An escalation does not allow this now."""

    code = "escalation_refused"
    http_status = 409


class TrackerSettings(HeadwaterError):
    """The file of trackers says something that cannot be followed."""

    code = "tracker_settings"


class DeliveryRefused(HeadwaterError):
    """A post to a tracker's hook that is not taken."""

    code = "delivery_refused"
    http_status = 400


class TrackerError(HeadwaterError):
    """A call to a tracker that did not do what it should."""

    code = "tracker_error"


class TrackerRefused(TrackerError):
    """The tracker understood and said no: asking again gives the same answer."""

    code = "tracker_refused"


class TrackerNotReached(TrackerError):
    """Nothing was sent, so nothing can have happened there."""

    code = "tracker_not_reached"


class TrackerUnclear(TrackerError):
    """It was sent, and no answer says what became of it: it may have happened."""

    code = "tracker_unclear"


class TrackerBusy(TrackerError):
    """The tracker did nothing and wants to be left alone for `seconds`."""

    code = "tracker_busy"

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message, hint=f"It is tried again in {seconds:.0f} s.")
        self.seconds = seconds
