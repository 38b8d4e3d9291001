"""Classes of a generated SDK as plain values: fields with their words, nested classes, methods."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_NAME = re.compile(r"[A-Za-z_]\w*")
_LITERAL = re.compile(r"Literal\[([^\]]*)\]")
_QUOTED = re.compile(r"""['"]([^'"]+)['"]""")
_MAX_BYTES = 8_000_000


@dataclass(slots=True)
class Field:
    """One annotated name: which classes its type names, which literal values it takes."""

    name: str
    text: str
    types: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(slots=True)
class SdkClass:
    """One class with what its source says about it."""

    name: str
    text: str
    bases: tuple[str, ...] = ()
    constants: dict[str, str] = field(default_factory=dict)
    fields: list[Field] = field(default_factory=list)
    nested: dict[str, "SdkClass"] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)


def read_classes(path: Path) -> dict[str, SdkClass]:
    """The top-level classes of a file by name; none where it is no Python that we can read."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            return {}
        tree = ast.parse(path.read_text("utf-8"))
    except (OSError, SyntaxError, UnicodeDecodeError, ValueError, RecursionError):
        return {}
    return {node.name: _class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _class(node: ast.ClassDef) -> SdkClass:
    made = SdkClass(node.name, ast.get_docstring(node) or "")
    made.bases = tuple(base.id for base in node.bases if isinstance(base, ast.Name))
    for index, item in enumerate(node.body):
        if isinstance(item, ast.ClassDef):
            made.nested[item.name] = _class(item)
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            after = node.body[index + 1] if index + 1 < len(node.body) else None
            if isinstance(item.value, ast.Constant) and isinstance(item.value.value, str):
                made.constants[item.target.id] = item.value.value
            else:
                made.fields.append(_field(item.target.id, item.annotation, _words(after)))
        elif isinstance(item, ast.Assign):
            for target in item.targets:
                _assigned(made, target, item.value)
        elif isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
            # Of several forms of one method, often only the first is documented, or the last.
            text = made.methods.get(item.name) or ast.get_docstring(item) or ""
            made.methods[item.name] = text
    return made


def _assigned(made: SdkClass, target: ast.expr, value: ast.expr) -> None:
    constant = value.value if isinstance(value, ast.Constant) else None
    if isinstance(target, ast.Name) and isinstance(constant, str):
        made.constants[target.id] = constant


def _words(node: ast.stmt | None) -> str:
    """The string that stands below a field, which is how generated SDKs document it."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        value = node.value.value
        return value if isinstance(value, str) else ""
    return ""


def _field(name: str, annotation: ast.expr, text: str) -> Field:
    types: list[str] = []
    values: list[str] = []
    for part in _annotation(annotation):
        for inside in _LITERAL.findall(part):
            values += _QUOTED.findall(inside)
        types += _NAME.findall(_LITERAL.sub(" ", part))
    return Field(name, text, tuple(dict.fromkeys(types)), tuple(dict.fromkeys(values)))


def _annotation(node: ast.expr) -> Iterator[str]:
    """Names and quoted annotations; a literal comes back as the text of one."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Subscript):
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            texts = [str(i.value) for i in inner if isinstance(i, ast.Constant)]
            yield "Literal[" + ",".join(f"'{text}'" for text in texts) + "]"
        else:
            yield from _annotation(node.slice)
    elif isinstance(node, ast.Tuple):
        for item in node.elts:
            yield from _annotation(item)
    elif isinstance(node, ast.BinOp):
        yield from _annotation(node.left)
        yield from _annotation(node.right)
