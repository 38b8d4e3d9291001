"""A page cut into its front matter and sections, each with the line where it starts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from headwater.diagnosis.playbooks.errors import PlaybookInvalid

# The same safe subset of YAML; the one in C, where it is built in, takes a tenth of the time.
SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SECTIONS = (
    "Evidence",
    "For the user",
    "For an engineer",
    "What to do",
    "If this is not it",
)


@dataclass(frozen=True, slots=True)
class Text:
    """Some lines of a file. `line` is the 1-based line of the first of them."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The values of the front matter, the line of each key, and the sections by heading."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    sections: Mapping[str, Text]
    sql: Text


def read_parts(path: Path, text: str) -> Parts:
    """The page's parts. Raises PlaybookInvalid with the line of whatever is missing or wrong."""
    rows = text.splitlines()
    if not rows or rows[0].strip() != "---":
        raise PlaybookInvalid(
            "The page does not start with front matter.",
            file=path,
            line=1,
            hint="Begin with a line `---`, the keys, and a line `---`.",
        )
    end = next((i for i, row in enumerate(rows[1:], 1) if row.strip() == "---"), None)
    if end is None:
        raise PlaybookInvalid(
            "The front matter is not closed.", file=path, line=1, hint="End it with a line `---`."
        )
    values, lines = _front_matter(path, "\n".join(rows[1:end]))
    sections = _sections(path, rows, end + 1)
    return Parts(values, lines, sections, _fenced_sql(path, sections["Evidence"]))


def _front_matter(path: Path, text: str) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        loader = SAFE_LOADER(text)
        node = loader.get_single_node()
        values: Any = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        raise PlaybookInvalid(
            f"The front matter is not YAML: {error.problem}.", file=path, line=line
        ) from error
    if not isinstance(node, yaml.MappingNode):
        raise PlaybookInvalid("The front matter holds no keys.", file=path, line=2)
    lines: dict[str, int] = {}
    for key, _ in node.value:
        if key.value in lines:
            raise PlaybookInvalid(
                f"The key {key.value!r} is given twice.",
                file=path,
                line=key.start_mark.line + 2,
                param=key.value,
            )
        lines[key.value] = key.start_mark.line + 2
    return values, lines


def _sections(path: Path, rows: list[str], start: int) -> dict[str, Text]:
    found: dict[str, tuple[int, list[str]]] = {}
    fenced, current = False, ""
    for number, row in enumerate(rows[start:], start + 1):
        if row.startswith("```"):
            fenced = not fenced
        if row.startswith("## ") and not fenced:
            current = row[3:].strip()
            if current not in SECTIONS or current in found:
                raise PlaybookInvalid(
                    f"The section {current!r} is unknown or given twice.",
                    file=path,
                    line=number,
                    hint="Sections: " + "; ".join(SECTIONS) + ".",
                )
            found[current] = (number + 1, [])
        elif current:
            found[current][1].append(row)
    sections = {name: _trimmed(line, body) for name, (line, body) in found.items()}
    for name in SECTIONS:
        if name not in sections or not sections[name].text:
            raise PlaybookInvalid(
                f"The section '## {name}' is missing or empty.",
                file=path,
                line=sections[name].line if name in sections else len(rows),
                param=name,
            )
    return sections


def _trimmed(line: int, body: list[str]) -> Text:
    while body and not body[0].strip():
        body, line = body[1:], line + 1
    return Text("\n".join(body).rstrip(), line)


def _fenced_sql(path: Path, section: Text) -> Text:
    fences = list(re.finditer(r"^```(\w*)\n(.*?)^```\s*$", section.text, re.M | re.S))
    if len(fences) != 1 or fences[0].group(1) != "sql":
        raise PlaybookInvalid(
            "The section '## Evidence' needs exactly one ```sql block.",
            file=path,
            line=section.line,
        )
    before = section.text[: fences[0].start(2)].count("\n")
    return Text(fences[0].group(2).rstrip(), section.line + before)
