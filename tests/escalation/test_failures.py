"""Trackers that are down, busy, slow or say no: nothing is lost, nothing is done twice."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from headwater.escalation import acts, queries
from headwater.escalation.errors import TrackerSettings
from headwater.escalation.models import Escalation, EscalationComment, TrackerPause
from headwater.escalation.tasks import poll
from headwater.escalation.trackers.http import check_base, is_busy, may_be_called, pause_of
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from tests.escalation.conftest import AGENT, KINDS, World, _world, work, work_off
from tests.escalation.fakes.server import Reply

CREATE = {"github": "/issues", "jira": "/rest/api/3/issue", "linear": "/graphql"}
RATE_LIMITED = {
    "github": Reply(403, {"message": "You have exceeded a secondary rate limit"},
                    {"Retry-After": "7", "X-RateLimit-Remaining": "10"}),
    "jira": Reply(429, {"errorMessages": ["Rate limit exceeded"]}, {"Retry-After": "7"}),
    "linear": Reply(400, {"errors": [{"message": "Rate limit exceeded",
                                      "extensions": {"code": "RATELIMITED"}}]},
                    {"Retry-After": "7"}),
}  # fmt: skip


def _once() -> None:
    """One turn of the worker over what is due now."""
    Job.objects.exclude(name__startswith="escalation.").delete()
    work_off()


def test_a_pause_that_is_asked_for_is_kept(world: World) -> None:
    made = world.escalate()
    world.fake.fail("POST", CREATE[world.kind], RATE_LIMITED[world.kind])
    _once()
    job = Job.objects.get(name="escalation.create_issue")
    assert 5 < (job.run_at - utc_now()).total_seconds() <= 7
    asked = len(world.fake.asked)
    # Whatever else is due leaves the tracker alone too.
    Job.objects.update(run_at=utc_now())
    _once()
    assert len(world.fake.asked) == asked
    TrackerPause.objects.update(until=utc_now())
    work()
    assert world.fresh(made).issue_id
    assert len(world.fake.ids()) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before it worked", "after it worked"])
@pytest.mark.parametrize("reply", [Reply(502), None], ids=["502", "broken line"])
def test_an_answer_that_is_lost_opens_no_second_issue(
    world: World, reply: Reply | None, after: bool
) -> None:
    made = world.escalate()
    world.fake.fail("POST", CREATE[world.kind], reply, after=after)
    work()
    assert len(world.fake.ids()) == 1
    assert world.fresh(made).issue_id == world.fake.ids()[0]


def test_a_comment_whose_answer_is_lost_stands_there_once(world: World) -> None:
    made = world.escalate()
    work()
    part = "/graphql" if world.kind == "linear" else "/comment"
    world.fake.fail("POST", part, Reply(503), after=True)
    made = world.fresh(made)
    acts.send_comment(made, "Any news?", agent=world.agent, actor=AGENT)
    work()
    assert EscalationComment.objects.get().remote_id
    remarks = queries.connect("code").remarks(made.issue_id, made.opened_at - timedelta(minutes=5))
    assert sum("Any news?" in each.body for each in remarks) == 1


def test_what_is_not_found_yet_is_waited_for(
    world: World, write_trackers: Callable[..., Path]
) -> None:
    """While it may still show up, no second call goes out."""
    write_trackers(world.kind, world.fake.url, settle_seconds=90)
    made = world.escalate()
    Escalation.objects.filter(pk=made.pk).update(begun_at=utc_now())
    _once()
    assert world.fake.ids() == []
    job = Job.objects.get(name="escalation.create_issue")
    assert 60 < (job.run_at - utc_now()).total_seconds() <= 90
    Escalation.objects.filter(pk=made.pk).update(begun_at=utc_now() - timedelta(seconds=91))
    work()
    assert len(world.fake.ids()) == 1


def test_jiras_search_that_lags_behind(
    request: pytest.FixtureRequest, db: None, write_trackers: Callable[..., Path]
) -> None:
    for world in _world("jira", write_trackers):
        write_trackers("jira", world.fake.url, settle_seconds=90)
        made = world.escalate()
        world.fake.lag = 1  # type: ignore[union-attr]
        world.fake.fail("POST", CREATE["jira"], None, after=True)
        for _ in range(3):
            Job.objects.update(run_at=utc_now())
            _once()
        assert len(world.fake.ids()) == 1 and not world.fresh(made).issue_id
        world.fake.lag = 0  # type: ignore[union-attr]
        work()
        assert world.fresh(made).issue_id == world.fake.ids()[0]


def test_a_refusal_is_said_where_it_is_seen(world: World, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("an-old-token-that-is-secret")
    made = world.escalate()
    work()
    made = world.fresh(made)
    assert "401" in made.problem and "secret" not in made.problem
    told = world.case.events.filter(kind="escalation.noted").latest("id").data
    assert told["by"] == "problem"
    (tmp_path / "token").write_text(KINDS[world.kind][1])
    acts.retry_escalation(made, actor=AGENT)
    work()
    made = world.fresh(made)
    assert (made.problem, len(world.fake.ids())) == ("", 1)


def test_secrets_are_in_no_log_and_in_no_row(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.escalate()
    world.fake.fail("POST", CREATE[world.kind], Reply(500, {"message": "boom"}))
    world.fake.fail("POST", CREATE[world.kind], None)
    work()
    assert len(world.fake.ids()) == 1
    token = KINDS[world.kind][1]
    assert token not in caplog.text
    assert not any(token in row.last_error for row in Job.objects.all())
    assert token not in repr(queries.trackers())


@pytest.mark.parametrize("address", [
    "http://api.example.com", "ftp://api.example.com", "https://user:pw@api.example.com",
    "https://", "https://api.example.com/?x=1", "file:///etc/passwd", "https://a.example#b",
])  # fmt: skip
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(TrackerSettings):
        check_base(address, loopback=True)


def test_plain_http_is_for_loopback_and_only_where_allowed() -> None:
    check_base("http://127.0.0.1:8000", loopback=True)
    with pytest.raises(TrackerSettings):
        check_base("http://127.0.0.1:8000", loopback=False)


@pytest.mark.parametrize(("address", "plain", "private"), [
    ("140.82.121.5", True, True), ("2606:50c0:8000::153", True, True),
    ("10.1.2.3", False, True), ("192.168.0.7", False, True), ("fd00::1", False, True),
    ("169.254.169.254", False, False), ("fe80::1%eth0", False, False), ("0.0.0.0", False, False),
    ("::", False, False), ("::ffff:169.254.169.254", False, False), ("127.0.0.1", False, False),
    ("::ffff:127.0.0.1", False, False), ("224.0.0.1", False, False), ("100.64.0.1", False, False),
])  # fmt: skip
def test_where_a_call_may_go(address: str, plain: bool, private: bool) -> None:
    assert may_be_called(address, loopback=False, private=False) is plain
    assert may_be_called(address, loopback=False, private=True) is private


def test_a_name_that_leads_to_this_machine_gets_nothing(on_github: World, settings: Any) -> None:
    """The open connection is looked at, whatever the name or its answer said before."""
    from headwater.escalation.errors import TrackerRefused
    from headwater.escalation.trackers.http import _Guarded

    made = on_github.escalate()
    tracker = queries.connect("code")
    guarded = _Guarded(loopback=False, private=True)
    tracker._http._session.mount("http://", guarded)  # type: ignore[attr-defined]
    with pytest.raises(TrackerRefused, match=r"leads to 127\.0\.0\.1"):
        tracker.read("1")
    assert on_github.fake.asked == []
    settings.HEADWATER_TRACKERS_LOOPBACK = False
    work()
    assert on_github.fake.asked == []
    assert "https" in on_github.fresh(made).problem


def test_a_redirect_is_not_followed(on_github: World) -> None:
    made = on_github.escalate()
    elsewhere = {"Location": f"{on_github.fake.url}/elsewhere"}
    on_github.fake.fail("POST", "/issues", Reply(307, None, elsewhere), times=3)
    work()
    assert on_github.fake.count("POST", "/elsewhere") == 0
    assert "307" in on_github.fresh(made).problem


def test_how_long_a_tracker_wants_to_be_left_alone() -> None:
    now = 1_700_000_000.0
    assert pause_of({"retry-after": "12"}, now) == 12
    assert pause_of({"retry-after": "999999"}, now) == 3600
    assert pause_of({"x-ratelimit-reset": str(int(now) + 30)}, now) == 30
    assert pause_of({"x-ratelimit-requests-reset": str(int(now + 40) * 1000)}, now) == 40
    assert pause_of({"retry-after": "Tue, 14 Nov 2023 22:13:50 GMT"}, now) == 30
    assert pause_of({"retry-after": "soon"}, now) == pause_of({}, now) == 60
    assert is_busy(403, {"x-ratelimit-remaining": "0"}, None)
    assert not is_busy(403, {"x-ratelimit-remaining": "5"}, {"message": "no rights"})


@pytest.mark.parametrize(("line", "says"), [
    ('kind = "trello"', "kind"), ('team = "sales"', "team"), ('repository = "../.."', "owner/name"),
    ('repository = "a/b/c"', "owner/name"), ("poll_seconds = true", "whole number"),
    ('colour = "red"', "may hold"), ('token_file = "/nowhere/token"', "cannot be read"),
    ("private = 1", "true or false"), ("labels = 3", "list"),
])  # fmt: skip
def test_a_file_of_trackers_that_cannot_be_followed(
    line: str, says: str, write_trackers: Callable[..., Path]
) -> None:
    path = write_trackers("github", "https://api.github.com")
    name = line.split(" ")[0]
    kept = [each for each in path.read_text().splitlines() if not each.startswith(f"{name} ")]
    path.write_text("\n".join([*kept, line]))
    with pytest.raises(TrackerSettings, match=says):
        queries.trackers()


@pytest.mark.parametrize(
    "reply", [RATE_LIMITED["jira"], Reply(403, {"errorMessages": ["no"]}), None]
)
def test_an_issue_that_cannot_be_read_after_it_was_opened(
    db: None, write_trackers: Callable[..., Path], reply: Reply | None
) -> None:
    for world in _world("jira", write_trackers):
        made = world.escalate()
        world.fake.fail("GET", "/issue/", reply)
        work()
        assert len(world.fake.ids()) == 1
        assert world.fresh(made).issue_id


def test_a_refusal_of_what_is_there_already_finds_it(
    db: None, write_trackers: Callable[..., Path]
) -> None:
    """Linear refuses a second issue of an id: an earlier call made the first."""
    for world in _world("linear", write_trackers):
        made = world.escalate()
        world.fake.fail("POST", "/graphql", Reply(502), after=True)
        _once()
        Escalation.objects.filter(pk=made.pk).update(begun_at=None)
        work()
        made = world.fresh(made)
        assert (world.fake.ids(), made.problem) == ([made.issue_id], "")


def test_what_stays_broken_is_said_once(on_github: World) -> None:
    world = on_github
    made = world.escalate()
    work()
    for _ in range(3):
        Escalation.objects.filter(pk=made.pk).update(read_at=utc_now() - timedelta(days=1))
        world.fake.fail("GET", "/comments", Reply(410, {"message": "This issue was deleted"}))
        poll({})
        poll({})
        assert Job.objects.filter(name="escalation.read_issue").count() == 1
        work()
        assert not Job.objects.filter(name="escalation.read_issue").exists()
    assert "410" in world.fresh(made).problem
    assert world.case.events.filter(kind="escalation.noted", data__by="problem").count() == 1
    acts.ask_for_reading(made.pk)
    work()
    assert world.fresh(made).problem == ""
