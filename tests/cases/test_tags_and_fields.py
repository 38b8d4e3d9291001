"""Tags and fields: one spelling, clear refusals, each change on record once."""

import pytest

from headwater.cases import acts, queries
from headwater.cases.handling import fields, tags
from headwater.cases.handling.errors import FieldRefused, FieldsMissing, TagRefused
from headwater.cases.handling.values import written
from headwater.cases.handling.words import normal_tag, tags_in
from headwater.cases.models import Case, Queue
from headwater.cases.placement import move_to_queue
from tests.factories import SYSTEM, make_agent, make_case


def events(case: Case, *kinds: str) -> list[tuple[str, dict[str, object]]]:
    return [(e.kind, e.data) for e in queries.events_of(case) if e.kind in kinds]


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("Pay outs", "pay-outs"), ("#3DS_2", "3ds-2"), (" VIP ", "vip"), ("a - b", "a-b"),
     ("Größe", "grösse"), ("ﬁnance", "finance"), ("area:payouts", "area:payouts")],
)  # fmt: skip
def test_a_tag_has_one_spelling(typed: str, tag: str) -> None:
    assert normal_tag(typed) == tag
    assert normal_tag(tag) == tag


@pytest.mark.parametrize("typed", ["", " - ", "a;b", "x" * 41, "<b>"])
def test_what_is_no_tag_is_refused(typed: str) -> None:
    with pytest.raises(TagRefused):
        normal_tag(typed)


def test_a_line_of_tags() -> None:
    assert tags_in("VIP, pay outs,,vip") == ["vip", "pay-outs"]


@pytest.mark.django_db
def test_tags_are_added_once_and_taken_off_once() -> None:
    case = make_case()
    for _ in range(2):
        case = tags.add_tags(case, ["VIP", "pay outs"], new=True, actor=SYSTEM)
    for _ in range(2):
        case = tags.remove_tags(case, ["Vip"], actor=SYSTEM)
    assert tags.tags_of(case) == ["pay-outs"]
    assert events(case, "case.tagged", "case.untagged") == [
        ("case.tagged", {"tags": ["vip", "pay-outs"]}),
        ("case.untagged", {"tags": ["vip"]}),
    ]


@pytest.mark.django_db
def test_an_unknown_tag_names_the_one_that_was_meant() -> None:
    case = make_case()
    tags.know_tag("refunds", actor=SYSTEM)
    with pytest.raises(TagRefused, match="Did you mean refunds"):
        tags.add_tags(case, ["refund"], actor=SYSTEM)
    tags.retire_tag("refunds", actor=SYSTEM)
    with pytest.raises(TagRefused):
        tags.add_tags(case, ["refunds"], actor=SYSTEM)
    assert tags.tags_of(case) == []
    assert tags.known_tags() == []


@pytest.mark.parametrize(
    ("kind", "allowed", "typed", "held"),
    [("number", [], " 1250.50 ", "1250.5"), ("number", [], "-0.0", "0"),
     ("number", [], "100", "100"),
     ("number", [], ".5", "0.5"), ("date", [], "2026-11-23", "2026-11-23"),
     ("yes_no", [], "Ja", "yes"), ("yes_no", [], "FALSE", "no"),
     ("choice", ["Live", "Test"], "live", "Live"), ("reference", ["po_"], "po_1Abc", "po_1Abc"),
     ("text", [], "  two words ", "two words"), ("text", [], "  ", "")],
)  # fmt: skip
def test_a_value_has_one_spelling(kind: str, allowed: list[str], typed: str, held: str) -> None:
    assert written(kind, "It", allowed, typed) == held
    assert written(kind, "It", allowed, held) == held


@pytest.mark.parametrize(
    ("kind", "allowed", "typed", "word"),
    [("number", [], "1.250,50", "point before the decimals"), ("number", [], "1e5", "number"),
     ("number", [], "NaN", "number"), ("number", [], "٣", "number"),
     ("date", [], "23.11.2026", "2026-11-23"),
     ("date", [], "2026-02-30", "date"), ("yes_no", [], "maybe", "yes or no"),
     ("choice", ["a", "b"], "c", "one of a, b"),
     ("reference", ["po_"], "ch_1Abc", "begin with po_"),
     ("reference", [], "two words", "without spaces"), ("text", [], "x" * 2001, "longer"),
     ("reference", [], "sk_live_" + "a1B2" * 8, "secret")],
)  # fmt: skip
def test_what_does_not_fit_says_what_would(
    kind: str, allowed: list[str], typed: str, word: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        written(kind, "It", allowed, typed)
    assert word in str(refused.value)


@pytest.fixture
def payouts(db: None) -> Queue:
    queue = Queue.objects.create(id="payouts", name="Payouts")
    fields.define_field("payout", label="Payout", kind="reference", allowed=["po_"], actor=SYSTEM)
    fields.offer_field("payout", queue, required=True, actor=SYSTEM)
    return queue


def test_a_field_belongs_to_its_queue(payouts: Queue) -> None:
    case = make_case()
    with pytest.raises(FieldRefused, match="no field 'payout'"):
        fields.set_field(case, "payout", "po_1Abc", actor=SYSTEM)
    case = move_to_queue(case, payouts, reason="", actor=SYSTEM)
    for _ in range(2):
        fields.set_field(case, "payout", "po_1Abc", actor=SYSTEM)
    data = {"field": "payout", "label": "Payout", "from": "", "to": "po_1Abc"}
    assert events(case, "case.field_set") == [("case.field_set", data)]
    # In another queue the value stays, is shown as not offered, and can only be emptied.
    case = move_to_queue(case, None, reason="", actor=SYSTEM)
    assert [(f.value, f.offered) for f in fields.fields_of(case)] == [("po_1Abc", False)]
    with pytest.raises(FieldRefused):
        fields.set_field(case, "payout", "po_2Abc", actor=SYSTEM)
    fields.set_field(case, "payout", "", actor=SYSTEM)
    assert fields.fields_of(case) == []


def test_several_values_are_set_together_or_not_at_all(payouts: Queue) -> None:
    fields.define_field("amount", label="Amount", kind="number", actor=SYSTEM)
    fields.offer_field("amount", None, actor=SYSTEM)
    case = move_to_queue(make_case(), payouts, reason="", actor=SYSTEM)
    with pytest.raises(FieldRefused):
        fields.set_fields(case, {"amount": "12", "payout": "nonsense!"}, actor=SYSTEM)
    assert all(not each.value for each in fields.fields_of(case))
    assert events(case, "case.field_set") == []


def test_a_required_field_is_asked_for_before_solving(payouts: Queue) -> None:
    case, agent = move_to_queue(make_case(), payouts, reason="", actor=SYSTEM), make_agent()
    with pytest.raises(FieldsMissing, match="Payout"):
        acts.solve_case(case, cause="x", actor=SYSTEM)
    with pytest.raises(FieldsMissing):
        acts.send_reply(case, "Done.", agent=agent, actor=SYSTEM, solve=True, hold_seconds=10)
    assert queries.messages_of(case).count() == 1
    acts.send_reply(case, "We look into it.", agent=agent, actor=SYSTEM)
    fields.set_field(case, "payout", "po_1Abc", actor=SYSTEM)
    assert acts.solve_case(case, cause="x", actor=SYSTEM).state == "solved"


def test_a_withdrawn_field_is_not_required(payouts: Queue) -> None:
    case = move_to_queue(make_case(), payouts, reason="", actor=SYSTEM)
    assert fields.missing_fields(case) == ["Payout"]
    assert fields.withdraw_field("payout", payouts, actor=SYSTEM)
    assert not fields.withdraw_field("payout", payouts, actor=SYSTEM)
    assert fields.missing_fields(case) == []


def test_a_definition_does_not_make_stored_values_wrong(payouts: Queue) -> None:
    fields.define_field("mode", label="Mode", kind="choice", allowed=["live", "test"], actor=SYSTEM)
    fields.offer_field("mode", None, actor=SYSTEM)
    fields.set_field(make_case(), "mode", "test", actor=SYSTEM)
    with pytest.raises(FieldRefused, match="Make another field"):
        fields.define_field("mode", label="Mode", kind="text", actor=SYSTEM)
    with pytest.raises(FieldRefused, match="'test' in Mode"):
        fields.define_field(
            "mode", label="Mode", kind="choice", allowed=["live", "x"], actor=SYSTEM
        )
    fields.define_field("mode", label="M", kind="choice", allowed=["test", "x"], actor=SYSTEM)


@pytest.mark.parametrize(
    ("field_id", "kind", "allowed"),
    [("Bad Id", "text", []), ("x", "colour", []), ("x", "choice", ["one"]), ("x", "text", ["a"])],
)
@pytest.mark.django_db
def test_a_definition_that_makes_no_sense_is_refused(
    field_id: str, kind: str, allowed: list[str]
) -> None:
    with pytest.raises(FieldRefused):
        fields.define_field(field_id, label="It", kind=kind, allowed=allowed, actor=SYSTEM)
