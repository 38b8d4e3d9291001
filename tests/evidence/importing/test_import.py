"""Files of every kind come in whole, typed, once, and with a reason for every row left out."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from headwater.cli.main import cli
from headwater.evidence.contract import load_contract
from headwater.evidence.errors import ImportRefused
from headwater.evidence.folders import LocalFolder
from headwater.evidence.importing import Report, import_file
from headwater.evidence.importing.mapping import parse_mapping
from headwater.evidence.lake import scan
from headwater.evidence.layout import LakeWriter
from tests.evidence.killing import kill_again_and_again

LOGS: dict[str, Any] = {
    "table": "api_request_logs",
    "columns": {
        "id": "request",
        "account_id": "merchant",
        "created": {"from": "at", "unit": "ms"},
        "method": {"from": "verb", "values": {"G": "GET", "P": "POST"}},
        "status": "code",
        "livemode": {"value": True},
    },
}


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LakeWriter]:
    with LakeWriter(tmp_path / "lake") as made:
        yield made


def bring(writer: LakeWriter, tmp_path: Path, source: Path, mapping: dict[str, Any]) -> Report:
    return import_file(
        writer, tmp_path / "lake", source, parse_mapping(mapping, load_contract()), chunk_rows=40
    )


def stored(tmp_path: Path, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    files = list(scan(LocalFolder(tmp_path / "lake"), [table]).files.get(table, ()))
    if not files:
        return []
    with duckdb.connect() as engine:
        return engine.execute(
            f"SELECT {columns} FROM read_parquet($files, hive_partitioning = false) ORDER BY id",
            {"files": files},
        ).fetchall()


def reasons(report: Report) -> list[dict[str, Any]]:
    assert report.rejects is not None
    return [
        json.loads(line)
        for path in sorted(report.rejects.iterdir())
        for line in path.read_text("utf-8").splitlines()
    ]


def test_a_csv_with_bad_rows(tmp_path: Path, writer: LakeWriter) -> None:
    source = tmp_path / "requests.csv"
    good = [f"req_{n:03},acct_{n % 3},{1_790_000_000_000 + n * 1000},G,200" for n in range(100)]
    bad = [
        "req_900,acct_1,yesterday,G,200",
        "req_901,acct_1,1790000000000,G,fine",
        ",acct_1,1790000000000,G,200",
        "req_903,acct_1,1790000000000,G,200,and,more",
    ]
    source.write_text("\n".join(["request,merchant,at,verb,code", *good, *bad]) + "\n")
    report = bring(writer, tmp_path, source, LOGS)
    assert (report.read, report.stored, report.rejected) == (104, 100, 4)
    told = reasons(report)
    assert "created: yesterday is no timestamp" in told[0]["reason"]
    assert "status: fine is no integer" in told[1]["reason"]
    assert "no id" in told[2]["reason"]
    assert told[3]["line"] == 105 and "and,more" in told[3]["text"]
    rows = stored(tmp_path, "api_request_logs", "id, method, status, livemode, created")
    assert len(rows) == 100
    assert rows[7][:4] == ("req_007", "GET", 200, True)
    assert rows[7][4].isoformat() == "2026-09-21T14:13:27"


def test_the_same_file_is_stored_once_and_a_changed_one_again(
    tmp_path: Path, writer: LakeWriter
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("request,merchant,at,verb,code\nreq_1,acct_1,1790000000000,G,200\n")
    assert bring(writer, tmp_path, source, LOGS).stored == 1
    assert bring(writer, tmp_path, source, LOGS).again
    renamed = source.rename(tmp_path / "b.csv")
    assert bring(writer, tmp_path, renamed, LOGS).again
    assert len(stored(tmp_path, "api_request_logs")) == 1
    renamed.write_text(renamed.read_text() + "req_2,acct_1,1790000000000,P,402\n")
    bring(writer, tmp_path, renamed, {**LOGS, "mode": "upsert"})
    assert [row[0] for row in stored(tmp_path, "api_request_logs", "id, method")] == [
        "req_1",
        "req_2",
    ]


def test_json_lines_with_nested_fields_and_broken_lines(tmp_path: Path, writer: LakeWriter) -> None:
    source = tmp_path / "events.jsonl.gz"
    lines = [
        json.dumps({"id": f"evt_{n}", "acct": "acct_1", "t": "2026-11-01T10:00:00+01:00",
                    "kind": {"name": "charge.failed"}, "note": "a 'quoted', \"text\" ü"})
        for n in range(5)
    ]  # fmt: skip
    lines[2:2] = ["{not json", '["a list"]', ""]
    with gzip.open(source, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    mapping = {
        "table": "events",
        "columns": {"id": "id", "account_id": "acct", "created": "t", "type": "kind.name",
                    "data": "note"},
    }  # fmt: skip
    report = bring(writer, tmp_path, source, mapping)
    assert (report.read, report.stored, report.rejected) == (7, 5, 2)
    assert [each["text"] for each in reasons(report)] == ["{not json", '["a list"]']
    row = stored(tmp_path, "events", "id, type, data, created")[0]
    assert row[:3] == ("evt_0", "charge.failed", "a 'quoted', \"text\" ü")
    assert row[3].isoformat() == "2026-11-01T09:00:00"


def test_an_access_log(tmp_path: Path, writer: LakeWriter) -> None:
    source = tmp_path / "access.log"
    source.write_text(
        '203.0.113.9 - acct_7 [10/Oct/2026:13:55:36 -0700] "POST /v1/charges HTTP/1.1" 402 512 '
        '"-" "shop/1.0 (\\"quoted\\")"\n'
        '203.0.113.9 - acct_7 [10/Oct/2026:13:55:37 -0700] "GET /v1/balance HTTP/1.1" 200 -\n'
        "garbage\n"
    )
    mapping = {
        "table": "api_request_logs",
        "columns": {
            "id": {"numbered": True, "prefix": "req_"},
            "account_id": "user",
            "created": {"from": "time", "unit": "access-log"},
            "method": "method",
            "path": "path",
            "status": "status",
            "user_agent": "user_agent",
            "source_ip": "host",
        },
    }
    report = bring(writer, tmp_path, source, mapping)
    assert (report.read, report.stored, report.rejected) == (3, 2, 1)
    rows = stored(tmp_path, "api_request_logs", "account_id, created, method, path, status, id")
    by_path = {row[3]: row for row in rows}
    assert by_path["/v1/charges"][1].isoformat() == "2026-10-10T20:55:36"
    assert by_path["/v1/charges"][4] == 402 and by_path["/v1/balance"][0] == "acct_7"
    assert all(row[5].startswith("req_") for row in rows) and len({row[5] for row in rows}) == 2


def test_gaps_between_lines_move_no_row_over_a_chunks_edge(
    tmp_path: Path, writer: LakeWriter
) -> None:
    source = tmp_path / "gaps.log"
    good = '10.0.0.1 - u{} [01/Nov/2026:10:00:00 +0000] "GET /v1/charges HTTP/1.1" 200 7'
    lines = [good.format(n) if n % 3 else ("", "broken")[n % 2] for n in range(1, 200)]
    source.write_text("\n".join(lines) + "\n")
    mapping = {
        "table": "api_request_logs",
        "columns": {
            "id": {"from": "user", "prefix": "req_"},
            "account_id": "host",
            "created": {"from": "time", "unit": "access-log"},
        },
    }
    report = bring(writer, tmp_path, source, mapping)
    kept = {f"req_u{n}" for n in range(1, 200) if n % 3}
    broken = [n for n in range(1, 200) if n % 3 == 0 and n % 2]
    assert {row[0] for row in stored(tmp_path, "api_request_logs", "id")} == kept
    assert [each["row"] for each in reasons(report)] == broken
    assert (report.read, report.stored, report.rejected) == (len(kept) + len(broken), 133, 33)


def test_lines_that_are_no_text_are_rejected(tmp_path: Path, writer: LakeWriter) -> None:
    source = tmp_path / "requests.jsonl"
    fine = b'{"request": "req_1", "merchant": "a", "at": 1790000000000, "verb": "G", "code": 1}\n'
    source.write_bytes(fine + b'{"request": "\xff\xfe"}\n' + fine.replace(b"req_1", b"req_2"))
    report = bring(writer, tmp_path, source, LOGS)
    assert report.read == 3 and report.stored == 2 and report.rejected == 1


def test_money_in_euros_becomes_cents_in_parquet(tmp_path: Path, writer: LakeWriter) -> None:
    source = tmp_path / "payments.parquet"
    with duckdb.connect() as engine:
        engine.execute(
            "COPY (SELECT 'ch_1' AS nr, 'acct_1' AS who, 19.99 AS euros, DATE '2026-11-01' AS d) "
            f"TO '{source}'"
        )
    mapping = {
        "table": "charges",
        "columns": {"id": "nr", "account_id": "who", "created": "d",
                    "amount": {"from": "euros", "multiply": 100}},
    }  # fmt: skip
    bring(writer, tmp_path, source, mapping)
    assert stored(tmp_path, "charges", "id, amount") == [("ch_1", 1999)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"table": "api_request_log"}, "Did you mean api_request_logs"),
        ({"columns": {**LOGS["columns"], "statuss": "x"}}, "Did you mean status"),
        ({"columns": {"account_id": "merchant"}}, "the key"),
        ({"columns": {**LOGS["columns"], "status": {"form": "code"}}}, "Did you mean from"),
        ({"format": "excel"}, "It may be parquet"),
        ({"columns": {**LOGS["columns"], "status": "cod"}}, "Did you mean code"),
    ],
)
def test_a_wrong_mapping_is_explained(
    tmp_path: Path, writer: LakeWriter, change: dict[str, Any], told: str
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("request,merchant,at,verb,code\nreq_1,acct_1,1790000000000,G,200\n")
    with pytest.raises(ImportRefused) as caught:
        bring(writer, tmp_path, source, {**LOGS, **change})
    assert told in f"{caught.value} {caught.value.hint}"
    assert stored(tmp_path, "api_request_logs") == []


WORK = """
import json
from pathlib import Path
from headwater.evidence.contract import load_contract
from headwater.evidence.importing import import_file
from headwater.evidence.importing.mapping import parse_mapping
from headwater.evidence.layout import LakeWriter

root, source, mapping = Path({root!r}), Path({source!r}), json.loads({mapping!r})

def work():
    with LakeWriter(root) as writer:
        import_file(writer, root, source, parse_mapping(mapping, load_contract()), chunk_rows=40)
"""


@pytest.mark.slow
def test_an_import_killed_fifty_times_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    source, lake = tmp_path / "big.csv", tmp_path / "lake"
    with source.open("w") as file:
        file.write("request,merchant,at,verb,code\n")
        for n in range(6_000):
            code = "oops" if n % 500 == 7 else 200
            file.write(f"req_{n:05},acct_{n % 9},{1_790_000_000_000 + n * 40_000},G,{code}\n")
    setup = WORK.format(root=str(lake), source=str(source), mapping=json.dumps(LOGS))
    lives = kill_again_and_again(setup, lake, 50, seed=11)
    assert lives.kills == 50 and len(set(lives.versions)) > 20, "killed at many places"
    with LakeWriter(tmp_path / "calm") as writer:
        calm = import_file(writer, tmp_path / "calm", source, parse_mapping(LOGS, load_contract()))
    rows = stored(tmp_path, "api_request_logs")
    with LakeWriter(lake) as writer:
        again = bring(writer, tmp_path, source, LOGS)
    assert again.again and (again.stored, again.rejected) == (calm.stored, calm.rejected)
    assert rejects_in(lake) == rejects_in(tmp_path / "calm") and len(rejects_in(lake)) == 12
    lake.rename(tmp_path / "killed")
    (tmp_path / "calm").rename(lake)
    assert rows == stored(tmp_path, "api_request_logs") and len(rows) == 5_988


def rejects_in(lake: Path) -> list[str]:
    files = (lake / "_headwater" / "rejects").rglob("*.jsonl")
    return sorted(line for path in files for line in path.read_text("utf-8").splitlines())


def test_the_command_imports_counts_and_compacts(tmp_path: Path) -> None:
    source, mapping = tmp_path / "requests.csv", tmp_path / "map.toml"
    mapping.write_text(
        'table = "api_request_logs"\n[columns]\nid = "request"\naccount_id = "merchant"\n'
        'created = { from = "at", unit = "ms" }\nstatus = "code"\n'
    )
    lake = tmp_path / "lake"
    options = ["--evidence", str(lake), "--map", str(mapping)]
    for part in range(5):
        source.write_text(f"request,merchant,at,code\nreq_{part},acct_1,1790000000000,200\n")
        done = CliRunner().invoke(cli, ["import", str(source), *options])
        assert done.exit_code == 0 and "1 rows read, 1 stored in api_request_logs" in done.output
    source.write_text("request,merchant,at,code\nreq_9,acct_1,soon,200\n")
    done = CliRunner().invoke(cli, ["import", str(source), *options])
    assert done.exit_code == 1 and "1 rejected; see " in done.output
    done = CliRunner().invoke(cli, ["evidence", "compact", "--evidence", str(lake)])
    assert "1 days rewritten, 5 files became 1" in done.output
    assert len(stored(tmp_path, "api_request_logs")) == 5
