"""What can go wrong with a case, in words a person can act on."""

from headwater.kit.errors import HeadwaterError


class CaseError(HeadwaterError):
    """A change that the rules of a case do not allow."""

    code = "case_error"
    http_status = 409


class TransitionRefused(CaseError):
    """The case's state does not allow this act."""

    code = "transition_refused"


class CaseNotFound(HeadwaterError):
    """No such case, or none that this agent may see; the two look the same on purpose."""

    code = "case_not_found"
    http_status = 404

    def __init__(self, case_id: str) -> None:
        super().__init__(
            f"There is no case {case_id} that you may see.",
            param="case",
            hint="Check the id, or ask an administrator for access.",
        )


class EventLogIsAppendOnly(CaseError):
    """Somebody tried to change history."""

    code = "event_log_append_only"

    def __init__(self) -> None:
        super().__init__(
            "Case events are never changed or deleted.",
            hint="Append a new event that says what is true now.",
        )


class PolicyRefused(HeadwaterError):
    """SLA policies that cannot be kept as they are written."""

    code = "policy_refused"
    http_status = 400


class RoutingRefused(HeadwaterError):
    """Routing rules that cannot be followed as they are written."""

    code = "routing_refused"
    http_status = 400


class RulebookRefused(HeadwaterError):
    """A text that is no rulebook."""

    code = "rulebook_refused"
    http_status = 400


class AutomationRefused(HeadwaterError):
    """Automations that cannot be followed as they are written."""

    code = "automation_refused"
    http_status = 400
