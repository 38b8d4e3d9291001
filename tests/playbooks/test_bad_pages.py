"""Whatever is wrong with a page is said with its file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from headwater.diagnosis.playbooks import PlaybookInvalid, load_page, load_playbooks

CASES = [
    ("title: Too many requests", "title: [", 5, "not YAML"),
    ("title: Too many requests\n", "", 2, "'title' is missing"),
    ("fixed_by: user", "fixed_by: user\nowner: me", 7, "'owner' is unknown"),
    ("fixed_by: user", "fixed_by: nobody", 6, "'nobody'"),
    ("id: too-many", "id: other", 2, "not the file's name"),
    ("area: limits", "area: keys", 4, "not the folder"),
    ("RATE-01", "RATE-99", 5, "no failure mode 'RATE-99'"),
    ("docs.stripe.com", "docs.example.com", 9, "page that the index knows"),
    ("https://docs", "http://docs", 9, "page that the index knows"),
    ("com/rate-limits", "com/rate-limit", 9, "page that the index knows"),
    ("[request]", "[request, chargee]", 7, "no object 'chargee'"),
    ("  count(*) AS occurrences,\n", "", 17, "does not return occurrences"),
    ("FROM api_request_logs", "FROM requests", 24, "no table 'requests'"),
    ("l.status = 429", "l.state = 429", 27, "state"),
    ("GROUP BY l.account_id", "GROUP BY (", 28, "does not parse"),
    ("  AND l.created < $window_end\n", "", 24, "without bounding created by $window_end"),
    ("l.created >= $window_start", "l.status >= 400", 24, "bounding created by $window_start"),
    ("$window_end", "$until", 26, "unknown parameter $until"),
    ("refused since {{ first_seen|when }}", "\nfrom {{ source_ip }}", 34, "'source_ip'"),
    ("{{ first_seen|when }}", "{{ first_seen|whenever }}", 33, "whenever"),
    ("{{ occurrences }} with", "{% if occurrences %} with", 37, "do not parse"),
    ("## What to do\n\n1. Slow down.\n", "", 42, "'## What to do' is missing"),
    ("## What to do", "## Steps", 39, "'Steps' is unknown"),
    ("confused_with: {", "phrases: too fast\nconfused_with: {", 11, "'phrases' must be a list"),
    ("confused_with: {", "phrases: [429]\nconfused_with: {", 11, "429 in 'phrases' is not text"),
    (
        "confused_with: {",
        "phrases: [slow down, Calls fail when it is busy]\nconfused_with: {",
        11,
        "'Calls fail when it is busy' twice",
    ),
    ("```sql", "```", 16, "exactly one ```sql block"),
]


def test_a_good_page_loads(spoil: Callable[..., Path]) -> None:
    assert load_page(spoil()).columns[:2] == ("account_id", "object_id")


def test_phrases_are_read_and_may_be_left_out(spoil: Callable[..., Path]) -> None:
    assert load_page(spoil()).phrases == ()
    page = load_page(spoil("confused_with: {", "phrases: [getting 429]\nconfused_with: {"))
    assert page.phrases == ("getting 429",)
    assert page.symptoms == ("calls fail when it is busy",)


@pytest.mark.parametrize(("old", "new", "line", "says"), CASES)
def test_a_bad_page_is_refused_with_its_line(
    spoil: Callable[[str, str], Path], old: str, new: str, line: int, says: str
) -> None:
    path = spoil(old, new)
    with pytest.raises(PlaybookInvalid) as caught:
        load_page(path)
    assert says in caught.value.message
    assert (caught.value.file, caught.value.line) == (path, line)
    assert f"{path}:{line}: " in str(caught.value)


def test_internal_columns_of_the_contract_are_refused(spoil: Callable[[str, str], Path]) -> None:
    path = spoil(
        "FROM api_request_logs AS l",
        "FROM api_request_logs AS l JOIN account_reviews AS r ON r.account_id = l.account_id\n"
        "  AND r.opened_at >= $window_start AND r.opened_at < $window_end\n"
        "  AND r.internal_note <> ''",
    )
    with pytest.raises(PlaybookInvalid, match="internal_note is internal"):
        load_page(path)


def test_words_for_the_user_do_not_read_internal_facts(spoil: Callable[[str, str], Path]) -> None:
    path = spoil(
        "count(*) AS occurrences,", "count(*) AS occurrences, max(l.status) AS internal_x,"
    )
    load_page(path)
    text = path.read_text("utf-8").replace("refused since", "{{ internal_x }} refused since")
    path.write_text(text, "utf-8")
    with pytest.raises(PlaybookInvalid, match="'internal_x' stays in the house"):
        load_page(path)


def test_confused_with_names_a_playbook_or_a_mode(spoil: Callable[[str, str], Path]) -> None:
    path = spoil("{RATE-02:", "{slow-api:")
    with pytest.raises(PlaybookInvalid, match="neither a playbook nor a failure mode"):
        load_playbooks(path.parents[1])
