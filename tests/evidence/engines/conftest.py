"""Real engines for the seam's tests; each is started once per session."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts.with_postgres import throwaway_server

from headwater.evidence.engines.conformance.suite import write_world
from tests.evidence.engines.pages import Pages, write_pages


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("conformance")
    write_world(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with throwaway_server() as url:
        yield url


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return write_pages(tmp_path_factory.mktemp("pages"))
