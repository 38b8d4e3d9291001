"""How many comparable accounts show a sign."""

from datetime import datetime
from pathlib import Path

import pytest

from headwater.diagnosis.base_rates import Counts, Rate, Size, StoredBaseRates, grid_end
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
    assert rates.rate(page, mode="", kind="direct", size=Size(3), end=END) == Rate(4, 1, 44)
    assert rates.rate(page, mode="", kind="direct", size=Size(1), end=END) == Rate(4, 4, 44)
    assert rates.rate(page, mode="", kind="connected", size=Size(3), end=END) == Rate(1, 1, 2)


def test_counts_are_kept_on_disk_and_a_broken_file_is_counted_again(
    store: EvidenceStore, playbooks: dict[str, Playbook], tmp_path: Path
) -> None:
    page = playbooks["declines"]
    first = StoredBaseRates(store, tmp_path).rate(
        page, mode="", kind="direct", size=Size(3), end=END
    )
    kept = sorted(tmp_path.glob("*.json"))
    assert len(kept) == 2
    for path in kept:
        path.write_text("[[")
    again = StoredBaseRates(store, tmp_path).rate(
        page, mode="", kind="direct", size=Size(3), end=END
    )
    assert again == first


def test_a_count_that_fails_leaves_the_rate_unknown(
    store: EvidenceStore, playbooks: dict[str, Playbook], tmp_path: Path
) -> None:
    rates = StoredBaseRates(store, tmp_path)
    page = playbooks["hooks"]  # needs a table that the lake lacks
    assert rates.rate(page, mode="", kind="direct", size=Size(3), end=END) is None
    known = rates.rate(playbooks["declines"], mode="", kind="direct", size=Size(3), end=END)
    assert known is not None


def test_cases_of_one_week_share_a_window(
    store: EvidenceStore, playbooks: dict[str, Playbook], tmp_path: Path
) -> None:
    rates = StoredBaseRates(store, tmp_path)
    for day in (24, 25, 27):
        end = datetime(2026, 2, day, 9)
        rates.rate(playbooks["declines"], mode="", kind="direct", size=Size(1), end=end)
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


def test_sizes_fall_into_half_octaves() -> None:
    assert [Size(n).buckets[0] for n in (0, 1, 2, 3, 4, 100)] == [0, 0, 2, 3, 4, 13]
    assert [Size(1, share).buckets[1] for share in (0.0, 0.001, 0.5, 1.0)] == [0, 0, 17, 19]


def test_as_strong_means_as_often_and_as_highly_graded() -> None:
    counts = Counts({("direct", ""): {(4, 2): 5, (4, 19): 2, (13, 2): 1}})
    assert counts.matching("direct", "", Size(4, 1.0)) == (8, 2)
    assert counts.matching("direct", "", Size(4, 0.002)) == (8, 8)
    assert counts.matching("connected", "", Size(4, 1.0)) == (0, 0)
