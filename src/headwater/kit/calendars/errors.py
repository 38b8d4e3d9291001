"""What can be wrong with a calendar or with a question to it."""

from headwater.kit.errors import HeadwaterError


class CalendarRefused(HeadwaterError):
    """The file of a calendar says something that cannot be kept."""

    code = "calendar_refused"


class InstantRefused(HeadwaterError):
    """A question that a calendar cannot answer: no offset, or years it does not know."""

    code = "instant_refused"
