"""Investigate over real requests: asking, refusals, pages of rows, exports, attaching."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Case, CaseEvent
from headwater.cases.queries import clocks_of, recomputed_clocks
from headwater.desk.investigate import runs
from headwater.diagnosis.models import CaseEvidence, SavedQuery
from headwater.evidence.models import EvidenceRun, EvidenceSnapshot
from headwater.evidence.queries import rows_of
from headwater.kit.clock import utc_now
from tests.factories import PASSWORD, make_agent
from tests.investigate.conftest import ask
from tests.investigated import ACCOUNT, OWNER, SLOW
from tests.markup import inline, tags, unlabelled

# The query's own thread records it, so what is stored must be there for other connections.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("evidence")]

STATUSES = "select status, count(*) as n from charges group by all order by status"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def run_id_of(response: Any) -> str:
    found = re.search(r"qry_\w+", text_of(response))
    assert found
    return found[0]


def test_the_account_and_the_window_come_from_the_case(desk: Client, case: Case) -> None:
    page = text_of(
        desk.get(
            f"/investigate/?case={case.pk}&sql=select+*+from+charges+where+created>=$window_start"
        )
    )
    values = {a.get("name"): a.get("value") for tag, a in tags(page) if tag == "input"}
    assert values["account"] == ACCOUNT
    assert values["case"] == case.pk
    diagnosis = case.diagnoses.get()
    assert values["p_window_start"] == diagnosis.window_start.strftime("%Y-%m-%dT%H:%M:%S")


def test_rows_of_the_one_account_and_a_record_that_names_the_case(
    desk: Client, case: Case, agent: Agent
) -> None:
    shown = text_of(
        ask(desk, "select distinct account_id from charges", whose="account", account=ACCOUNT,
            case=case.pk, reason="")
    )  # fmt: skip
    assert f"<td>{ACCOUNT}</td>" in shown and "acct_other" not in shown
    line = EvidenceRun.objects.get()
    assert (line.who, line.entrance, line.case_id) == (agent.email, "desk", case.pk)
    assert (line.accounts, line.rows, line.outcome) == ([ACCOUNT], 1, "ok")
    assert line.id in shown


@pytest.mark.parametrize(
    ("sql", "fields", "message", "hint"),
    [
        ("select 1 from charge", {}, "There is no table", "Did you mean charges?"),
        ("drop table charges", {}, "Only SELECT is allowed", ""),
        ("select 1 from charges where id = $id", {}, "$id has no value", "Fill in its field"),
        ("select 1", {"reason": "  "}, "A reason is missing", "open this page from a case"),
        ("select 1", {"whose": "account"}, "No account is given", "Every account"),
        ("select $window_start", {"p_window_start": "soon"}, "is no time", "7d for seven days ago"),
        (" ", {}, "There is no query", "Write a SELECT"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_what_to_do(
    desk: Client, sql: str, fields: dict[str, str], message: str, hint: str
) -> None:
    shown = text_of(ask(desk, sql, **fields))
    assert message in shown and hint in shown
    assert 'role="alert"' in shown
    kept = re.search(r"<textarea[^>]*name=\"sql\"[^>]*>(.*?)</textarea>", shown, re.DOTALL)
    assert kept and kept[1].strip() == sql.strip()


def test_nothing_without_signing_in(client: Client, case: Case, desk: Client) -> None:
    run_id = run_id_of(ask(desk, STATUSES))
    for path in (
        "/investigate/", "/investigate/words/", "/investigate/fields/",
        f"/investigate/runs/{run_id}/", f"/investigate/runs/{run_id}/rows.csv",
    ):  # fmt: skip
        assert client.get(path)["Location"].startswith("/sign-in/")
    before = EvidenceRun.objects.count()
    assert client.post("/investigate/run/", {"sql": "select 1", "reason": "x"}).status_code == 302
    assert EvidenceRun.objects.count() == before


def test_a_colleague_sees_the_question_and_never_the_rows(desk: Client, agent: Agent) -> None:
    shown = ask(desk, STATUSES)
    run_id, line = run_id_of(shown), EvidenceRun.objects.get()
    other = Client()
    assert other.login(username=make_agent("Dev").email, password=PASSWORD)
    for path in ("", "rows.csv", "rows.parquet", "step/"):
        assert other.get(f"/investigate/runs/{run_id}/{path}").status_code == 404
    assert other.post(f"/investigate/runs/{run_id}/stop/").status_code == 404
    opened = text_of(other.get(f"/investigate/?from={line.pk}"))
    assert "group by all order by status" in opened
    assert "succeeded" not in opened


def test_rows_come_in_pages_with_a_head_for_each(desk: Client) -> None:
    shown = ask(desk, "select id, amount from charges order by amount")
    run_id = run_id_of(shown)
    assert "1 to 200 of 900" in text_of(shown)
    last = text_of(desk.get(f"/investigate/runs/{run_id}/?page=5", headers={"HX-Request": "true"}))
    assert "801 to 900 of 900" in last and "<td>ch_899</td>" in last and "<td>ch_0</td>" not in last
    assert "<html" not in last and '<th scope="col"' in last
    whole = desk.get(f"/investigate/runs/{run_id}/?page=99")
    assert "801 to 900" in text_of(whole)
    assert "no-store" in whole["Cache-Control"], "going back must not show the fragment as a page"


def test_the_csv_is_whole_and_holds_no_formula(desk: Client) -> None:
    run_id = run_id_of(
        ask(
            desk,
            "select case id when 'ch_0' then '=cmd()' else id end as id, -amount as minus "
            "from charges order by amount",
        )
    )
    got = desk.get(f"/investigate/runs/{run_id}/rows.csv")
    assert "attachment" in got["Content-Disposition"]
    body = b"".join(got.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body, newline="")))
    assert len(rows) == 901
    assert rows[1] == ["'=cmd()", "0"] and rows[2] == ["ch_1", "-10"]


def test_parquet_keeps_types(desk: Client, tmp_path: Path) -> None:
    run_id = run_id_of(ask(desk, "select id, created, amount from charges order by amount"))
    target = tmp_path / "got.parquet"
    target.write_bytes(desk.get(f"/investigate/runs/{run_id}/rows.parquet").content)
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(target))
        assert [str(kind) for kind in table.types] == ["VARCHAR", "TIMESTAMP", "BIGINT"]
        assert len(table.fetchall()) == 900


def test_attaching_is_one_event_and_shows_on_the_case(
    desk: Client, case: Case, agent: Agent
) -> None:
    run_id = run_id_of(ask(desk, STATUSES, case=case.pk))
    before = (case.state, case.assignee_id)
    for _ in range(2):
        gone = desk.post(
            f"/investigate/runs/{run_id}/attach/",
            {"case": case.pk, "title": "A seventh of all charges failed", "note": "since Friday"},
        )
        assert gone["Location"] == f"/cases/{case.pk}/#attached"
    kept = CaseEvidence.objects.get()
    assert rows_of(kept.snapshot).rows == (("failed", 129), ("succeeded", 771))
    event = CaseEvent.objects.get(kind="evidence.attached")
    assert (event.actor_id, event.entrance) == (agent.pk, "desk")
    page = text_of(desk.get(f"/cases/{case.pk}/"))
    assert "Mia Chen attached evidence: A seventh of all charges failed" in page
    assert "since Friday" in page and ">771<" in page
    own = text_of(desk.get(f"/cases/{case.pk}/evidence/{kept.pk}/"))
    assert "group by all order by status" in own and kept.run_id in own
    assert EvidenceRun.objects.filter(engine="snapshot", who=agent.email).count() == 1
    case.refresh_from_db()
    assert (case.state, case.assignee_id) == before
    assert [c.due_at for c in recomputed_clocks(case, utc_now())] == [
        c.due_at for c in clocks_of(case)
    ]


def test_erased_rows_are_gone_from_the_case_too(desk: Client, case: Case) -> None:
    run_id = run_id_of(ask(desk, STATUSES, case=case.pk))
    address = f"/investigate/runs/{run_id}/attach/"
    desk.post(address, {"case": case.pk, "title": "Charges fail"})
    assert ">771<" in text_of(desk.get(f"/cases/{case.pk}/"))
    EvidenceSnapshot.objects.update(gone_at=utc_now(), gone_why="the account asked for it")
    for path in (
        f"/cases/{case.pk}/",
        f"/cases/{case.pk}/evidence/{CaseEvidence.objects.get().pk}/",
    ):
        shown = text_of(desk.get(path))
        assert "the account asked for it" in shown and ">771<" not in shown


def test_personal_data_is_masked_everywhere(desk: Client) -> None:
    shown = ask(desk, "select email, length(email) as n from accounts order by email")
    run_id = run_id_of(shown)
    exported = b"".join(
        desk.get(f"/investigate/runs/{run_id}/rows.csv").streaming_content  # type: ignore[attr-defined]
    ).decode()
    for text in (text_of(shown), exported):
        assert "[masked]" in text and OWNER not in text
    probe = text_of(ask(desk, "select 1 from accounts where email = $email", p_email=OWNER))
    assert "No rows" in probe


def test_what_a_privileged_colleague_attached_stays_masked_for_others(
    desk: Client, case: Case, agent: Agent
) -> None:
    lead = make_agent("Lea Lead")
    lead.sees_personal = True
    lead.save()
    hers = Client()
    assert hers.login(username=lead.email, password=PASSWORD)
    shown = ask(hers, "select email from accounts", case=case.pk)
    assert OWNER in text_of(shown)
    address = f"/investigate/runs/{run_id_of(shown)}/attach/"
    hers.post(address, {"case": case.pk, "title": "The owner's address"})
    pages = [f"/cases/{case.pk}/", f"/cases/{case.pk}/evidence/{CaseEvidence.objects.get().pk}/"]
    for path in pages:
        assert f"<td>{OWNER}</td>" in text_of(hers.get(path))
        mine = text_of(desk.get(path))
        assert f"<td>{OWNER}</td>" not in mine and "you see masked" in mine


def test_attaching_needs_a_title_and_a_case(desk: Client, case: Case) -> None:
    run_id = run_id_of(ask(desk, STATUSES))
    address = f"/investigate/runs/{run_id}/attach/"
    assert "needs a title" in text_of(desk.post(address, {"case": case.pk, "title": " "}))
    assert "which case" in text_of(desk.post(address, {"title": "x"}))
    assert desk.post(address, {"case": "case_nope", "title": "x"}).status_code == 404
    assert not CaseEvidence.objects.exists()


def test_a_saved_query_is_the_teams_and_changed_by_its_owner_only(desk: Client) -> None:
    desk.post("/investigate/save/", {"sql": "select $id", "p_id": "ch_1", "name": "By id"})
    desk.post("/investigate/save/", {"sql": "select $id as id", "p_id": "ch_2", "name": "by ID"})
    kept = SavedQuery.objects.get()
    assert (kept.sql, kept.params) == ("select $id as id", {"id": "ch_2"})
    other = Client()
    assert other.login(username=make_agent("Dev").email, password=PASSWORD)
    opened = text_of(other.get(f"/investigate/?saved={kept.pk}"))
    assert "select $id as id" in opened and 'value="ch_2"' in opened
    refused = other.post("/investigate/save/", {"sql": "select 1", "name": "By id"})
    assert refused.status_code == 409 and "already saved a query" in text_of(refused)
    other.post(f"/investigate/saved/{kept.pk}/forget/")
    assert SavedQuery.objects.exists()
    desk.post(f"/investigate/saved/{kept.pk}/forget/")
    assert not SavedQuery.objects.exists()


def test_the_history_is_ones_own(desk: Client) -> None:
    ask(desk, STATUSES)
    ask(desk, "select * from nowhere")
    shown = text_of(desk.get("/investigate/"))
    assert "query refused" in shown and "2 rows" in shown
    other = Client()
    assert other.login(username=make_agent("Dev").email, password=PASSWORD)
    assert "group by all" not in text_of(other.get("/investigate/"))


@pytest.mark.slow
def test_a_long_query_is_stopped(desk: Client) -> None:
    started = desk.post("/investigate/run/", {"sql": SLOW, "whose": "all", "reason": "x"})
    address = started["Location"]
    assert 'id="running"' in text_of(desk.get(address))
    desk.post(f"{address}stop/")
    for _ in range(20):
        shown = text_of(desk.get(address))
        if 'id="running"' not in shown:
            break
    assert "stopped before it was done" in shown
    line = EvidenceRun.objects.get()
    assert line.outcome == "query_cancelled"
    assert "2 rows" in text_of(ask(desk, STATUSES)), "the next query has a fresh worker"


def test_a_large_query_asks_first(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "LARGE_ROWS", 899)
    sql = "select id from charges where id <> $id limit 3"
    shown = text_of(ask(desk, sql, p_id="ch_1"))
    assert "would read about 900 rows" in shown and "Run it all the same" in shown
    assert not EvidenceRun.objects.exists(), "nothing was read"
    form = shown[shown.index("Nothing was read yet") :]
    again = {a["name"]: a["value"] for tag, a in tags(form) if tag == "input" and "name" in a}
    assert "3 rows" in text_of(ask(desk, **{**again, "confirmed": "1"}))
    assert EvidenceRun.objects.get().params == {"id": "ch_1"}


def test_the_plan_reads_nothing(desk: Client) -> None:
    shown = text_of(desk.post("/investigate/plan/", {"sql": STATUSES, "whose": "all"}))
    assert "Reads rows of every account, from charges." in shown
    assert "no condition bounds created" in shown
    assert "Has to read about 900 rows" in shown
    assert not EvidenceRun.objects.exists()
    assert "Only SELECT" in text_of(desk.post("/investigate/plan/", {"sql": "drop table x"}))


def test_a_playbook_page_holds_the_query(desk: Client) -> None:
    run_id = run_id_of(ask(desk, STATUSES))
    got = desk.get(f"/investigate/runs/{run_id}/step/?title=Charges+fail&file=1")
    assert 'filename="charges-fail.md"' in got["Content-Disposition"]
    page = got.content.decode()
    assert f"```sql\n{STATUSES}\n```" in page
    assert "id: charges-fail" in page and "TODO: return the column `object_id`" in page


def test_old_rows_are_swept_away(desk: Client, settings: Any) -> None:
    run_id = run_id_of(ask(desk, STATUSES))
    place = runs.folder() / run_id
    assert (place / "answer.json").stat().st_mode & 0o777 == 0o600
    import os

    os.utime(place, (0, 0))
    ask(desk, STATUSES)
    assert not place.exists()
    assert desk.get(f"/investigate/runs/{run_id}/").status_code == 404


@pytest.mark.parametrize("name", ["..", "qry_../x", "qry_", "x"])
def test_a_run_is_never_a_path(agent: Agent, name: str) -> None:
    assert runs.find(name, agent.pk) is None


def test_the_markup_of_every_state(desk: Client, case: Case) -> None:
    asked = ask(desk, STATUSES, case=case.pk)
    run_id = run_id_of(asked)
    pages = [
        text_of(desk.get(f"/investigate/?case={case.pk}&sql=select+$x")),
        text_of(asked),
        text_of(ask(desk, "drop table x")),
        text_of(desk.get(f"/investigate/runs/{run_id}/step/")),
    ]
    for page in pages:
        assert unlabelled(page) == []
        assert inline(page) == []
        ids = [attrs["id"] for _, attrs in tags(page) if "id" in attrs]
        assert len(ids) == len(set(ids))
