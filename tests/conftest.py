"""Every test module that touches the operational store says so with `pytest.mark.django_db`."""

import pytest

STORE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store-only",
        action="store_true",
        help="only tests that use the operational store (the second run, on PostgreSQL)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--store-only"):
        return
    kept = [
        item
        for item in items
        if item.get_closest_marker("django_db")
        or STORE_FIXTURES & set(getattr(item, "fixturenames", ()))
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
