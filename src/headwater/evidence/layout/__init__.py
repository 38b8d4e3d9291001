"""How the lake lies on disk: which files are live, how they are sorted, how they are replaced."""

from headwater.evidence.layout.changes import Append, Change, Delete, Expire, Replace, Upsert
from headwater.evidence.layout.manifest import FileEntry, Manifest, read_manifest
from headwater.evidence.layout.writer import LakeWriter

__all__ = [
    "Append",
    "Change",
    "Delete",
    "Expire",
    "FileEntry",
    "LakeWriter",
    "Manifest",
    "Replace",
    "Upsert",
    "read_manifest",
]
