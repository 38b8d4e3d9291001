"""The official Stripe SDK's sources into records: objects, attributes, operations, parameters."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from headwater.knowledge.markup import plain
from headwater.knowledge.records import Record, clipped
from headwater.knowledge.sdk.links import linked_pages, reference_url
from headwater.knowledge.sdk.package import Package
from headwater.knowledge.sdk.source import Field, SdkClass, read_classes

_MAX_DEPTH = 6
# The same parameter of several operations is one record, under the first of these that has it.
_ORDER = ("create", "update", "confirm", "capture", "cancel", "list", "search")
# The ends of ranges say no more than the range itself.
_SKIPPED = {"expand", "gt", "gte", "lt", "lte"}
_EVENT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
# A list of this many error codes is the API's whole list, not one object's.
_MANY_CODES = 60
_CODES = {
    "error": ("error code", "https://docs.stripe.com/error-codes"),
    "requirement": (
        "problem with an account's verification",
        "https://docs.stripe.com/connect/handling-api-verification",
    ),
}


@dataclass(frozen=True, slots=True)
class _Thing:
    """An API object with its class and the namespace that its file lies in."""

    name: str
    cls: SdkClass
    space: tuple[str, ...]
    weight: float


def read_sdk(package: Package) -> list[Record]:
    """All records of the package, without repeated ids. An SDK of another make gives none."""
    files = sorted(path for path in package.folder.rglob("*.py") if _wanted(path, package.folder))
    classes = {path: read_classes(path) for path in files}
    things = _things(classes, package.folder)
    source = f"{package.name} {package.version}"
    params = _roots(classes, package.folder)
    records: list[Record] = []
    for thing in things:
        records += _object(thing, source)
    records += _parameters(things, params, source)
    records += _events(classes, things, source)
    records += _errors(classes, source)
    texts = (text for found in classes.values() for cls in found.values() for text in _texts(cls))
    records += linked_pages(texts, source)
    return list({record.id: record for record in reversed(records)}.values())[::-1]


def _wanted(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    hidden = "__pycache__" in inside or path.stem.endswith("_service")
    # Notifications of v1 events repeat the event types that endpoints list.
    return not hidden and not ("events" in inside and path.stem.startswith("_v1_"))


def _things(classes: Mapping[Path, dict[str, SdkClass]], folder: Path) -> list[_Thing]:
    named = Counter(
        kind
        for found in classes.values()
        for cls in found.values()
        for field in _all_fields(cls)
        for kind in set(field.types)
    )
    things: dict[str, _Thing] = {}
    for path, found in classes.items():
        for cls in found.values():
            name = cls.constants.get("OBJECT_NAME")
            if name and name not in things:
                space = path.relative_to(folder).parts[:-1]
                uses = min(named.get(cls.name, 0), 400)
                # Classes of v2 share their names with others, whose uses are not theirs.
                weight = 1.0 if name.startswith("v2.") else 1.0 + 0.05 * math.log1p(uses)
                things[name] = _Thing(name, cls, space, weight)
    return list(things.values())


def _all_fields(cls: SdkClass) -> Iterator[Field]:
    yield from cls.fields
    for nested in cls.nested.values():
        yield from _all_fields(nested)


def _texts(cls: SdkClass) -> Iterator[str]:
    yield cls.text
    yield from cls.methods.values()
    for field in cls.fields:
        yield field.text
    for nested in cls.nested.values():
        yield from _texts(nested)


def _roots(
    classes: Mapping[Path, dict[str, SdkClass]], folder: Path
) -> dict[tuple[str, ...], dict[str, SdkClass]]:
    """Parameter classes by namespace."""
    spaces: dict[tuple[str, ...], dict[str, SdkClass]] = defaultdict(dict)
    for path, found in classes.items():
        inside = path.relative_to(folder).parts
        if inside[0] == "params":
            spaces[inside[1:-1]].update(found)
    return spaces


def _object(thing: _Thing, source: str) -> Iterator[Record]:
    cls, name = thing.cls, thing.name
    yield Record(
        id=name,
        kind="object",
        title=f"The {cls.name} object",
        text=clipped(plain(cls.text)),
        where=name,
        source=source,
        url=reference_url(name, "object"),
        names=(name, cls.name, name.rpartition(".")[2], f"{source.split()[0]}.{cls.name}"),
        weight=thing.weight + 0.1,
    )
    for method, text in cls.methods.items():
        if text and not method.endswith("_async") and method not in ("refresh", "modify"):
            yield _operation(thing, method, text, source)
    if "modify" in cls.methods:
        yield _operation(thing, "update", cls.methods["modify"], source)
    for path, field, depth in _fields(cls, {}, ()):
        yield Record(
            id=f"{name}.{path}",
            kind="attribute",
            title=f"{name}.{path}",
            text=clipped(plain(field.text)),
            where=f"field {path} of {name}",
            source=source,
            url=reference_url(name, "object", path),
            names=(f"{name}.{path}", path, field.name),
            values=field.values,
            depth=depth,
            weight=thing.weight,
        )


def _operation(thing: _Thing, method: str, text: str, source: str) -> Record:
    call = f"{thing.cls.name}.{method}"
    return Record(
        id=f"{thing.name}/{method}",
        kind="operation",
        title=f"{method.replace('_', ' ')} a {thing.name}",
        text=clipped(plain(text)),
        where=f"{call}()",
        source=source,
        url=reference_url(thing.name, method),
        names=(call, f"{source.split()[0]}.{call}", f"{thing.name}.{method}"),
        weight=thing.weight,
    )


def _fields(
    cls: SdkClass, known: Mapping[str, SdkClass], seen: tuple[str, ...]
) -> Iterator[tuple[str, Field, int]]:
    """Every field below a class that is documented, or named at the top, with its dotted path and
    depth; cycles end."""
    scope = {**known, **cls.nested}
    for field in cls.fields:
        if (field.text or not seen) and field.name not in _SKIPPED:
            yield field.name, field, len(seen) + 1
        inner = next((scope[kind] for kind in field.types if kind in scope), None)
        if inner is None or inner.name in seen or len(seen) + 1 >= _MAX_DEPTH:
            continue
        for path, deeper, depth in _fields(inner, scope, (*seen, inner.name)):
            yield f"{field.name}.{path}", deeper, depth


def _parameters(
    things: list[_Thing],
    spaces: Mapping[tuple[str, ...], dict[str, SdkClass]],
    source: str,
) -> list[Record]:
    found: dict[tuple[str, str, str], Record] = {}
    for space, classes in spaces.items():
        owners = {each.cls.name: each for each in things if each.space == space}
        roots = [(owner, op, cls) for owner, op, cls in _owned(classes, owners)]
        roots.sort(key=lambda each: (_ORDER.index(each[1]) if each[1] in _ORDER else 99, each[1]))
        for owner, op, cls in roots:
            for path, field, depth in _fields(cls, classes, ()):
                _one_parameter(found, owner, op, path, field, depth, source)
    return list(found.values())


def _one_parameter(
    found: dict[tuple[str, str, str], Record],
    owner: _Thing,
    op: str,
    path: str,
    field: Field,
    depth: int,
    source: str,
) -> None:
    key, identity = (owner.name, path, field.text), f"{owner.name}/{op}/{path}"
    if key in found:
        found[key] = replace(found[key], also=(*found[key].also, identity))
        return
    found[key] = Record(
        id=identity,
        kind="parameter",
        title=f"{path} ({op.replace('_', ' ')} {owner.name})",
        text=clipped(plain(field.text)),
        where=f"parameter {path} of {owner.cls.name}.{op}()",
        source=source,
        url=reference_url(owner.name, op, path),
        names=(f"{owner.name}.{path}", path, field.name),
        values=field.values,
        depth=depth,
        weight=owner.weight,
    )


def _owned(
    classes: Mapping[str, SdkClass], owners: Mapping[str, _Thing]
) -> Iterator[tuple[_Thing, str, SdkClass]]:
    """Parameter classes that belong to an operation: `PayoutCreateParams` to payout's create."""
    names = sorted(owners, key=len, reverse=True)
    for name, cls in classes.items():
        owner = next((each for each in names if name.startswith(each)), None)
        if owner is None or not name.endswith("Params") or name.endswith("ModifyParams"):
            continue
        op = re.sub(r"(?<!^)(?=[A-Z])", "_", name[len(owner) : -len("Params")]).lower()
        if op:
            yield owners[owner], op, cls


def _events(
    classes: Mapping[Path, dict[str, SdkClass]], things: list[_Thing], source: str
) -> Iterator[Record]:
    about = {thing.name: thing for thing in things}
    types: dict[str, str] = {}
    for found in classes.values():
        for cls in found.values():
            if cls.name == "WebhookEndpointCreateParams":
                for field in cls.fields:
                    if field.name == "enabled_events":
                        types.update(dict.fromkeys(field.values, ""))
            lookup = cls.constants.get("LOOKUP_TYPE", "")
            if lookup and not lookup.startswith("v1."):
                types[lookup] = types.get(lookup) or cls.text
    for name, text in sorted(types.items()):
        if _EVENT.fullmatch(name):
            yield _event(name, text, about, source)


def _event(name: str, text: str, about: Mapping[str, _Thing], source: str) -> Record:
    of, _, what = name.rpartition(".")
    known = next((each for each in (of, of.rpartition(".")[2]) if each in about), "")
    words = f"{of.replace('.', ' ').replace('_', ' ')} {what.replace('_', ' ')}"
    # The SDK lists types of events without words; this says only what the name says.
    said = plain(text) or f"Occurs with: {words}."
    return Record(
        id=f"event:{name}",
        kind="event",
        title=name,
        text=clipped(said),
        where=f"event type {name}",
        source=source,
        url=f"https://docs.stripe.com/api/events/types#event_types-{name}",
        names=(name,),
        words=known.replace("_", " "),
        weight=about[known].weight if known else 1.0,
    )


def _errors(classes: Mapping[Path, dict[str, SdkClass]], source: str) -> Iterator[Record]:
    codes: dict[tuple[str, str], None] = {}
    for path, found in classes.items():
        for cls in found.values():
            if path.stem == "_error" and cls.name.endswith("Error"):
                yield _exception(cls, source)
            codes |= dict.fromkeys(_listed_codes(_all_fields(cls)))
    for kind, code in codes:
        called, url = _CODES[kind]
        yield Record(
            id=f"{kind}:{code}",
            kind=kind,
            title=code,
            text=f"{called.capitalize()}: {code.replace('_', ' ')}.",
            where=f"{called} {code}",
            source=source,
            url=url + (f"#{code.replace('_', '-')}" if kind == "error" else ""),
            names=(code,),
        )


def _listed_codes(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if field.name == "code" and len(field.values) >= _MANY_CODES:
            kind = "error" if "resource_missing" in field.values else "requirement"
            for code in field.values:
                yield kind, code


def _exception(cls: SdkClass, source: str) -> Record:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", cls.name).lower()
    return Record(
        id=f"exception:{cls.name}",
        kind="exception",
        title=f"{cls.name} of the SDK",
        text=clipped(plain(cls.text) or f"Exception that the library raises: {words}."),
        where=f"exception {cls.name}",
        source=source,
        url="https://docs.stripe.com/error-handling",
        names=(
            cls.name,
            f"{source.split()[0]}.{cls.name}",
            f"{source.split()[0]}.error.{cls.name}",
        ),
    )
