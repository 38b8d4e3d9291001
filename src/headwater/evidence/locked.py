"""An engine connection that can read one folder and change no setting, and its complaints."""

from typing import Any

import duckdb

from headwater.evidence.folders import Folder
from headwater.evidence.template import NONCE


def locked_connection(folder: Folder | None, threads: int | None, memory_bytes: int) -> Any:
    """A connection over `folder`, or over no file at all; no query can undo its settings."""
    connection = duckdb.connect(":memory:")
    if folder is not None:
        folder.let_in(connection)
    # A folder without a name is nowhere; with a slash behind it, it would be the whole disk.
    root = folder.root if folder is not None else ""
    folders = "'" + root.replace("'", "''") + "/'" if root else ""
    for statement in (
        *([f"SET threads = {int(threads)}"] if threads else []),
        f"SET memory_limit = '{int(memory_bytes)}B'",
        "SET TimeZone = 'UTC'",
        "SET parquet_metadata_cache = true",
        "SET temp_directory = ''",
        "SET python_enable_replacements = false",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        f"SET allowed_directories = [{folders}]",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        connection.execute(statement)
    return connection


def engine_message(error: Exception) -> str:
    """The engine's complaint in one line, in the contract's names."""
    lines = [line.strip() for line in str(error).replace(f"hw_{NONCE}_", "").splitlines()]
    kept: list[str] = []
    for line in lines:
        if line.startswith("LINE "):
            break
        if line:
            kept.append(line)
    return " ".join(kept).rstrip(".") + "."
