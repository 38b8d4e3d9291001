"""Playbooks: pages that say how a cause is proven by rows, and how to explain it."""

from headwater.diagnosis.playbooks.errors import PlaybookInvalid, PlaybooksMissing
from headwater.diagnosis.playbooks.loader import (
    load_page,
    load_playbooks,
    mode_titles,
    playbook_folder,
)
from headwater.diagnosis.playbooks.page import Explanation, Playbook, evidence_ids

__all__ = [
    "Explanation",
    "Playbook",
    "PlaybookInvalid",
    "PlaybooksMissing",
    "evidence_ids",
    "load_page",
    "load_playbooks",
    "mode_titles",
    "playbook_folder",
]
