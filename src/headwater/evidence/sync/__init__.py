"""Brings the platform's own objects into the lake through Stripe's official SDK."""

from headwater.evidence.sync.client import Client
from headwater.evidence.sync.errors import KeyRefused, ModeMixed, SourceFailed, SyncError
from headwater.evidence.sync.report import ListReport, Report
from headwater.evidence.sync.runner import Options, sync

__all__ = [
    "Client",
    "KeyRefused",
    "ListReport",
    "ModeMixed",
    "Options",
    "Report",
    "SourceFailed",
    "SyncError",
    "sync",
]
