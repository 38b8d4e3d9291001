"""The reference inside an installed SDK, read as text: nothing of it is imported or run."""

from headwater.knowledge.sdk.package import find_sdk
from headwater.knowledge.sdk.reader import read_sdk

__all__ = ["find_sdk", "read_sdk"]
