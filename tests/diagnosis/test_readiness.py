"""The report that command and page show agrees with what the engine then does."""

import pytest

from headwater.diagnosis.engine import Engine
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.readiness import check_store, playbooks_ready
from headwater.evidence.reach import counting
from headwater.evidence.types import EvidenceStore

pytestmark = pytest.mark.slow


def test_the_engine_leaves_out_exactly_what_the_report_says_cannot_run(
    store: EvidenceStore,
) -> None:
    shipped = load_playbooks()
    report = check_store(store)
    cannot = {each["id"]: each["reason"] for each in report["playbooks"] if not each["runs"]}
    assert 0 < len(cannot) < len(shipped)
    engine = Engine(store, shipped)
    assert engine._disabled_playbooks() == cannot
    statuses = {each.id: each.status for each in playbooks_ready(store, store.tables(), shipped)}
    assert {name for name, status in statuses.items() if status == "none"} == set(cannot)


def test_every_shipped_playbook_can_be_counted_over_all_accounts(store: EvidenceStore) -> None:
    for playbook in load_playbooks().values():
        needs = store.needs(counting(playbook.sql))
        assert store.needs(playbook.sql) <= needs, playbook.id
        assert {table for table, _ in needs - store.needs(playbook.sql)} <= {"accounts"}
