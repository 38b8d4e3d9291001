"""Two bulk acts over the same cases at the same time: both are done, neither waits for ever."""

import threading

import pytest
from django.db import OperationalError, connection

from headwater.cases.handling import bulk, tags
from headwater.cases.handling.changes import Changes
from headwater.cases.models import Case
from headwater.cases.queries import events_of
from tests.factories import SYSTEM, make_agent, make_case


@pytest.mark.django_db(transaction=True)
def test_two_at_once_over_the_same_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PIECE", 4)
    agent, cases = make_agent(), [make_case() for _ in range(12)]
    tags.know_tag("vip", actor=SYSTEM)
    ids = [case.pk for case in cases]
    acts = [
        bulk.start_bulk(agent, ids, Changes(assignee=agent.pk), entrance="cli").pk,
        bulk.start_bulk(agent, ids[::-1], Changes(add_tags=("vip",)), entrance="cli").pk,
    ]
    failed: list[BaseException] = []

    def work(bulk_id: str) -> None:
        try:
            for _ in range(200):
                try:
                    bulk.run_piece(bulk_id)
                except OperationalError as error:
                    # SQLite has one writer; a job that finds it busy is tried again.
                    if connection.vendor != "sqlite" or "locked" not in str(error):
                        raise
                if bulk.bulk_by_id(bulk_id).state == "done":
                    return
            raise AssertionError("it never ended")
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(bulk_id,)) for bulk_id in acts * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    assert failed == []
    for case in Case.objects.all():
        kinds = [event.kind for event in events_of(case)]
        assert (kinds.count("case.assigned"), kinds.count("case.tagged")) == (1, 1)
        assert (case.assignee_id, tags.tags_of(case)) == (agent.pk, ["vip"])
