"""The page of what the evidence store holds."""

import re
from typing import Any

import pytest
from django.test import Client

from headwater.desk.shelf import known_playbooks
from tests.markup import inline, unlabelled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence")]


def rows_of(html: str) -> dict[str, str]:
    """The text of each table row by its heading."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL):
        head, _, rest = re.sub(r"<[^>]+>", " ", row.replace("</th>", "|")).partition("|")
        found[" ".join(head.split())] = " ".join(rest.split())
    return found


@pytest.mark.slow
def test_tables_freshness_and_what_can_run(desk: Client) -> None:
    page = desk.get("/evidence/").content.decode()
    rows = rows_of(page)
    assert "2 of" in page
    assert re.match(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC", rows["charges"])
    assert "livemode" in rows["charges"], "a column that the files lack"
    failing = known_playbooks()["webhook-endpoint-failing"].title
    assert rows[failing].startswith("cannot run")
    assert "webhook_delivery_attempts" in rows[failing]
    assert failing in rows["webhook_delivery_attempts"], "what a missing table stops"
    assert unlabelled(page) == [] and inline(page) == []


def test_no_store_is_said_with_what_to_do(desk: Client, settings: Any) -> None:
    settings.HEADWATER_EVIDENCE = "/nowhere"
    page = desk.get("/evidence/").content.decode()
    assert "There is no evidence folder at /nowhere." in page


def test_only_behind_the_sign_in(client: Client) -> None:
    assert client.get("/evidence/")["Location"].startswith("/sign-in/")
