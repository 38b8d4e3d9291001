"""A file into one OpenAPI document, whatever somebody put into the file."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from headwater.knowledge.errors import KnowledgeInvalid, KnowledgeMissing

MOST_JSON = 60_000_000
# The parser for YAML is slower by far.
MOST_YAML = 12_000_000
_MOST_HOPS = 20


class Document:
    """A parsed document. `$ref` is followed inside it only; nothing is ever fetched."""

    def __init__(self, root: Mapping[str, Any], name: str) -> None:
        self.root = root
        info = entry(root, "info")
        self.title = text_of(info.get("title")) or name
        self.version = text_of(info.get("version"))
        self.slug = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")[:40] or "api"
        docs = entry(root, "externalDocs")
        self.url = text_of(docs.get("url")) if str(docs.get("url")).startswith("https://") else ""

    def resolved(self, node: Any) -> Mapping[str, Any]:
        """The node, or what its `$ref` leads to; an empty one where that leads nowhere."""
        for _ in range(_MOST_HOPS):
            if not isinstance(node, dict):
                return {}
            ref = node.get("$ref")
            if not isinstance(ref, str):
                return node
            node = self._at(ref)
        return {}

    def _at(self, ref: str) -> Any:
        if not ref.startswith("#/"):
            return {}
        node: Any = self.root
        for part in ref[2:].split("/"):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            node = node.get(key) if isinstance(node, dict) else None
        return node


def read_document(path: Path) -> Document:
    """The document in a JSON or YAML file. Raises KnowledgeMissing and KnowledgeInvalid."""
    if not path.is_file():
        raise KnowledgeMissing(
            f"There is no file {path}.", param="openapi", hint="Give a JSON or YAML file."
        )
    yaml_file = path.suffix.lower() in (".yaml", ".yml")
    most = MOST_YAML if yaml_file else MOST_JSON
    if path.stat().st_size > most:
        raise KnowledgeInvalid(
            f"{path.name} is larger than {most // 1_000_000} MB.",
            param="openapi",
            hint="Convert it to JSON, or split it." if yaml_file else "Split it.",
        )
    try:
        text = path.read_text("utf-8-sig")
        # Base loading makes every value text, and knows no merge keys, which can be nested until
        # a small file fills the memory.
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        root = yaml.load(text, Loader=loader) if yaml_file else json.loads(text)  # noqa: S506
    except (UnicodeDecodeError, ValueError, yaml.YAMLError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise KnowledgeInvalid(
            f"{path.name} cannot be read: {reason}.",
            param="openapi",
            hint="Give valid JSON (.json) or YAML (.yaml, .yml) in UTF-8.",
        ) from error
    version = root.get("openapi") if isinstance(root, dict) else None
    if not str(version).startswith("3."):
        raise KnowledgeInvalid(
            f"{path.name} is not an OpenAPI 3 document.",
            param="openapi",
            hint="Its top level must say `openapi: 3.x`; convert older Swagger files first.",
        )
    return Document(root, path.stem)


def entry(node: Any, key: str) -> Mapping[str, Any]:
    """The mapping under a key; an empty one where there is something else or nothing."""
    found = node.get(key) if isinstance(node, dict) else None
    return found if isinstance(found, dict) else {}


def items_of(node: Any, key: str) -> list[Any]:
    """The list under a key; an empty one where there is something else or nothing."""
    found = node.get(key) if isinstance(node, dict) else None
    return found if isinstance(found, list) else []


def text_of(value: Any) -> str:
    """A text or number as text; anything else is none."""
    return str(value) if isinstance(value, str | int | float) else ""
