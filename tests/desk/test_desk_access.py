"""Nothing of the desk is seen without signing in."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from headwater.cases.models import Case

# Whoever holds a signed link may use it, and a provider proves itself by its own secret.
OPEN = {
    "sign-in/", "verify/<str:token>/", "unsubscribe/<str:token>/", "hooks/mail/<slug:provider>/",
    "attached/<str:token>/", "survey/<str:token>/", "no-surveys/<str:token>/",
    "hooks/trackers/<slug:tracker>/",
}  # fmt: skip
SAMPLES = {"rank": "1", "playbook_id": "webhook-endpoint-failing", "message_id": "msg_x",
           "mail_id": "mail_x", "token": "x", "place": "0"}  # fmt: skip


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from routes(entry, route)


def address(route: str, case_id: str) -> str:
    for name, value in {**SAMPLES, "case_id": case_id}.items():
        route = route.replace(f"<str:{name}>", value).replace(f"<int:{name}>", value)
    return "/" + route


@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_sends_a_stranger_to_the_sign_in(scene: dict[str, Case], method: str) -> None:
    stranger, seen = Client(), 0
    for route in routes(get_resolver()):
        if route in OPEN:
            continue
        response = getattr(stranger, method)(address(route, scene["main"].pk))
        assert response.status_code == 302, route
        assert response["Location"].startswith("/sign-in/"), route
        seen += 1
    assert seen >= 18


def test_a_dismissed_agent_sees_nothing(desk: Client, agent, scene: dict[str, Case]) -> None:  # type: ignore[no-untyped-def]
    agent.is_active = False
    agent.save()
    assert desk.get(f"/cases/{scene['main'].pk}/").status_code == 302


def test_a_case_that_does_not_exist_says_what_to_do(desk: Client) -> None:
    response = desk.get("/cases/case_nope/")
    assert response.status_code == 404
    assert b"Open the queue" in response.content
