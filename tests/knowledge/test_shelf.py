"""Keeping the index, and what ships without one."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from headwater.cli.main import cli
from headwater.diagnosis.playbooks.coverage import questions
from headwater.diagnosis.playbooks.documents import documents_of, is_known_document
from headwater.diagnosis.playbooks.parts import read_parts
from headwater.knowledge import (
    Knowledge,
    KnowledgeInvalid,
    KnowledgeMissing,
    Sources,
    build_index,
    open_knowledge,
)
from headwater.knowledge.guide import guide_records, known_documents, known_objects, users_words


@pytest.fixture
def no_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where no SDK is installed."""
    monkeypatch.setattr("headwater.knowledge.sdk.package._places", list)


def test_without_an_sdk_the_guide_answers_and_says_what_is_missing(
    tmp_path: Path, no_sdk: None
) -> None:
    knowledge = open_knowledge(tmp_path / "docs.sqlite")
    assert "not installed" in knowledge.note
    assert knowledge.search("card was stolen")[0].id == "decline:stolen_card"
    with pytest.raises(KnowledgeMissing):
        build_index(Sources(sdk="another"), tmp_path / "docs.sqlite")


def test_a_damaged_or_older_index_is_built_anew(tmp_path: Path, no_sdk: None) -> None:
    path = tmp_path / "docs.sqlite"
    path.write_bytes(b"no database at all")
    assert open_knowledge(path).search("refund")


def test_a_new_document_is_read_and_one_that_went_is_kept(tmp_path: Path, no_sdk: None) -> None:
    pages, path = tmp_path / "pages", tmp_path / "docs.sqlite"
    pages.mkdir()
    (pages / "one.md").write_text("# Zanzibar\nSpecial fees.")
    build_index(Sources(pages=(pages,)), path)
    assert open_knowledge(path).search("zanzibar")[0].id == "page:one.md"
    (pages / "two.md").write_text("# Timbuktu\nMore fees.")
    assert open_knowledge(path).search("timbuktu")[0].id == "page:two.md"
    for page in pages.iterdir():
        page.unlink()
    pages.rmdir()
    assert open_knowledge(path).search("timbuktu")[0].id == "page:two.md"


def test_a_document_that_broke_leaves_the_index_as_it_was(tmp_path: Path, no_sdk: None) -> None:
    api, path = tmp_path / "api.json", tmp_path / "docs.sqlite"
    api.write_text('{"openapi": "3.0.0", "components": {"schemas": {"Zanzibar": {}}}}')
    build_index(Sources(openapi=(api,)), path)
    api.write_text("{")
    assert open_knowledge(path).search("zanzibar")[0].id == "api:Zanzibar"
    with pytest.raises(KnowledgeInvalid):
        build_index(Sources(openapi=(api,)), path)


def test_everything_that_pages_may_link_to_is_in_the_index(knowledge: Knowledge) -> None:
    missing = [url for url in known_documents() if knowledge.find(url) is None]
    assert not missing
    assert not [name for name, of in known_objects().items() if of and knowledge.find(of) is None]
    assert not [record.id for record in guide_records() if knowledge.find(record.id) is None]


def test_what_the_guide_says_is_said_of_records_that_are_there(knowledge: Knowledge) -> None:
    """A new release of the SDK that renames an operation shows here."""
    lost = [name for name in users_words() if (r := knowledge.find(name)) is None or r.id != name]
    assert not lost
    assert all(isinstance(words, str) for words in users_words().values())


def test_every_shipped_page_links_to_what_is_known() -> None:
    folder = Path(__file__).parents[2] / "playbooks"
    pages = [read_parts(path, path.read_text()) for path in folder.glob("*/*.md")]
    links = {url for page in pages for url in page.values["docs"]}
    links |= {url for each in questions(folder) for url in each["docs"]}
    assert links
    assert links <= set(known_documents())


def test_a_company_lists_its_own_documents(tmp_path: Path) -> None:
    assert not is_known_document("https://docs.example.com/a", tmp_path)
    (tmp_path / "documents.toml").write_text('[page]\n"docs.example.com/a" = ["A", "About it"]\n')
    assert documents_of(tmp_path) == {"https://docs.example.com/a"}
    assert is_known_document("https://docs.example.com/a", tmp_path)


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_sdk: None) -> None:
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path))
    run = CliRunner().invoke
    indexed = run(cli, ["docs", "index"])
    assert "records in" in indexed.output
    assert "not installed" in indexed.output
    found = run(cli, ["docs", "search", "too", "many", "requests", "--json", "-n", "3"])
    assert '"id": "error:rate_limit"' in found.output
    shown = run(cli, ["docs", "show", "decline:lost_card"])
    assert "Never say so to the customer" in " ".join(shown.output.split())
    missing = run(cli, ["docs", "show", "decline:lost_crad"])
    assert missing.exit_code == 1
    assert "Near it are: decline:lost_card" in missing.output
