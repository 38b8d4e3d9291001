"""Operations, parameters, schemas, webhooks and error codes of an OpenAPI document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from headwater.knowledge.markup import plain
from headwater.knowledge.openapi.document import Document, entry, items_of, read_document, text_of
from headwater.knowledge.records import Record, clipped

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
_COMBINED = ("allOf", "oneOf", "anyOf")
_MOST_DEPTH = 5
_MOST_VALUES = 400
MOST_RECORDS = 50_000
# Nested references can make a small file huge when it is unfolded.
_MOST_STEPS = 400_000


@dataclass(frozen=True, slots=True)
class _Property:
    path: str
    schema: Mapping[str, Any]
    depth: int
    required: bool


def read_openapi(path: Path) -> list[Record]:
    """The records of an OpenAPI 3 file, at most MOST_RECORDS; broken parts are left out.

    Raises KnowledgeMissing without a file and KnowledgeInvalid where it is no such document.
    """
    reader = _Reader(read_document(path))
    found: dict[str, Record] = {}
    for record in reader.records():
        found.setdefault(record.id, record)
        if len(found) >= MOST_RECORDS:
            break
    return list(found.values())


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = f"{document.title} {document.version}".strip()[:80]
        self.steps = 0

    def records(self) -> Iterator[Record]:
        for path, item in entry(self.document.root, "paths").items():
            yield from self._path(str(path), self.document.resolved(item))
        for name, item in entry(self.document.root, "webhooks").items():
            yield self._webhook(str(name), self.document.resolved(item))
        schemas = entry(entry(self.document.root, "components"), "schemas")
        for name, schema in schemas.items():
            yield from self._schema(str(name), self.document.resolved(schema))

    def _path(self, path: str, item: Mapping[str, Any]) -> Iterator[Record]:
        for method in _METHODS:
            operation = entry(item, method)
            if not operation:
                continue
            called = text_of(operation.get("operationId")) or f"{method} {path}"
            about = self._record(
                called,
                "operation",
                text_of(operation.get("summary")) or called,
                operation,
                where=f"{method.upper()} {path}",
                names=(called, path, f"{method} {path}"),
            )
            tags = " ".join(map(text_of, items_of(operation, "tags")))
            yield replace(about, words=f"{path} {tags}")
            shared = [*items_of(item, "parameters"), *items_of(operation, "parameters")]
            yield from self._parameters(called, about.where, shared)
            yield from self._body(called, about.where, operation)

    def _parameters(self, called: str, where: str, listed: list[Any]) -> Iterator[Record]:
        for each in listed:
            parameter = self.document.resolved(each)
            name = text_of(parameter.get("name"))
            if name:
                schema = self.document.resolved(parameter.get("schema"))
                yield self._field(called, where, _Property(name, {**schema, **parameter}, 1, False))

    def _body(self, called: str, where: str, operation: Mapping[str, Any]) -> Iterator[Record]:
        content = entry(self.document.resolved(operation.get("requestBody")), "content")
        for media in list(content.values())[:1]:
            schema = media.get("schema") if isinstance(media, dict) else None
            for each in self._properties(schema, "", (), follow=True):
                yield self._field(called, where, each)

    def _field(self, called: str, where: str, each: _Property) -> Record:
        leaf = each.path.rpartition(".")[2]
        return replace(
            self._record(
                f"{called}/{each.path}",
                "parameter",
                f"{each.path} ({called})",
                each.schema,
                where=f"parameter {each.path} of {where}" + (", required" * each.required),
                names=(f"{called}.{each.path}", each.path, leaf),
            ),
            values=self._values(each.schema),
            depth=each.depth,
        )

    def _schema(self, name: str, schema: Mapping[str, Any]) -> Iterator[Record]:
        yield self._record(name, "object", f"The {name} object", schema, where=name, names=(name,))
        for each in self._properties(schema, "", (), follow=False):
            path = f"{name}.{each.path}"
            record = self._record(
                path,
                "attribute",
                path,
                each.schema,
                where=f"field {each.path} of {name}",
                names=(path, each.path, each.path.rpartition(".")[2]),
            )
            values = self._values(each.schema)
            yield replace(record, values=values, depth=each.depth)
            if "error" in name.lower() and each.path.rpartition(".")[2] in ("code", "error_code"):
                yield from self._codes(values)

    def _codes(self, values: tuple[str, ...]) -> Iterator[Record]:
        for code in values:
            words = code.replace("_", " ").replace("-", " ")
            node = {"description": f"Error code: {words}."}
            where = f"error code {code}"
            yield self._record(f"error:{code}", "error", code, node, where=where, names=(code,))

    def _webhook(self, name: str, item: Mapping[str, Any]) -> Record:
        operation = next((entry(item, method) for method in _METHODS if entry(item, method)), {})
        record = self._record(
            f"event:{name}", "event", name, operation, where=f"webhook {name}", names=(name,)
        )
        return replace(record, words="event webhook notification " + name.replace(".", " "))

    def _properties(
        self, node: Any, prefix: str, seen: tuple[int, ...], *, follow: bool
    ) -> Iterator[_Property]:
        """Every named property below a schema; cycles, depth and steps are bounded."""
        self.steps += 1
        if self.steps > _MOST_STEPS or len(seen) >= _MOST_DEPTH * 3:
            return
        schema = self.document.resolved(node)
        if id(schema) in seen:
            return
        seen = (*seen, id(schema))
        required = items_of(schema, "required")
        depth = prefix.count(".") + 1
        for name, child in entry(schema, "properties").items():
            path, inner = f"{prefix}{name}", self.document.resolved(child)
            yield _Property(path, {**inner, **_own(child)}, depth, name in required)
            if depth < _MOST_DEPTH and (follow or not _is_ref(child)):
                yield from self._properties(child, f"{path}.", seen, follow=follow)
        for key in _COMBINED:
            for part in items_of(schema, key):
                yield from self._properties(part, prefix, seen, follow=True)
        if "items" in schema and (follow or not _is_ref(schema["items"])):
            yield from self._properties(schema["items"], prefix, seen, follow=follow)

    def _values(self, schema: Mapping[str, Any]) -> tuple[str, ...]:
        listed = items_of(schema, "enum") or items_of(entry(schema, "items"), "enum")
        return tuple(text for value in listed[:_MOST_VALUES] if (text := text_of(value)))

    def _record(
        self,
        name: str,
        kind: str,
        title: str,
        node: Mapping[str, Any],
        *,
        where: str,
        names: tuple[str, ...],
    ) -> Record:
        docs = text_of(entry(node, "externalDocs").get("url"))
        said = text_of(node.get("description")) or text_of(node.get("summary"))
        return Record(
            id=f"{self.document.slug}:{name}"[:300],
            kind=kind,
            title=title[:300],
            text=clipped(plain(said)),
            where=where[:300],
            source=self.source,
            url=docs if docs.startswith("https://") else self.document.url,
            names=names,
        )


def _is_ref(node: Any) -> bool:
    return isinstance(node, dict) and "$ref" in node


def _own(node: Any) -> Mapping[str, Any]:
    """What stands beside a `$ref`: its own description goes before the one it leads to."""
    return {key: node[key] for key in ("description",) if key in node} if _is_ref(node) else {}
