"""The queue shows what breaks first, and only to those who may see it."""

from datetime import timedelta

import pytest

from headwater.cases import acts, queries
from headwater.cases.errors import CaseNotFound
from tests.factories import SYSTEM, make_agent, make_case

pytestmark = pytest.mark.django_db


def test_what_breaks_first_comes_first() -> None:
    agent = make_agent()
    fresh = make_case()
    answered = make_case(age=timedelta(hours=40))
    acts.send_reply(answered, "Hello", agent=agent, actor=SYSTEM)
    acts.take_back(answered, actor=SYSTEM)
    broken = make_case(age=timedelta(hours=6))
    assert [case.id for case in queries.queue(agent)] == [broken.id, fresh.id, answered.id]


def test_queues_and_their_counts_agree() -> None:
    agent = make_agent()
    acts.assign_case(make_case(), agent, actor=SYSTEM)
    acts.solve_case(make_case(), cause="x", actor=SYSTEM)
    acts.wait_on_engineering(make_case(), actor=SYSTEM)
    counts = queries.queue_counts(agent).by_queue
    assert counts == {name: queries.queue(agent, name).count() for name in queries.QUEUES}
    assert (counts["mine"], counts["ours"], counts["solved"], counts["all"]) == (1, 1, 1, 3)


def test_agent_who_left_sees_nothing() -> None:
    agent, case = make_agent(), make_case()
    assert queries.visible_case(agent, case.id) == case
    agent.is_active = False
    assert not queries.queue(agent).exists()
    with pytest.raises(CaseNotFound):
        queries.visible_case(agent, case.id)
    with pytest.raises(CaseNotFound):
        queries.visible_case(make_agent(), "case_none")


def test_queue_needs_one_query_however_long(django_assert_num_queries: object) -> None:
    agent = make_agent()
    for _ in range(5):
        acts.assign_case(make_case(), agent, actor=SYSTEM)
    with django_assert_num_queries(1):  # type: ignore[operator]
        for case in queries.queue(agent):
            assert case.person.email
            assert case.assignee == agent
