"""Files as rows of text: one relation with a row number and a field of text for each name."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from headwater.evidence.errors import ImportRefused

MAX_LINE_BYTES = 4_000_000
_SUFFIXES = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".log": "access-log",
}
_PACKED = (".gz", ".zst")

# Common and combined log format, as Apache and nginx write it; the last two fields may be missing.
_ACCESS = (
    r'^(\S+) (\S+) (.+?) \[([^\]]+)\] "(?:([A-Z]+) (\S+)(?: (\S+))?|[^"]*)" (\d{3}) (\d+|-)'
    r'(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?'
)
_ACCESS_FIELDS = "host ident user time method path protocol status bytes referer user_agent".split()
# Load balancer access log: space-separated, request and user agent quoted.
_ALB = (
    r"^(\S+) (\S+) (\S+) (\S+?)(?::\d+)? (\S+) (\S+) (\S+) (\S+) (\S+) (\S+) (\S+) (\S+) "
    r'"(\S+) \S+?//[^/\s]+(\S*) (\S+)" "((?:[^"\\]|\\.)*)"'
)
_ALB_FIELDS = (
    "type time balancer host target request_seconds target_seconds response_seconds status "
    "target_status received_bytes bytes method path protocol user_agent".split()
)


def format_of(path: Path) -> str:
    """The format that a file's name tells. Raises ImportRefused."""
    suffixes = [each.lower() for each in path.suffixes]
    while suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    found = _SUFFIXES.get(suffixes[-1]) if suffixes else None
    if found is None:
        raise ImportRefused(
            f"The name {path.name} does not tell the format.",
            param="format",
            hint='Say it in the mapping, for example format = "csv".',
        )
    return found


def load(engine: Any, path: Path, kind: str, fields: Iterable[str]) -> list[str]:
    """Makes the table `source`; returns the names of the fields that the file has.

    It holds the row's place among all, its number (of the line, negative, where it could not be
    read), problem, raw text, and as text those of `fields` that are there.
    `problem` says why a line could not be read; then its fields are NULL. Raises ImportRefused.
    """
    try:
        match kind:
            case "parquet":
                return _tabular(engine, f"read_parquet({_quoted(path)})", fields)
            case "csv":
                return _csv(engine, path, fields)
            case "jsonl":
                return _json(engine, path, fields)
            case "access-log":
                return _matched(engine, path, _ACCESS, _ACCESS_FIELDS)
            case _:
                return _matched(engine, path, _ALB, _ALB_FIELDS)
    except duckdb.Error as error:
        raise ImportRefused(
            f"{path.name} cannot be read as {kind}: {str(error).splitlines()[0].rstrip('.')}.",
            param="format",
            hint="Where lines end in different ways, make them alike: dos2unix does."
            if "invalid state" in str(error)
            else None,
        ) from error


def _tabular(engine: Any, reader: str, wanted: Iterable[str]) -> list[str]:
    names = [str(row[0]) for row in engine.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()]
    picked = "".join(
        f", CAST({_name(name)} AS VARCHAR) AS {_name(name)}"
        for name in sorted(set(names) & set(wanted))
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE source AS SELECT row_number() OVER () AS hw_place, "
        "hw_place AS hw_row, NULL::VARCHAR AS hw_problem, NULL::VARCHAR AS hw_raw"
        f"{picked} FROM {reader}"
    )
    return names


def _csv(engine: Any, path: Path, fields: Iterable[str]) -> list[str]:
    """Well-formed rows, then the lines that are not, from the engine's own record of rejects.

    The header says how fields are parted. Left to guess, the engine would give up at one long
    line, and take quotes for text where one is never closed.
    """
    header = _first_line(path)
    delimiter = max("\t,;|", key=header.count) if ".tsv" not in path.suffixes else "\t"
    names = next(csv.reader([header], delimiter=delimiter), [])
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ImportRefused(f"{path.name} has two fields named {twice!r}.", param=twice)
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
    _tabular(
        engine,
        f"read_csv({_quoted(path)}, header = true, auto_detect = false, delim = '{delimiter}', "
        f"quote = '\"', escape = '\"', columns = {{{columns}}}, "
        f"store_rejects = true, max_line_size = {MAX_LINE_BYTES})",
        fields,
    )
    _unreadable_lines(engine)
    return names


def _first_line(path: Path) -> str:
    """The header, unpacked. Raises ImportRefused where there is none, or it is no UTF-8."""
    with duckdb.connect() as engine:  # its own, so that what it rejects is not counted
        found = engine.execute(f"SELECT line FROM {_lines(path)} LIMIT 1").fetchall()
        broken = not found and engine.execute("SELECT count(*) FROM reject_errors").fetchall()[0][0]
    if broken or (found and "\0" in (found[0][0] or "")):
        raise ImportRefused(
            f"{path.name} does not begin with a line of UTF-8 text.",
            param="source",
            hint="Convert it first, for example: iconv -f UTF-16 -t UTF-8.",
        )
    if not found or not found[0][0]:
        raise ImportRefused(
            f"{path.name} is empty, or its first line is.",
            param="source",
            hint="The first line of a CSV file names its fields.",
        )
    return str(found[0][0]).rstrip("\r")


def _lines(path: Path) -> str:
    """A reader that gives each line as it is, as one text."""
    return (
        f"read_csv({_quoted(path)}, header = false, columns = {{'line': 'VARCHAR'}}, "
        "auto_detect = false, delim = '\x01', quote = '', escape = '', comment = '', "
        f"store_rejects = true, max_line_size = {MAX_LINE_BYTES}, strict_mode = false)"
    )


def _json(engine: Any, path: Path, fields: Iterable[str]) -> list[str]:
    names = sorted(set(fields))
    picked = "".join(
        f", CASE WHEN fine THEN line ->> {_quoted(_json_path(name))} END AS {_name(name)}"
        for name in names
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE source AS SELECT hw_row AS hw_place, hw_row, CASE WHEN NOT "
        "fine THEN "
        "'not a JSON object' END AS hw_problem, CASE WHEN NOT fine THEN line END AS hw_raw"
        f"{picked} FROM (SELECT row_number() OVER () AS hw_row, line, "
        "coalesce(json_valid(line) AND json_type(try_cast(line AS JSON)) = 'OBJECT', false) "
        "AS fine "
        f"FROM {_lines(path)} WHERE trim(coalesce(line, '')) <> '')"
    )
    _unreadable_lines(engine)
    return names


def _matched(engine: Any, path: Path, pattern: str, fields: list[str]) -> list[str]:
    groups = ", ".join(_quoted(name) for name in fields)
    picked = "".join(
        f", CASE WHEN hw_fine THEN nullif(nullif(found.{_name(name)}, '-'), '') END "
        f"AS {_name(name)}"
        for name in fields
    )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE source AS SELECT row_number() OVER () AS hw_place, hw_row, "
        "CASE WHEN NOT hw_fine THEN 'not in the log format' END AS hw_problem, "
        "CASE WHEN NOT hw_fine THEN line END AS hw_raw"
        f"{picked} FROM (SELECT hw_row, line, regexp_matches(line, {_quoted(pattern)}) AS hw_fine, "
        f"regexp_extract(line, {_quoted(pattern)}, [{groups}]) AS found FROM "
        f"(SELECT row_number() OVER () AS hw_row, line FROM {_lines(path)}) "
        "WHERE trim(coalesce(line, '')) <> '')"
    )
    _unreadable_lines(engine)
    return list(fields)


def _unreadable_lines(engine: Any) -> None:
    """Lines that are too long or no UTF-8, from the engine's own record of rejects."""
    engine.execute(
        "INSERT INTO source (hw_place, hw_row, hw_problem, hw_raw) "
        "SELECT (SELECT count(*) FROM source) + row_number() OVER (ORDER BY line), "
        "-CAST(line AS BIGINT), min(error_message), min(csv_line) "
        "FROM reject_errors GROUP BY line"
    )


def _json_path(name: str) -> str:
    """`error.code` is a member of a member."""
    return "$" + "".join(f'."{part}"' for part in name.replace('"', "").split("."))


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
