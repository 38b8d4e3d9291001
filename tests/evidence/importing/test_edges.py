"""Files as they really arrive: cut off, mixed, packed, too long, in another encoding."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from headwater.evidence.contract import load_contract
from headwater.evidence.errors import ImportRefused
from headwater.evidence.importing import Report, import_file
from headwater.evidence.importing.mapping import parse_mapping
from headwater.evidence.layout import LakeWriter
from tests.evidence.importing.test_import import LOGS, reasons, stored

HEAD = b"request,merchant,at,verb,code\n"


def row(number: int, verb: bytes = b"G", end: bytes = b"\n") -> bytes:
    return b"req_%d,acct_1,1790000000000,%s,200%s" % (number, verb, end)


TWO = HEAD + row(1) + row(2)
# What the file holds; rows stored and rejected; what the first reason says.
FILES: dict[str, tuple[bytes, int, int, str]] = {
    "header-only.csv": (HEAD, 0, 0, ""),
    "bom.csv": (b"\xef\xbb\xbf" + TWO, 2, 0, ""),
    "crlf.csv": (TWO.replace(b"\n", b"\r\n"), 2, 0, ""),
    "semicolons.csv": (TWO.replace(b",", b";"), 2, 0, ""),
    "tabs.tsv": (TWO.replace(b",", b"\t"), 2, 0, ""),
    "cut.csv": (TWO + b"req_3,acct_1,17900", 2, 1, "Number of Columns"),
    "no-last-newline.csv": (TWO + row(3, end=b""), 3, 0, ""),
    "quotes.csv": (HEAD + row(1, b'"/a,""b""\nline2"') + row(2), 2, 0, ""),
    "open-quote.csv": (TWO + row(3, b'"never closed') + row(4), 2, 1, ""),
    "latin.csv": (TWO + row(3, "/ü".encode("latin-1")), 2, 1, "utf-8"),
    "long.csv": (TWO + row(3, b"x" * 5_000_000) + row(4), 3, 1, "line size"),
    "packed.csv.gz": (gzip.compress(TWO), 2, 0, ""),
    "two-members.csv.gz": (gzip.compress(TWO) + gzip.compress(row(3)), 3, 0, ""),
}


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LakeWriter]:
    with LakeWriter(tmp_path / "lake") as made:
        yield made


def bring(writer: LakeWriter, tmp_path: Path, source: Path, mapping: dict[str, Any]) -> Report:
    parsed = parse_mapping(mapping, load_contract())
    return import_file(writer, tmp_path / "lake", source, parsed)


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_stored_or_rejected(tmp_path: Path, writer: LakeWriter, name: str) -> None:
    content, kept, rejected, why = FILES[name]
    source = tmp_path / name
    source.write_bytes(content)
    report = bring(writer, tmp_path, source, LOGS)
    assert (report.stored, report.rejected) == (kept, rejected)
    assert len(stored(tmp_path, "api_request_logs")) == kept
    if rejected:
        assert why in reasons(report)[0]["reason"]


def test_quoted_text_keeps_its_commas_quotes_and_lines(tmp_path: Path, writer: LakeWriter) -> None:
    source = tmp_path / "quotes.csv"
    source.write_bytes(FILES["quotes.csv"][0])
    bring(writer, tmp_path, source, LOGS)
    assert stored(tmp_path, "api_request_logs", "id, method")[0] == ("req_1", '/a,"b"\nline2')


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.csv", b"", "is empty"),
        ("utf16.csv", TWO.decode().encode("utf-16"), "UTF-8"),
        ("twice.csv", HEAD.replace(b"verb", b"code"), "two fields named 'code'"),
        ("mixed.csv", HEAD + row(1, end=b"\r\n") + row(2) + row(3, end=b"\r\n"), "dos2unix"),
        ("cut.csv.gz", gzip.compress(TWO * 2000)[:-40], "cannot be read as csv"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(
    tmp_path: Path, writer: LakeWriter, name: str, content: bytes, why: str
) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(ImportRefused, match=why):
        bring(writer, tmp_path, source, LOGS)
    assert stored(tmp_path, "api_request_logs") == []


def test_zstandard_and_parquet_of_other_types(tmp_path: Path, writer: LakeWriter) -> None:
    packed, typed = tmp_path / "packed.csv.zst", tmp_path / "typed.parquet"
    with duckdb.connect() as engine:
        values = "'acct_1' AS merchant, 1790000000000::DOUBLE AS at, 'G' AS verb"
        engine.execute(
            f"COPY (SELECT 'req_z' AS request, 'acct_1' AS merchant, 1790000000000 AS at, 'G' AS"
            f" verb, 200 AS code) TO '{packed}' (HEADER, COMPRESSION zstd)"
        )
        engine.execute(
            f"COPY (SELECT 'req_p' AS request, {values}, 200::UTINYINT AS code, [1, 2] AS listed, "
            f"{{'a': 1}} AS nested, 'x'::BLOB AS bytes, INTERVAL 1 DAY AS span) TO '{typed}'"
        )
    assert bring(writer, tmp_path, packed, LOGS).stored == 1
    assert bring(writer, tmp_path, typed, LOGS).stored == 1
    assert stored(tmp_path, "api_request_logs", "id, status") == [("req_p", 200), ("req_z", 200)]


_WITNESS = """
import sys
from pathlib import Path
from headwater.evidence.contract import load_contract
from headwater.evidence.importing import import_file
from headwater.evidence.importing.mapping import parse_mapping
from headwater.evidence.layout import LakeWriter
from tests.evidence.importing.test_import import LOGS
root, source = Path(sys.argv[1]), Path(sys.argv[2])
with LakeWriter(root) as writer:
    report = import_file(writer, root, source, parse_mapping(LOGS, load_contract()))
# Its own peak: ru_maxrss keeps what the process that started this one had used.
peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
print(report.stored, int(peak) // 1024)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    source = tmp_path / "big.csv"
    with source.open("wb") as file:
        file.write(HEAD)
        for start in range(0, 500_000, 10_000):
            lines = (row(n, b"/v1/charges/%060d" % n) for n in range(start, start + 10_000))
            file.write(b"".join(lines))
    told = subprocess.run(
        [sys.executable, "-c", _WITNESS, str(tmp_path / "lake"), str(source)],
        capture_output=True, text=True, check=True, timeout=200,
    ).stdout.split()  # fmt: skip
    kept, megabytes = map(int, told)
    assert kept == 500_000
    assert megabytes < 1_000  # reading goes to disk beyond half a gigabyte, and writes in chunks
