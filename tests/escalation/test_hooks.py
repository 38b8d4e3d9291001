"""What trackers post: signatures, repeated and late deliveries, and reading without a hook."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from headwater.cases.models import Message
from headwater.escalation import queries, tracking
from headwater.escalation.models import Escalation, TrackerDelivery
from headwater.escalation.tasks import poll
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from tests.escalation.conftest import World, _world, post, work


def test_only_a_right_signature_is_taken(world: World) -> None:
    world.escalate()
    work()
    body, headers = world.fake.post(1)
    name = next(each for each in headers if "Signature" in each)
    for wrong in ("", "sha256=", headers[name][:-1], "0" * 64, "é"):
        assert post(body, {**headers, name: wrong}).status_code == 401
    assert post(body + b" ", headers).status_code == 401
    without = {key: value for key, value in headers.items() if key != name}
    assert post(body, without).status_code == 401
    assert not TrackerDelivery.objects.exists()
    assert post(body, headers).status_code == 200
    assert bytes(TrackerDelivery.objects.get().body) == body
    assert post(body, headers, "nobody").status_code == 404


def test_a_delivery_counts_once_however_often_it_comes(world: World) -> None:
    made = world.escalate()
    work()
    world.fake.remark(1, "/support Done tonight.", "dana")
    body, headers = world.fake.post(1)
    for _ in range(3):
        assert post(body, headers).status_code == 200
        work()
    # The same body under another id, as somebody would post who had recorded it.
    name = next((n for n in headers if "Delivery" in n or "Identifier" in n), "")
    assert post(body, {**headers, name: "another"}).status_code == 200
    work()
    assert TrackerDelivery.objects.count() == 2
    assert world.case.messages.filter(kind=Message.Kind.NOTE).count() == 1
    assert made.comments.count() == 1


def test_an_old_delivery_of_linear_is_kept_and_refused(
    db: None, request: pytest.FixtureRequest, write_trackers: Callable[..., Path]
) -> None:
    for world in _world("linear", write_trackers):
        world.escalate()
        work()
        assert world.deliver(age=3_600).status_code == 400
        assert world.deliver(age=-3_600).status_code == 400
        assert {row.outcome for row in TrackerDelivery.objects.all()} == {
            "The delivery is too old."
        }
        assert not Job.objects.filter(name="escalation.read_delivery").exists()
        assert world.deliver(age=5).status_code == 200


def test_what_says_nothing_is_stored_and_left(on_github: World) -> None:
    import hashlib
    import hmac

    from tests.escalation.fakes.github import SECRET

    for body in (b"{", b"[]", b"{}", b'{"issue": 3}', b"\xff\xfe", b'{"issue": {"number": {}}}'):
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        answer = post(body, {"X-Hub-Signature-256": f"sha256={signature}"})
        assert answer.status_code in (200, 400)
    work()
    assert TrackerDelivery.objects.filter(handled_at=None).count() == 0
    assert TrackerDelivery.objects.count() == 6
    assert tracking.clear_deliveries(utc_now()) == 0
    assert tracking.clear_deliveries(utc_now() + timedelta(days=31)) == 6


def test_another_repository_of_the_same_secret_is_not_ours(on_github: World) -> None:
    made = on_github.escalate()
    work()
    on_github.fake.issues[0]["repository"] = "x"  # type: ignore[union-attr]
    Escalation.objects.filter(pk=made.pk).update(read_at=None)
    from tests.escalation.fakes import github

    before = github.REPOSITORY
    github.REPOSITORY = "acme/other"
    try:
        on_github.deliver()
    finally:
        github.REPOSITORY = before
    work()
    assert on_github.fresh(made).read_at is None


def test_without_a_hook_it_is_read_from_time_to_time(
    world: World, write_trackers: Callable[..., Path], settings: Any
) -> None:
    made = world.escalate()
    work()
    write_trackers(world.kind, world.fake.url, hook_secret_file=None, poll_seconds=120)
    assert world.deliver().status_code == 404
    assert queries.to_poll(utc_now()) == []
    assert queries.to_poll(utc_now() + timedelta(seconds=130)) == [made.pk]
    write_trackers(world.kind, world.fake.url)
    assert queries.to_poll(utc_now() + timedelta(seconds=130)) == []
    assert queries.to_poll(utc_now() + timedelta(hours=2)) == [made.pk]

    Escalation.objects.filter(pk=made.pk).update(read_at=utc_now() - timedelta(hours=2))
    world.fake.close_issue(1)
    poll({})
    work()
    assert world.fresh(made).state == "fixed"
    assert queries.to_poll(utc_now() + timedelta(days=2)) == []
