"""Import of large files: rows and megabytes a second, and the most memory that it took.

Makes a file of a month of requests in each format, imports it into an empty lake in a process of
its own, and prints a table. `--mb 100 300 1000` gives the figures that docs/evidence.md tells.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

FIRST_DAY = "2026-11-01"
_BLOCK_ROWS = 20_000
_PATHS = ("charges", "payment_intents", "customers", "refunds", "events", "payouts")
_MAPPED = """
table = "api_request_logs"
format = "{format}"
[columns]
id = {{ numbered = true, prefix = "req_" }}
{columns}
"""
_FIELDS = """account_id = "account"
created = "at"
method = "method"
path = "path"
status = "status"
duration_ms = "took"
"""
_LOG = """account_id = { from = "user", prefix = "acct_" }
created = { from = "time", unit = "access-log" }
method = "method"
path = "path"
status = "status"
user_agent = "user_agent"
"""


def _row(number: int) -> tuple[str, str, str, int, int, str]:
    seconds = number * 86_400 // _BLOCK_ROWS
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    kind = _PATHS[number % len(_PATHS)]
    status = 500 if number % 97 == 0 else 402 if number % 13 == 0 else 200
    account = f"{number * 2_654_435_761 % 4_000:05}"
    return account, clock, f"/v1/{kind}/{number * 40_503 % 10**9:09}", status, number % 900, kind


def _csv(number: int) -> str:
    account, clock, path, status, took, _ = _row(number)
    return f"acct_{account},{FIRST_DAY}T{clock}Z,POST,{path},{status},{took}\n"


def _jsonl(number: int) -> str:
    account, clock, path, status, took, _ = _row(number)
    return (
        f'{{"account": "acct_{account}", "at": "{FIRST_DAY}T{clock}Z", "method": "POST", '
        f'"path": "{path}", "status": {status}, "took": {took}, "ignored": {{"a": [1, 2]}}}}\n'
    )


def _access(number: int) -> str:
    account, clock, path, status, took, kind = _row(number)
    return (
        f"10.0.{number % 250}.7 - {account} [01/Nov/2026:{clock} +0000] "
        f'"POST {path} HTTP/1.1" {status} {took * 7} "-" "shop-{kind}/2.{number % 40}"\n'
    )


_FORMATS: dict[str, tuple[str, str, Callable[[int], str], str]] = {
    "csv": ("account,at,method,path,status,took\n", _FIELDS, _csv, ".csv"),
    "jsonl": ("", _FIELDS, _jsonl, ".jsonl"),
    "access-log": ("", _LOG, _access, ".log"),
}


def main() -> None:
    """Prints one row per format and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, nargs="*", default=[20, 60])
    parser.add_argument("--format", nargs="*", choices=sorted(_FORMATS), default=sorted(_FORMATS))
    parser.add_argument("--folder", type=Path, help="where files and lakes are made, and removed")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        _import(*map(Path, args.one))
        return
    table = Table(
        "format", "MB", "rows", "seconds", "CPU s", "rows/s", "MB/s", "peak MB", "lake MB"
    )
    for name in args.format:
        for size in args.mb:
            table.add_row(name, *_measured(name, size, args.folder))
    Console(width=110).print(table)


def _measured(name: str, size: int, folder: Path | None) -> list[str]:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        root = Path(scratch)
        header, columns, line, suffix = _FORMATS[name]
        source, mapping, lake = root / f"requests{suffix}", root / "mapping.toml", root / "lake"
        mapping.write_text(_MAPPED.format(format=name, columns=columns))
        rows = _generate(source, header, line, size * 1_000_000)
        lake.mkdir()
        started = time.perf_counter()
        command = [sys.executable, __file__, "--one", str(lake), str(source), str(mapping)]
        process = subprocess.Popen(command)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        if status:
            raise SystemExit(f"The import of {source} ended with {status}.")
        megabytes = source.stat().st_size / 1e6
        stored = sum(path.stat().st_size for path in lake.rglob("*.parquet")) / 1e6
    return [
        f"{megabytes:,.0f}",
        f"{rows:,}",
        f"{seconds:.1f}",
        f"{used.ru_utime + used.ru_stime:.1f}",
        f"{rows / seconds:,.0f}",
        f"{megabytes / seconds:.1f}",
        f"{used.ru_maxrss / 1_000:,.0f}",
        f"{stored:,.1f}",
    ]


def _generate(path: Path, header: str, line: Callable[[int], str], size: int) -> int:
    """A file of about `size` bytes in the order of time, over thirty days; its rows."""
    block = "".join(line(number) for number in range(_BLOCK_ROWS))
    blocks = max(round(size / len(block)), 1)
    with path.open("w", encoding="utf-8") as file:
        file.write(header)
        for number in range(blocks):
            day = number * 30 // blocks + 1
            file.write(
                block.replace(FIRST_DAY, f"2026-11-{day:02}").replace("[01/Nov", f"[{day:02}/Nov")
            )
    return blocks * _BLOCK_ROWS


def _import(lake: Path, source: Path, mapping: Path) -> None:
    from headwater.evidence.importing import import_file, read_mapping
    from headwater.evidence.layout import LakeWriter

    with LakeWriter(lake) as writer:
        report = import_file(writer, lake, source, read_mapping(mapping))
    if report.rejected or report.read != report.stored:
        raise SystemExit(str(report))


if __name__ == "__main__":
    main()
