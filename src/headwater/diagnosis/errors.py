"""What can go wrong before or while a case is diagnosed."""

from headwater.kit.errors import HeadwaterError


class CaseUnreadable(HeadwaterError):
    """A mail or JSON case that cannot be read; `param` names the field at fault."""

    code = "case_unreadable"


class WeightsInvalid(HeadwaterError):
    """`weights.toml` lacks a weight or holds one that the ranking does not know."""

    code = "weights_invalid"


class InvestigationRefused(HeadwaterError):
    """A query cannot be saved under this name, or these rows cannot become a case's evidence."""

    code = "investigation_refused"
    http_status = 409


class ProblemRefused(HeadwaterError):
    """A change to a problem or to a prepared contact that its state does not allow."""

    code = "problem_refused"
    http_status = 409


class RephrasingFailed(HeadwaterError):
    """The language model is not set up, not there, or answered what cannot be read."""

    code = "rephrasing_failed"
    http_status = 409
