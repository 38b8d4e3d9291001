"""What can go wrong with a survey, in words a person can act on."""

from headwater.kit.errors import HeadwaterError


class SurveyLinkNotGood(HeadwaterError):
    """A link that we did not make, or that somebody changed."""

    code = "survey_link_not_good"
    http_status = 410


class SurveyClosed(HeadwaterError):
    """The question is no longer open."""

    code = "survey_closed"
    http_status = 410


class SurveyRefused(HeadwaterError):
    """An answer that cannot be taken, or an offer that cannot be made."""

    code = "survey_refused"
    http_status = 400
