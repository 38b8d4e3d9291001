"""A query in plain sentences."""

import pytest

from headwater.diagnosis.playbooks import load_playbooks
from headwater.evidence.contract import load_contract
from headwater.evidence.wording import plan_words

CONTRACT = load_contract()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select id from charges", "no condition bounds created."),
        ("select max(amount) from charges", "Sums everything up in one row."),
        (
            "select 1 from charges c left join refunds r on r.charge_id = c.id",
            "refunds (as r) where r.charge_id = c.id, keeping rows that have none.",
        ),
        ("select 1 from charges, refunds", "Adds the rows of refunds, every row with every row."),
        (
            "with a as (select id from charges) select id from a union select id from refunds",
            "Starts from the step a.",
        ),
        (
            "select id from charges union select id from refunds",
            "Puts both results together and drops repeated rows.",
        ),
        ("select id from charges order by amount desc limit 3", "Sorts by amount (largest first)."),
    ],
)  # fmt: skip
def test_each_part_is_said(sql: str, said: str) -> None:
    assert any(line.endswith(said) for line in plan_words(sql, CONTRACT, scoped=False))


def test_a_bounded_query_looks_at_no_more_days_than_it_says() -> None:
    sql = "select id from charges where created >= $a and created < $b"
    sentences = plan_words(sql, CONTRACT, scoped=True)
    assert not any("all days" in sentence for sentence in sentences)
    assert "Reads only rows of the chosen account, from charges." in sentences


@pytest.mark.slow
def test_every_playbook_can_be_said() -> None:
    for playbook in load_playbooks().values():
        sentences = plan_words(playbook.sql, CONTRACT, scoped=True)
        assert sentences and all(sentence.endswith(".") for sentence in sentences)
