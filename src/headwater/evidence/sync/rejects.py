"""Objects that no row could be made of, kept as they came.

One JSON-lines file for each list, mode and account. An object stands in it once, however often it
is read, so that a repeated page counts nothing twice.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from headwater.evidence.layout.manifest import FOLDER


def folder(root: Path) -> Path:
    """Where the rejects of a lake lie."""
    return root / FOLDER / "rejects"


def keep(root: Path, name: str, rejected: list[tuple[str, Mapping[str, Any]]]) -> None:
    """Adds (reason, raw object) pairs to the file `name`, replaced atomically."""
    if not rejected:
        return
    path = folder(root) / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            lines[_identity(json.loads(line)["object"])] = line
    for reason, raw in rejected:
        lines[_identity(raw)] = json.dumps({"reason": reason, "object": raw}, ensure_ascii=False)
    temporary = path.with_suffix(".part")
    with temporary.open("w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines.values()))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _identity(raw: Any) -> str:
    ident = raw.get("id") if isinstance(raw, Mapping) else None
    return ident if isinstance(ident, str) else json.dumps(raw, sort_keys=True)
