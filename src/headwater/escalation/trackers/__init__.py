"""One small interface over the trackers that teams work in, and an implementation for each."""

from headwater.escalation.trackers.base import Issue, Package, Remark, Tracker
from headwater.escalation.trackers.github import GitHub
from headwater.escalation.trackers.jira import Jira
from headwater.escalation.trackers.linear import Linear
from headwater.escalation.trackers.setup import TrackerSetup

__all__ = ["Issue", "Package", "Remark", "Tracker", "TrackerSetup", "tracker_of"]

_KINDS: dict[str, type[GitHub] | type[Jira] | type[Linear]] = {
    "github": GitHub,
    "jira": Jira,
    "linear": Linear,
}


def tracker_of(setup: TrackerSetup, *, loopback: bool) -> Tracker:
    """The tracker that a setup describes. `loopback` lets it be on this machine, in plain http."""
    return _KINDS[setup.kind](setup, loopback=loopback)
