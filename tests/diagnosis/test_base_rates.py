"""How many comparable accounts show a sign."""

from datetime import datetime
from pathlib import Path

import pytest

from headwater.diagnosis.base_rates import Rate, StoredBaseRates, bucket_of, grid_end
from headwater.diagnosis.playbooks import Playbook
from headwater.evidence.types import EvidenceStore

END = datetime(2026, 3, 1, 12)


def test_counts_accounts_of_the_same_kind_and_at_least_as_strong(
    store: EvidenceStore, playbooks: dict[str, Playbook], tmp_path: Path
) -> None:
    rates = StoredBaseRates(store, tmp_path)
    page = playbooks["declines"]
    # Direct: 40 plain, the guilty one, two twins, the platform.
    # Declined: plain 0 and 1, the guilty one, a twin.
    assert rates.rate(page, mode="", kind="direct", measure=3, end=END) == Rate(4, 1, 44)
    assert rates.rate(page, mode="", kind="direct", measure=1, end=END) == Rate(4, 4, 44)
    assert rates.rate(page, mode="", kind="connected", measure=3, end=END) == Rate(1, 1, 2)


def test_counts_are_kept_on_disk_and_a_broken_file_is_counted_again(
    store: EvidenceStore, playbooks: dict[str, Playbook], tmp_path: Path
) -> None:
    page = playbooks["declines"]
    first = StoredBaseRates(store, tmp_path).rate(page, mode="", kind="direct", measure=3, end=END)
    kept = sorted(tmp_path.glob("*.json"))
    assert len(kept) == 2
    for path in kept:
        path.write_text("[[")
    again = StoredBaseRates(store, tmp_path).rate(page, mode="", kind="direct", measure=3, end=END)
    assert again == first


def test_cases_of_one_week_share_a_window(
    store: EvidenceStore, playbooks: dict[str, Playbook], tmp_path: Path
) -> None:
    rates = StoredBaseRates(store, tmp_path)
    for day in (24, 25, 27):
        end = datetime(2026, 2, day, 9)
        rates.rate(playbooks["declines"], mode="", kind="direct", measure=1, end=end)
    assert len(list(tmp_path.glob("declines-*.json"))) == 1


@pytest.mark.parametrize(
    ("end", "grid"),
    [
        (datetime(2026, 3, 1, 12), datetime(2026, 3, 2)),
        (datetime(2026, 3, 2), datetime(2026, 3, 2)),
        (datetime(2026, 3, 2, 0, 0, 1), datetime(2026, 3, 9)),
    ],
)
def test_windows_end_on_mondays_never_before_the_mail(end: datetime, grid: datetime) -> None:
    assert grid_end(end) == grid


def test_buckets_grow_with_the_measure() -> None:
    assert [bucket_of(n, strength=False) for n in (0, 1, 2, 3, 4, 100)] == [0, 0, 2, 3, 4, 13]
    assert [bucket_of(n, strength=True) for n in (0.0, 0.5, 1.0)] == [0, 10, 20]
