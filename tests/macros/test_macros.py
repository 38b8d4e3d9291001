"""Macros: shown exactly, run as a whole or not at all, undone as a whole."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from headwater.accounts.models import Agent
from headwater.cases import acts as case_acts
from headwater.cases.handling import fields, restoring
from headwater.cases.handling.snoozing import snooze_for
from headwater.cases.handling.tags import add_tags, know_tag, tags_of
from headwater.cases.models import Case, CaseEvent, Draft, Message, Queue
from headwater.cases.placement import move_to_queue
from headwater.cases.queries import recomputed_clocks
from headwater.cases.rules import TRANSITIONS
from headwater.cli.main import cli
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.macros import acts, queries
from headwater.macros.contents import answer
from headwater.macros.errors import CannotFill, CannotUse, LibraryRefused
from headwater.macros.models import LibraryUse
from headwater.macros.queries import ANSWER, MACRO
from headwater.macros.recipes import macro
from headwater.macros.running import preview, run_macro, undo_macro
from headwater.macros.using import draft_state, undo_answer
from tests.factories import SYSTEM, incoming, make_agent, make_case
from tests.scene import UNVERIFIED, WEBHOOK_FAILS, diagnose, open_contact


def furnish() -> Agent:
    Queue.objects.get_or_create(id="payouts", defaults={"name": "Payouts", "position": 1})
    for tag in ("refund", "late"):
        know_tag(tag, actor=SYSTEM)
    fields.define_field("bank", label="Bank", kind="text", actor=SYSTEM)
    fields.offer_field("bank", None, actor=SYSTEM)
    return make_agent("Mia Chen")


def keep(name: str = "m", **keys: Any) -> None:
    acts.keep(macro(name, f"Title of {name}", keys, fields=queries.field_ids()), actor=SYSTEM)


def state_of(case: Case) -> dict[str, Any]:
    """All that macros can change, but for the moment since when."""
    found = restoring.snapshot(Case.objects.get(pk=case.pk))
    found["turn"] = {key: value for key, value in found["turn"].items() if key != "state_since"}
    held = {each.field.pk: each.value for each in fields.fields_of(case)}
    return {**found, "fields": held, "draft": draft_state(case)}


EVERYTHING = {
    "queue": "payouts",
    "priority": "high",
    "assign": "me",
    "add_tags": ["refund"],
    "fields": {"bank": "N26"},
    "texts": {"en": "Hello {{ person.name }}, {{ field.bank }} has it."},
    "turn": "waiting_engineering",
}


@pytest.mark.django_db
def test_a_preview_says_what_changes_and_changes_nothing() -> None:
    agent, case = furnish(), make_case()
    keep(**EVERYTHING)
    before, events = state_of(case), CaseEvent.objects.count()
    done = preview(case, "m", agent=agent)
    assert (state_of(case), CaseEvent.objects.count()) == (before, events)
    assert not LibraryUse.objects.exists()
    told = {each.what: each.after for each in done.changes}
    assert told["queue"] == "payouts"
    assert told["assignee"] == agent.pk
    assert told["tags"] == ["refund"]
    assert told["field.bank"] == "N26"
    # The text already says what the macro itself filled in.
    assert told["draft"]["body"] == "Hello Ada, N26 has it.\n"
    assert told["turn"]["state"] == "waiting_engineering"
    use = run_macro(case, "m", agent=agent, actor=agent.actor(), seen=done.seen)
    assert {name: value for name, value in use.after.items() if name != "turn"} == {
        name: value for name, value in done.after.items() if name != "turn"
    }
    ran = CaseEvent.objects.get(case=case, kind="macro.ran")
    assert (ran.actor_id, ran.entrance) == (agent.pk, "desk")
    assert ran.data["changed"] == [each.what for each in done.changes]


@pytest.mark.django_db
def test_all_of_it_is_undone() -> None:
    agent, case = furnish(), make_case()
    keep(**EVERYTHING)
    before = state_of(case)
    use = run_macro(case, "m", agent=agent, actor=agent.actor())
    assert state_of(case) != before
    assert undo_macro(use.pk, actor=SYSTEM).left == []
    assert state_of(case) == before
    with pytest.raises(CannotUse, match="already"):
        undo_macro(use.pk, actor=SYSTEM)


@pytest.mark.django_db
def test_what_others_touched_since_is_left_and_named() -> None:
    agent, case = furnish(), make_case()
    keep(**EVERYTHING)
    use = run_macro(case, "m", agent=agent, actor=agent.actor())
    case_acts.add_user_message(case, incoming("Any news?"), actor=SYSTEM)
    case_acts.save_draft(case, "My own words", author="agent", actor=SYSTEM)
    fields.set_field(case, "bank", "ING", actor=SYSTEM)
    left = " ".join(undo_macro(use.pk, actor=SYSTEM).left)
    assert "state" in left and "draft" in left and "Bank" in left
    now = state_of(case)
    assert (now["turn"]["state"], now["draft"]["body"]) == ("ours", "My own words")
    assert now["fields"]["bank"] == "ING"
    assert (now["queue"], now["assignee"], now["tags"]) == (None, None, [])


@pytest.mark.django_db
def test_a_part_that_is_refused_refuses_the_whole() -> None:
    agent, case = furnish(), make_case()
    keep(queue="payouts", add_tags=["refund"], texts={"en": "{{ account.name }}"})
    before, events = state_of(case), CaseEvent.objects.filter(case=case).count()
    for attempt in (preview, lambda *a, **k: run_macro(*a, **k, actor=agent.actor())):
        with pytest.raises(CannotFill):
            attempt(case, "m", agent=agent)
    assert state_of(case) == before
    assert CaseEvent.objects.filter(case=case).count() == events


@pytest.mark.django_db
def test_it_does_nothing_else_than_was_seen() -> None:
    agent, case = furnish(), make_case()
    keep(priority="high", texts={"en": "Hello"})
    seen = preview(case, "m", agent=agent).seen
    case_acts.save_draft(case, "A colleague's words", author="agent", actor=SYSTEM)
    with pytest.raises(CannotUse, match="since you looked"):
        run_macro(case, "m", agent=agent, actor=agent.actor(), seen=seen)
    assert Draft.objects.get(case=case).body == "A colleague's words"
    seen = preview(case, "m", agent=agent).seen
    keep(priority="urgent", texts={"en": "Hello"})
    with pytest.raises(CannotUse, match="since you looked"):
        run_macro(case, "m", agent=agent, actor=agent.actor(), seen=seen)


@pytest.mark.django_db
def test_an_answer_in_it_counts_and_goes_with_it() -> None:
    agent, case = furnish(), make_case()
    acts.keep(answer("bye", "Bye", {"en": "Bye", "de": "Tschüss"}, fields=[]), actor=SYSTEM)
    keep(answer="bye", priority="low")
    use = run_macro(case, "m", agent=agent, actor=agent.actor(), language="de")
    assert Draft.objects.get(case=case).body == "Tschüss\n"
    assert queries.entry_named(ANSWER, "bye").used == 1  # type: ignore[attr-defined]
    part = LibraryUse.objects.get(part_of=use)
    with pytest.raises(CannotUse, match="part of a macro"):
        undo_answer(part.pk, actor=SYSTEM)
    undo_macro(use.pk, actor=SYSTEM)
    assert queries.entry_named(ANSWER, "bye").used == 0  # type: ignore[attr-defined]
    assert queries.entry_named(MACRO, "m").used == 0  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_evidence_goes_into_the_draft_of_verified_senders_only() -> None:
    agent = furnish()
    keep(texts={"en": "{{ finding.words }}\n\n{{ finding.table }}"}, draft="replace")
    main, claimed = open_contact(WEBHOOK_FAILS), open_contact(UNVERIFIED)
    for case in (main, claimed):
        diagnose(case)
    run_macro(main, "m", agent=agent, actor=agent.actor())
    assert "object id: we_1Qx9Lm20" in Draft.objects.get(case=main).body
    with pytest.raises(CannotUse, match="not verified"):
        preview(claimed, "m", agent=agent)


@pytest.mark.django_db
def test_solving_by_the_likely_cause_and_back() -> None:
    agent, case = furnish(), open_contact(WEBHOOK_FAILS)
    keep(turn="solved", cause="likely")
    with pytest.raises(CannotUse, match="no cause yet"):
        preview(case, "m", agent=agent)
    diagnose(case)
    before = state_of(case)
    use = run_macro(case, "m", agent=agent, actor=agent.actor())
    now = Case.objects.get(pk=case.pk)
    assert (now.state, now.cause) == ("solved", "webhook-endpoint-failing")
    assert undo_macro(use.pk, actor=SYSTEM).left == []
    assert state_of(case) == before


@pytest.mark.django_db
def test_what_would_change_nothing_is_not_run() -> None:
    agent, case = furnish(), make_case()
    keep(priority="normal", turn="ours")
    assert preview(case, "m", agent=agent).changes == []
    with pytest.raises(CannotUse, match="nothing that it would change"):
        run_macro(case, "m", agent=agent, actor=agent.actor())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "does nothing"),
        ({"queue": "nope"}, "no queue"),
        ({"add_tags": ["nope"]}, "not known"),
        ({"fields": {"nope": "1"}}, "no field"),
        ({"assign": "nobody@nowhere.example"}, "no active agent"),
        ({"answer": "nope"}, "no answer"),
        ({"answer": "a", "texts": {"en": "b"}}, "an answer and texts"),
        ({"texts": {"de": "nur"}}, "no text in English"),
        ({"texts": {"en": "{{ case.idd }}"}}, "Nothing is called"),
        ({"texts": {"en": "x"}, "turn": "solved", "cause": "unknown"}, "would never leave"),
        ({"turn": "solved"}, "cause must be a word"),
        ({"turn": "snoozed", "until": "soon"}, "no time"),
        ({"turn": "merged"}, "no turn"),
        ({"cause": "unknown"}, "unless the turn is solved"),
        ({"add_tags": ["late"], "remove_tags": ["Late"]}, "added and removed"),
        ({"draft": "replace", "queue": "payouts"}, "no text for the draft"),
        ({"priority": "higher"}, "no priority"),
        ({"colour": "red"}, "does not know 'colour'"),
    ],
)
def test_what_makes_no_sense_is_never_kept(keys: dict[str, Any], said: str) -> None:
    furnish()
    with pytest.raises(LibraryRefused, match=said):
        keep(**keys)
    assert queries.entries(MACRO) == []


# Whatever a macro holds, in whatever state it finds a case

CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "queue": st.sampled_from(["payouts", "none"]),
        "priority": st.sampled_from(["low", "normal", "high", "urgent"]),
        "assign": st.sampled_from(["me", "nobody"]),
        "add_tags": st.sampled_from([["refund"], ["refund", "late"]]),
        "fields": st.sampled_from([{"bank": "N26"}, {"bank": ""}]),
        "texts": st.sampled_from([{"en": "Hello"}, {"en": "To {{ person.name }}", "de": "An"}]),
    },
)
TURNS = st.sampled_from(
    [
        {},
        {"turn": "ours"},
        {"turn": "waiting_engineering"},
        {"turn": "snoozed", "until": "3d"},
        {"turn": "snoozed", "until": "reply"},
        {"turn": "solved", "cause": "unknown"},
    ]
)
LIVES = st.lists(
    st.sampled_from(["reply", "engineering", "snooze", "solve", "draft", "tag", "queue", "user"]),
    max_size=3,
)


@pytest.mark.slow
class AnyMacro(TestCase):  # type: ignore[misc]
    @given(CONTENTS, TURNS, LIVES)
    @hypothesis_settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    def test_the_preview_is_the_run_and_undoing_restores(
        self, content: dict[str, Any], turn: dict[str, str], life: list[str]
    ) -> None:
        agent, case = furnish(), make_case()
        for step in life:
            _live(case, step, agent)
        try:
            keep(**content, **turn)
        except LibraryRefused:
            return
        before, kept = state_of(case), Message.objects.filter(case=case).count()
        try:
            done = preview(case, "m", agent=agent)
        except HeadwaterError:
            with pytest.raises(HeadwaterError):
                run_macro(case, "m", agent=agent, actor=agent.actor())
            assert state_of(case) == before
            return
        assert state_of(case) == before
        if not done.changes:
            return
        log = list(CaseEvent.objects.filter(case=case).order_by("id").values_list("id", flat=True))
        use = run_macro(case, "m", agent=agent, actor=agent.actor(), seen=done.seen)
        after = state_of(case)
        for name, value in done.after.items():
            if name != "turn":
                assert after[name] == value or name == "fields"
        untouched = {name for name in before if name not in done.after}
        assert all(after[name] == before[name] for name in untouched)
        assert undo_macro(use.pk, actor=SYSTEM).left == []
        now = state_of(case)
        now["fields"] = {name: value for name, value in now["fields"].items() if value}
        before["fields"] = {name: value for name, value in before["fields"].items() if value}
        assert now == before
        # Nothing that was ever written is lost, and the clocks are those of the log.
        ids = CaseEvent.objects.filter(case=case).order_by("id").values_list("id", flat=True)
        assert list(ids)[: len(log)] == log
        assert Message.objects.filter(case=case).count() == kept
        assert recomputed_clocks(Case.objects.get(pk=case.pk), utc_now())


def _live(case: Case, step: str, agent: Agent) -> None:
    now = Case.objects.get(pk=case.pk)
    names = {"engineering": "wait_on_engineering", "snooze": "snooze", "solve": "solve"}
    if step in names and now.state not in TRANSITIONS[names[step]]:
        return
    if step == "reply":
        case_acts.send_reply(now, "Hello", agent=agent, actor=SYSTEM)
    elif step == "engineering":
        case_acts.wait_on_engineering(now, actor=SYSTEM)
    elif step == "snooze":
        snooze_for(now, "reply", actor=SYSTEM)
    elif step == "solve":
        case_acts.solve_case(now, cause="unknown", actor=SYSTEM)
    elif step == "draft":
        case_acts.save_draft(now, "Old words", author="system", actor=SYSTEM, based_on="page")
    elif step == "tag":
        add_tags(now, ["refund"], actor=SYSTEM)
    elif step == "queue":
        move_to_queue(now, Queue.objects.get(pk="payouts"), reason="x", actor=SYSTEM)
    else:
        case_acts.add_user_message(now, incoming("More"), actor=SYSTEM)


# Through the command line

FILE = """
[[macro]]
name = "late"
title = "Refund is late"
queue = "payouts"
add_tags = ["refund"]
answer = "late"
turn = "waiting_engineering"

[[answer]]
name = "late"
title = "It is late"
text = "Hello {{ person.name }}"
"""


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(cli, ["macros", *words])
    assert (result.exit_code == 0) is ok, result.output
    return result.output


@pytest.mark.django_db
def test_the_commands_show_run_and_undo(tmp_path: Path) -> None:
    agent, case, file = furnish(), make_case(), tmp_path / "m.toml"
    file.write_text(FILE)
    assert "late: Refund is late (queue, add_tags, answer, turn)" in run("check", str(file))
    assert queries.entries(MACRO) == []
    assert "2 read, 2 changed" in run("apply", str(file))
    again = tmp_path / "again.yaml"
    again.write_text(run("export"))
    assert "1 read, 0 changed" in run("apply", str(again))
    before = state_of(case)
    told = run("run", case.pk, "late", "--as", agent.email)
    assert "queue: – → Payouts" in told and "Nothing was done" in told
    assert state_of(case) == before
    told = run("run", case.pk, "late", "--as", agent.email, "--go")
    assert tags_of(case) == ["refund"]
    assert "Undone." in run("undo", told.split("undo ")[1].split("`")[0], "--as", agent.email)
    assert state_of(case) == before
    assert "Refund is late" in run("list")
    assert "version 1" in run("show", "late")
