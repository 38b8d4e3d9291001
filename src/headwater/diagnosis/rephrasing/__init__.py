"""A draft in other words, by a language model that a team may configure. Off by default.

The model sees the draft and nothing else: not the user's mail, no evidence row. What it answers is
held against the draft and what may be shown of the evidence before a person sees it.
"""

from headwater.diagnosis.rephrasing.checks import objections
from headwater.diagnosis.rephrasing.endpoint import Endpoint, configured_endpoint
from headwater.diagnosis.rephrasing.rephrase import Rephrased, rephrase

__all__ = ["Endpoint", "Rephrased", "configured_endpoint", "objections", "rephrase"]
