"""Canned answers: filled or refused, in the user's language, kept in versions, undone."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from headwater.accounts.models import Agent
from headwater.cases import acts as case_acts
from headwater.cases.handling import fields
from headwater.cases.merging import merge_case
from headwater.cases.models import Case, CaseEvent, Draft
from headwater.cli.main import cli
from headwater.macros import acts, queries
from headwater.macros.contents import answer
from headwater.macros.errors import CannotFill, CannotUse, LibraryRefused, NotInLibrary, NotYours
from headwater.macros.filling import NAMES, fill, places_in
from headwater.macros.models import LibraryUse
from headwater.macros.queries import ANSWER
from headwater.macros.using import undo_answer, use_answer
from tests.factories import SYSTEM, incoming, make_account, make_agent, make_case
from tests.scene import UNVERIFIED, WEBHOOK_FAILS, diagnose, open_contact

WORDS = {
    "en": 'Hello {{ person.first_name | "there" }},\n\nyour refund is with the bank.',
    "de": 'Guten Tag {{ person.name | "zusammen" }},\n\ndie Bank hat Ihre Erstattung.',
}


def keep(name: str = "refund", texts: object = None, title: str = "Refund at the bank") -> None:
    written = answer(name, title, texts or WORDS, fields=queries.field_ids())
    acts.keep(written, actor=SYSTEM)


def put(case: Case, name: str = "refund", **more: object) -> LibraryUse:
    agent = make_agent()
    return use_answer(case, name, agent=agent, actor=agent.actor(), **more)  # type: ignore[arg-type]


def draft(case: Case) -> str:
    return Draft.objects.get(case=case).body


# Places


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_fills_a_place_is_never_a_text_with_places(name: str, subject: str) -> None:
    values = {"person.name": "{{ case.subject }}" + name, "case.subject": subject or "x"}
    filled = fill("a {{ person.name }} b", values)
    assert filled == f"a {values['person.name'].strip()} b"


def test_single_braces_stand_for_themselves() -> None:
    text = '{"id": "{{ case.id }}", "metadata": {"a": {"b": 1}}}'
    assert fill(text, {"case.id": "case_1"}) == '{"id": "case_1", "metadata": {"a": {"b": 1}}}'


@pytest.mark.parametrize(
    "text",
    ["{{ person.name", "{{ }}", "{{ person.name | }}", '{{ person.name | "" }}', "{{ a b }}"],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(LibraryRefused):
        places_in(text)


def test_an_unknown_place_names_the_nearest() -> None:
    with pytest.raises(LibraryRefused, match=r"Did you mean person\.name"):
        answer("a", "A", "Hello {{ person.nam }}", fields=[])


def test_all_that_is_not_known_is_named_and_nothing_is_filled() -> None:
    with pytest.raises(CannotFill, match=r"account\.name, person\.name"):
        fill("{{ account.name }} {{ person.name }} {{ case.id }}", {"case.id": "1"})


# The library


@pytest.mark.django_db
def test_every_change_is_a_version_and_an_old_one_comes_back() -> None:
    keep()
    keep(title="Refund sent")
    keep(title="Refund sent")  # nothing new
    entry = queries.entry_named(ANSWER, "refund")
    assert (entry.version, entry.title) == (2, "Refund sent")
    acts.bring_back(ANSWER, "refund", 1, actor=SYSTEM)
    assert [each.title for each in queries.versions_of(entry)] == [
        "Refund at the bank", "Refund sent", "Refund at the bank",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_text_written_over_somebody_elses_change_is_refused() -> None:
    keep()
    keep(title="Another")
    written = answer("refund", "Mine", WORDS, fields=[])
    with pytest.raises(LibraryRefused, match="changed refund meanwhile"):
        acts.keep(written, actor=SYSTEM, based_on=1)
    with pytest.raises(LibraryRefused, match="already"):
        acts.keep(written, actor=SYSTEM, based_on=0)
    assert queries.entry_named(ANSWER, "refund").title == "Another"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may"), [("specialist", False), ("lead", True), ("analyst", False)]
)
def test_only_leads_change_the_library(role: str, may: bool) -> None:
    agent = make_agent()
    Agent.objects.filter(pk=agent.pk).update(role=role)
    written = answer("a", "A", "Hello", fields=[])
    if may:
        assert acts.keep(written, actor=agent.actor()) is not None
        return
    with pytest.raises(NotYours):
        acts.keep(written, actor=agent.actor())
    with pytest.raises(NotInLibrary):
        queries.entry_named(ANSWER, "a")


# In a case


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoken", "begins"), [("de", "Guten Tag Ada"), ("fr", "Hello Ada"), ("", "Hello")]
)
def test_the_users_language_then_english(spoken: str, begins: str) -> None:
    keep()
    case = make_case()
    Case.objects.filter(pk=case.pk).update(language=spoken)
    made = put(Case.objects.get(pk=case.pk))
    assert draft(case).startswith(begins)
    assert made.language == ("de" if spoken == "de" else "en")


@pytest.mark.django_db
def test_it_comes_behind_the_draft_or_between_or_instead() -> None:
    keep("bye", "Kind regards")
    case = make_case()
    case_acts.save_draft(case, "Hello Ada,", author="agent", actor=SYSTEM)
    put(case, "bye")
    assert draft(case) == "Hello Ada,\n\nKind regards\n"
    put(case, "bye", around=("Dear 🙂 ", "!"))
    assert draft(case) == "Dear 🙂 Kind regards!"
    put(case, "bye", replace=True)
    assert draft(case) == "Kind regards\n"
    assert queries.entry_named(ANSWER, "bye").used == 3  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_hole_refuses_the_answer_and_changes_nothing() -> None:
    keep("account", "About {{ account.name }}")
    case = make_case()
    before = list(CaseEvent.objects.filter(case=case).values_list("kind", flat=True))
    with pytest.raises(CannotFill, match=r"account\.name"):
        put(case, "account")
    assert not Draft.objects.filter(case=case).exists()
    assert list(CaseEvent.objects.filter(case=case).values_list("kind", flat=True)) == before
    assert not LibraryUse.objects.exists()


@pytest.mark.django_db
def test_who_only_claims_an_account_learns_nothing_of_it() -> None:
    keep("account", "About {{ account.name }}")
    account = make_account()
    with pytest.raises(CannotFill):
        put(make_case(account=account, identity="unverified"), "account")
    case = make_case(account=account, identity="verified")
    put(case, "account")
    assert draft(case) == f"About {account.name}\n"


@pytest.mark.django_db
def test_a_field_of_the_queue_fills_a_place() -> None:
    fields.define_field("api-version", label="API version", kind="text", actor=SYSTEM)
    fields.offer_field("api-version", None, actor=SYSTEM)
    keep("version", "You use {{ field.api-version }}.")
    case = make_case()
    with pytest.raises(CannotFill):
        put(case, "version")
    fields.set_field(case, "api-version", "2026-01-01", actor=SYSTEM)
    put(case, "version")
    assert draft(case) == "You use 2026-01-01.\n"


@pytest.mark.django_db
def test_a_finding_is_cited_for_verified_senders_only() -> None:
    keep("cause", "{{ finding.words }}\n\n{{ finding.table }}\n\n{{ finding.ids }}")
    main, claimed = open_contact(WEBHOOK_FAILS), open_contact(UNVERIFIED)
    for case in (main, claimed):
        diagnose(case)
    put(main, "cause", replace=True)
    said = draft(main)
    assert "214 of 214 deliveries" in said
    assert "- object id: we_1Qx9Lm20; " in said and "acct_" not in said
    assert "evt_1QxA11, evt_1QxA12" in said
    assert Draft.objects.get(case=main).based_on == "webhook-endpoint-failing"
    with pytest.raises(CannotUse, match="not verified"):
        put(claimed, "cause")
    with pytest.raises(CannotUse, match="no finding 7"):
        put(main, "cause", finding=7)


@pytest.mark.django_db
def test_a_secret_in_what_fills_a_place_is_masked() -> None:
    keep("about", "About {{ case.subject }}")
    case = make_case()
    secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    Case.objects.filter(pk=case.pk).update(subject=f"key {secret}")
    put(Case.objects.get(pk=case.pk), "about")
    assert secret not in draft(case)


@pytest.mark.django_db
def test_undoing_gives_the_draft_back_unless_somebody_wrote_on_it() -> None:
    keep()
    case = make_case()
    case_acts.save_draft(case, "Mine", author="system", actor=SYSTEM, based_on="page")
    made = put(case)
    assert undo_answer(made.pk, actor=SYSTEM).left == []
    back = Draft.objects.get(case=case)
    assert (back.body, back.author, back.based_on) == ("Mine", "system", "page")
    assert queries.entry_named(ANSWER, "refund").used == 0  # type: ignore[attr-defined]
    with pytest.raises(CannotUse, match="already"):
        undo_answer(made.pk, actor=SYSTEM)
    made = put(case)
    case_acts.save_draft(case, "Other words", author="agent", actor=SYSTEM)
    assert "wrote on the draft" in undo_answer(made.pk, actor=SYSTEM).left[0]
    assert draft(case) == "Other words"
    kinds = CaseEvent.objects.filter(case=case, kind__startswith="answer.").values_list("kind")
    assert [kind for (kind,) in kinds.order_by("id")] == ["answer.used", "answer.undone"] * 2


@pytest.mark.django_db
def test_in_a_merged_case_it_lands_in_the_one_that_stands_for_both() -> None:
    keep("bye", "Kind regards")
    one = make_case()
    other = case_acts.open_case(
        person=one.person, subject="Again", message=incoming("Again"), actor=SYSTEM
    )  # fmt: skip
    merge_case(other, one, reason="the same", actor=SYSTEM)
    made = put(other, "bye")
    assert made.case_id == one.pk
    assert draft(one) == "Kind regards\n"


@pytest.mark.django_db
def test_erasing_an_account_drops_the_texts_kept_for_undoing() -> None:
    keep("account", "About {{ account.name }}")
    account = make_account()
    made = put(make_case(account=account, identity="verified"), "account")
    assert acts.forget_account(account.pk) == 1
    made.refresh_from_db()
    assert (made.before, made.after) == ({}, {})
    with pytest.raises(CannotUse):
        undo_answer(made.pk, actor=SYSTEM)


# Through the command line


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(cli, ["answers", *words])
    assert (result.exit_code == 0) is ok, result.output
    return result.output


FILE = """
[[answer]]
name = "refund"
title = "Refund at the bank"
text = { en = "Hello {{ person.name }}", de = "Guten Tag {{ person.name }}" }
"""


@pytest.mark.django_db
def test_the_commands_do_what_the_desk_does(tmp_path: Path) -> None:
    file, agent, case = tmp_path / "a.toml", make_agent(), make_case()
    file.write_text(FILE)
    assert "refund: Refund at the bank (en, de)" in run("check", str(file))
    assert "1 read, 1 changed" in run("apply", str(file))
    exported = tmp_path / "b.yaml"
    exported.write_text(run("export"))
    assert "1 read, 0 changed" in run("apply", str(exported))
    assert "Hello Ada" in run("show", "refund", "--case", case.pk)
    told = run("use", case.pk, "refund", "--as", agent.email, "--language", "de")
    assert draft(case) == "Guten Tag Ada\n"
    assert "1 ×" in run("list", "bank")
    use_id = told.split("undo ")[1].split("`")[0]
    assert "as it was" in run("undo", use_id, "--as", agent.email)
    assert not Draft.objects.filter(case=case).exists()
    assert "Only leads" in run("retire", "refund", "--as", agent.email, ok=False)
    run("retire", "refund")
    assert "no longer used" in run("use", case.pk, "refund", "--as", agent.email, ok=False)
    assert "version 3" in run("back", "refund", "1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("{{ person.name }}", "{{ person.nam }}"),
        ('name = "refund"', 'name = "Refund!"'),
        ("title =", "titel ="),
        ("en = ", "xx = "),
    ],
)
def test_a_file_with_a_fault_changes_nothing_and_names_it(
    tmp_path: Path, broken: str, said: str
) -> None:
    file = tmp_path / "a.toml"
    file.write_text(FILE + FILE.replace('"refund"', '"second"').replace(
        broken.replace('"refund"', '"second"'), said, 1
    ))  # fmt: skip
    assert "second" in run("apply", str(file), ok=False) or "Refund!" in run(
        "apply", str(file), ok=False
    )
    assert queries.entries(ANSWER) == []


def test_every_place_has_its_words_on_the_desk() -> None:
    from headwater.desk.library_words import places

    assert [name for name, words in places([]) if words] == [f"{{{{ {each} }}}}" for each in NAMES]
