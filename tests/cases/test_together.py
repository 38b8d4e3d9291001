"""Several people and machines acting on one case at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from headwater.cases import acts, ledger, queries
from headwater.kit.clock import utc_now
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_between_them() -> None:
    case, agent = make_case(), make_agent()
    start = threading.Barrier(4)

    def act(number: int) -> None:
        try:
            start.wait(10)
            for _ in range(8):
                if number % 2:
                    acts.send_reply(case, "Hello", agent=agent, actor=SYSTEM)
                else:
                    acts.add_user_message(case, incoming("More"), actor=MAIL)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))

    fresh = queries.case_for_system(case.id)
    assert fresh.message_count == 33 == queries.messages_of(case).count()
    kinds = [event.kind for event in queries.events_of(case)]
    assert (kinds.count("reply.sent"), kinds.count("message.received")) == (16, 17)
    now = utc_now()
    live = sorted(ledger.stored_clocks(fresh), key=lambda clock: clock.key)
    assert live == sorted(queries.recomputed_clocks(fresh, now), key=lambda clock: clock.key)
