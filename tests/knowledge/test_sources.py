"""OpenAPI documents and help pages, friendly and hostile."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from headwater.knowledge import KnowledgeInvalid, KnowledgeMissing
from headwater.knowledge.openapi import read_openapi
from headwater.knowledge.pages import read_pages

PETS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pay API", "version": "2"},
    "paths": {
        "/v1/pays": {
            "parameters": [{"$ref": "#/components/parameters/Key"}],
            "post": {
                "operationId": "createPay",
                "summary": "Pay somebody",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pay"}}
                    }
                },
            },
        }
    },
    "webhooks": {"pay.failed": {"post": {"description": "It did not arrive."}}},
    "components": {
        "parameters": {"Key": {"name": "Idempotency-Key", "in": "header", "description": "Once."}},
        "schemas": {
            "Pay": {
                "type": "object",
                "required": ["amount"],
                "properties": {
                    "amount": {"type": "integer", "description": "In **cents**, see [x](y)."},
                    "parent": {"$ref": "#/components/schemas/Pay", "description": "Whose part."},
                    "to": {"allOf": [{"properties": {"iban": {"description": "Where."}}}]},
                },
            },
            "Error": {"properties": {"code": {"enum": ["too_small", "no_account"]}}},
        },
    },
}


def written(tmp_path: Path, document: Any, name: str = "api.json") -> Path:
    path = tmp_path / name
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_an_openapi_document_becomes_records(tmp_path: Path) -> None:
    records = {record.id: record for record in read_openapi(written(tmp_path, PETS))}
    assert records["pay-api:createPay"].where == "POST /v1/pays"
    assert records["pay-api:createPay/amount"].text == "In **cents**, see x."
    assert records["pay-api:createPay/amount"].where.endswith(", required")
    assert records["pay-api:createPay/Idempotency-Key"].text == "Once."
    assert records["pay-api:createPay/to.iban"].text == "Where."
    assert records["pay-api:Pay.parent"].text == "Whose part."
    assert records["pay-api:event:pay.failed"].kind == "event"
    assert records["pay-api:error:too_small"].kind == "error"
    assert records["pay-api:Pay"].source == "Pay API 2"
    assert "pay-api:createPay/parent.amount" not in records


def test_yaml_reads_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, yaml.safe_dump(PETS, sort_keys=False), "api.yaml")
    assert read_openapi(path) == read_openapi(written(tmp_path, PETS))


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("{", "a.json", "cannot be read"),
        ("[" * 100_000, "a.json", "cannot be read"),
        ("a: [", "a.yml", "cannot be read"),
        ("[1]", "a.json", "not an OpenAPI 3"),
        ('{"swagger": "2.0"}', "a.json", "not an OpenAPI 3"),
        ("!!python/object/apply:os.system [false]", "a.yaml", "not an OpenAPI 3"),
    ],
)
def test_what_is_no_such_document_is_refused(
    tmp_path: Path, text: str, name: str, says: str
) -> None:
    with pytest.raises(KnowledgeInvalid, match=says):
        read_openapi(written(tmp_path, text, name))


def test_too_large_and_missing_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KnowledgeMissing):
        read_openapi(tmp_path / "none.json")
    monkeypatch.setattr("headwater.knowledge.openapi.document.MOST_JSON", 10)
    with pytest.raises(KnowledgeInvalid, match="larger"):
        read_openapi(written(tmp_path, PETS))


def test_references_that_multiply_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of twenty schemas holds the next one ten times: 10^20 fields when unfolded."""
    schemas = {
        f"S{n}": {
            "properties": {f"p{k}": {"$ref": f"#/components/schemas/S{n + 1}"} for k in range(10)}
        }
        for n in range(20)
    }
    body = {"content": {"x": {"schema": {"$ref": "#/components/schemas/S0"}}}}
    paths = {"/a": {"post": {"requestBody": body}}}
    document = {"openapi": "3.0.0", "paths": paths, "components": {"schemas": schemas}}
    monkeypatch.setattr("headwater.knowledge.openapi.reader.MOST_RECORDS", 2_000)
    assert len(read_openapi(written(tmp_path, document))) == 2_000
    monkeypatch.setattr("headwater.knowledge.openapi.reader._MOST_STEPS", 100)
    assert 20 < len(read_openapi(written(tmp_path, document))) < 2_000


def test_wrong_shapes_are_left_out(tmp_path: Path) -> None:
    loop = {"$ref": "#/components/schemas/A"}
    document = {
        "openapi": "3.0.0",
        "info": ["no"],
        "paths": {
            "/x": "no",
            "/y": {"get": {"parameters": [None, 3, loop, {"name": {"a": 1}}], "requestBody": "no"}},
            "/z": {"get": {"requestBody": {"content": {"a": "no"}}, "tags": [None]}},
        },
        "components": {
            "schemas": {
                "A": loop,
                "B": {"$ref": "https://example.com/evil.json#/A"},
                "C": {"properties": {"x": 3, "y": {"enum": [None, {}, 1]}}, "allOf": "no"},
            }
        },
    }
    records = {record.id: record for record in read_openapi(written(tmp_path, document))}
    assert records["api:C.y"].values == ("1",)


def test_help_pages_by_their_sections(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: Refunds\nurl: https://help.example.com/refunds\n---\nIntro.\n\n"
        "## How long\nFive [days](x).\n\n```\n## not a heading\n```\n"
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.html").write_text(
        "<html><head><title>Payouts</title><script>bad()</script></head><body><nav>menu</nav>"
        "<h1>Payouts</h1><p>When it <b>comes</b>.</p><!-- no --><h2>Late</h2><p>Ask the bank</p>"
    )
    (tmp_path / "c.bin").write_bytes(b"\x00")
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "link.md").symlink_to("/etc/hostname")
    records = {record.id: record for record in read_pages(tmp_path)}
    assert set(records) == {
        "page:a.md",
        "page:a.md#how-long",
        "page:sub/b.html",
        "page:sub/b.html#late",
    }
    assert records["page:a.md#how-long"].title == "Refunds: How long"
    assert records["page:a.md#how-long"].url == "https://help.example.com/refunds#how-long"
    assert records["page:a.md#how-long"].text.startswith("Five days.")
    assert records["page:sub/b.html"].text == "When it comes."
    assert records["page:sub/b.html#late"].text == "Ask the bank"


def test_a_folder_that_is_no_help_centre_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        (tmp_path / f"{number}.log").touch()
    assert read_pages(tmp_path) == []
    monkeypatch.setattr("headwater.knowledge.pages.MOST_ENTRIES", 3)
    with pytest.raises(KnowledgeInvalid, match="holds more than"):
        read_pages(tmp_path)


def test_deep_and_broken_html_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "deep.html").write_text("<div>" * 50_000 + "end")
    (tmp_path / "none.html").write_text("")
    (tmp_path / "cut.html").write_text("<h1>Half<p>a page</h1></p><h2")
    assert {record.id for record in read_pages(tmp_path)} <= {"page:deep.html", "page:cut.html"}
    with pytest.raises(KnowledgeMissing):
        read_pages(tmp_path / "nowhere")
