"""What can be looked up: the API's reference and the help pages, indexed and searched."""

from headwater.knowledge.errors import KnowledgeInvalid, KnowledgeMissing
from headwater.knowledge.records import Record
from headwater.knowledge.search import Hit
from headwater.knowledge.shelf import Knowledge, Sources, build_index, open_knowledge

__all__ = [
    "Hit",
    "Knowledge",
    "KnowledgeInvalid",
    "KnowledgeMissing",
    "Record",
    "Sources",
    "build_index",
    "open_knowledge",
]
