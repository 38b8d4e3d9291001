"""A case with its proof, and a tracker of each kind on loopback."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.diagnosis.acts import keep_completed
from headwater.diagnosis.handoff import Handoff
from headwater.escalation import acts, queries
from headwater.escalation.models import Escalation
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import claim_job
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_claim
from tests.escalation.fakes import github, jira, linear
from tests.factories import make_agent
from tests.scene import WEBHOOK_FAILS, diagnose, open_contact

AnyFake = github.FakeGitHub | jira.FakeJira | linear.FakeLinear
KINDS: dict[str, tuple[type[AnyFake], str, dict[str, Any]]] = {
    "github": (github.FakeGitHub, github.TOKEN, {"repository": github.REPOSITORY}),
    "jira": (jira.FakeJira, jira.TOKEN, {"project": jira.PROJECT, "user": jira.USER}),
    "linear": (linear.FakeLinear, linear.TOKEN, {"team_id": linear.TEAM}),
}
SECRETS = {"github": github.SECRET, "jira": jira.SECRET, "linear": linear.SECRET}
AGENT = Actor(kind="agent", id="agt_test", name="Mia Chen", entrance="desk")


@dataclass
class World:
    """One tracker, the case, and who works on it."""

    kind: str
    fake: AnyFake
    case: Case
    agent: Agent

    def escalate(self, **more: Any) -> Escalation:
        """Hands the case to Engineering."""
        told: dict[str, Any] = {
            "team": "engineering", "severity": "major", "ask": "Please look at the endpoint.",
            "next_update_at": utc_now() + timedelta(hours=4), **more,
        }  # fmt: skip
        made = acts.open_escalation(self.case, agent=self.agent, actor=AGENT, **told)
        # There is no lake here to count the cause's reach in.
        counted = Handoff.from_dict({**made.handoff.content, "reach": None})
        keep_completed(made.handoff_id, counted)
        return made

    def fresh(self, escalation: Escalation) -> Escalation:
        return queries.escalation_for_system(escalation.pk)

    def kinds(self) -> list[str]:
        return [event.kind for event in self.case.events.order_by("id")]

    def deliver(self, **more: Any) -> Any:
        """The tracker posts that its first issue changed; the answer of the hook."""
        body, headers = self.fake.post(1, **more)
        return post(body, headers)


def post(body: bytes, headers: dict[str, str], name: str = "code") -> Any:
    return Client().post(
        f"/hooks/trackers/{name}/", body, content_type="application/json", headers=headers
    )


def work_off() -> None:
    """Runs what is due now, as a worker does, without its schedules."""
    while (claim := claim_job(60.0)) is not None:
        run_claim(claim)


def work() -> None:
    """Runs every job of this room until none is left, without waiting for the clock."""
    for _ in range(40):
        Job.objects.exclude(name__startswith="escalation.").delete()
        if not Job.objects.filter(state=Job.State.READY).update(run_at=utc_now()):
            return
        work_off()
    raise AssertionError("The jobs do not come to an end.")


@pytest.fixture
def write_trackers(tmp_path: Path, settings: Any) -> Callable[..., Path]:
    def write(kind: str, url: str, **more: Any) -> Path:
        (tmp_path / "token").write_text(KINDS[kind][1] + "\n")
        (tmp_path / "secret").write_text(SECRETS[kind] + "\n")
        table = {
            "kind": kind, "team": "engineering", "base_url": url,
            "token_file": str(tmp_path / "token"), "hook_secret_file": str(tmp_path / "secret"),
            "settle_seconds": 0, **KINDS[kind][2], **more,
        }  # fmt: skip
        lines = [f"{name} = {_toml(value)}" for name, value in table.items() if value is not None]
        path = tmp_path / "trackers.toml"
        path.write_text("[code]\n" + "\n".join(lines) + "\n")
        settings.HEADWATER_TRACKERS = str(path)
        settings.HEADWATER_TRACKERS_LOOPBACK = True
        return path

    return write


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f'"{value}"'


def make_case(agent: Agent) -> Case:
    case = open_contact(WEBHOOK_FAILS)
    diagnose(case)
    return case


@pytest.fixture(params=sorted(KINDS))
def world(
    request: pytest.FixtureRequest, db: None, write_trackers: Callable[..., Path]
) -> Iterator[World]:  # fmt: skip
    yield from _world(request.param, write_trackers)


@pytest.fixture
def on_github(db: None, write_trackers: Callable[..., Path]) -> Iterator[World]:
    yield from _world("github", write_trackers)


def _world(kind: str, write_trackers: Callable[..., Path]) -> Iterator[World]:
    fake = KINDS[kind][0]()
    write_trackers(kind, fake.url)
    agent = make_agent("Mia Chen")
    try:
        yield World(kind, fake, make_case(agent), agent)
    finally:
        fake.close()
