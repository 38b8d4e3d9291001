"""Promises about the HTML of every page."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from headwater.cases.models import Case
from tests.markup import inline, tags, unlabelled

TEMPLATES = Path(__file__).parents[2] / "src/headwater"
PAGES = [
    "/cases/", "/cases/?view=snoozed", "/cases/{main}/", "/cases/{unverified}/",
    "/cases/{unknown}/", "/cases/{quiet}/", "/cases/{waiting}/", "/cases/{main}/solve/",
    "/cases/{main}/findings/1/", "/playbooks/", "/playbooks/webhook-endpoint-failing/",
    "/patterns/", "/cases/nope/", "/investigate/?case={main}", "/evidence/",
    "/docs/?case={main}",
]  # fmt: skip


@pytest.fixture(params=PAGES)
def html(request: pytest.FixtureRequest, desk: Client, scene: dict[str, Case]) -> str:
    path = request.param.format(**{name: case.pk for name, case in scene.items()})
    return desk.get(path).content.decode()


def test_every_control_is_labelled_and_nothing_is_inline(html: str) -> None:
    assert unlabelled(html) == []
    assert inline(html) == []


def test_every_address_of_htmx_and_forms_exists(html: str) -> None:
    for tag, attrs in tags(html):
        for name in ("hx-get", "hx-post", "action"):
            if name not in attrs:
                continue
            try:
                resolve(attrs[name].partition("?")[0])
            except Resolver404:
                pytest.fail(f"{tag} {name}={attrs[name]}")


def test_nothing_comes_from_another_host_and_ids_are_unique(html: str) -> None:
    found = tags(html)
    loaded = [
        attrs.get("src") or attrs.get("href", "")
        for tag, attrs in found
        if tag in {"script", "link", "img", "iframe", "use"}
    ]
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    ids = [attrs["id"] for _, attrs in found if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_every_post_form_carries_the_token(html: str) -> None:
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL)
    assert all("csrfmiddlewaretoken" in form for form in forms)


def test_templates_hold_no_inline_style_or_handler() -> None:
    files = sorted(TEMPLATES.glob("*/templates/**/*.html"))
    assert len(files) > 20
    bad = [path.name for path in files if re.search(r"\s(style|on[a-z]+)=[\"']", path.read_text())]
    assert bad == []


def test_the_policy_allows_nothing_inline(desk: Client) -> None:
    policy = desk.get("/cases/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
