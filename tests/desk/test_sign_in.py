"""The sign-in page: right, wrong, and too often wrong."""

from django.test import Client

from headwater.accounts.models import Agent
from headwater.desk.throttle import PER_EMAIL
from tests.factories import PASSWORD


def sign_in(email: str, password: str, target: str = "") -> "tuple[Client, object]":
    client = Client()
    data = {"email": email, "password": password, "next": target}
    return client, client.post("/sign-in/", data)


def test_the_right_password_opens_the_asked_page(agent: Agent) -> None:
    client, response = sign_in(agent.email.upper(), PASSWORD, "/playbooks/")
    assert response["Location"] == "/playbooks/"  # type: ignore[index]
    assert client.get("/playbooks/").status_code == 200


def test_an_outside_address_is_never_a_target(agent: Agent) -> None:
    _, response = sign_in(agent.email, PASSWORD, "https://evil.example/")
    assert response["Location"] == "/"  # type: ignore[index]


def test_a_wrong_password_and_a_wrong_address_look_the_same(agent: Agent) -> None:
    _, wrong = sign_in(agent.email, "not the password")
    _, nobody = sign_in("nobody@example.com", "not the password")
    assert wrong.status_code == nobody.status_code == 422  # type: ignore[attr-defined]
    words = b"do not fit"
    assert words in wrong.content  # type: ignore[attr-defined]
    assert words in nobody.content  # type: ignore[attr-defined]


def test_guessing_is_stopped_even_for_the_right_password(agent: Agent) -> None:
    for _ in range(PER_EMAIL):
        sign_in(agent.email, "guess")
    client, response = sign_in(agent.email, PASSWORD)
    assert response.status_code == 429  # type: ignore[attr-defined]
    assert client.get("/cases/").status_code == 302


def test_signing_out_ends_the_session(desk: Client) -> None:
    assert desk.get("/cases/").status_code == 200
    desk.post("/sign-out/")
    assert desk.get("/cases/").status_code == 302
