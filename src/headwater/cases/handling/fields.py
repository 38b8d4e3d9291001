"""Fields of our own: which there are, which queue has them, and what a case holds in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from headwater.cases import ledger, rules
from headwater.cases.handling.arranging import changed_by
from headwater.cases.handling.errors import FieldRefused, FieldsMissing
from headwater.cases.handling.models import CaseField, FieldOffer, FieldValue
from headwater.cases.handling.values import written
from headwater.cases.models import Case, Queue
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Filled:
    """A field as one case has it. `offered` is False for a value from an earlier queue."""

    field: CaseField
    value: str
    required: bool
    offered: bool


def define_field(
    field_id: str, *, label: str, kind: str, allowed: Sequence[str] = (), actor: Actor
) -> CaseField:
    """Makes a field, or changes its label and what it allows; no queue has it by that alone.

    Raises FieldRefused, also where cases hold values that the change would make wrong.
    """
    allowed = list(dict.fromkeys(rules.one_line(each, 100) for each in allowed if each.strip()))
    label = rules.one_line(label, 100)
    _check_definition(field_id, label, kind, allowed)
    with transaction.atomic():
        old = CaseField.objects.select_for_update().filter(pk=field_id).first()
        if old is not None:
            _check_change(old, kind, allowed)
        field, _ = CaseField.objects.update_or_create(
            id=field_id,
            defaults={
                "label": label,
                "kind": kind,
                "allowed": allowed,
                "is_active": True,
                **changed_by(actor),
            },
        )
    return field


def _check_definition(field_id: str, label: str, kind: str, allowed: Sequence[str]) -> None:
    if not _NAME.fullmatch(field_id) or len(field_id) > 40:
        raise FieldRefused(
            f"{field_id!r} is no id of a field.",
            param="id",
            hint="Use up to 40 small letters, digits and hyphens, such as api-version.",
        )
    if not label:
        raise FieldRefused("The field has no label.", param="label", hint="Write what it holds.")
    if kind not in CaseField.Kind.values:
        raise FieldRefused(
            f"{kind!r} is no kind of field.",
            param="kind",
            hint=f"Choose one of {', '.join(CaseField.Kind.values)}.",
        )
    if kind == CaseField.Kind.CHOICE and len(allowed) < 2:
        raise FieldRefused(
            f"{label} is a choice with nothing to choose.",
            param="allowed",
            hint="Name at least two choices.",
        )
    if allowed and kind not in (CaseField.Kind.CHOICE, CaseField.Kind.REFERENCE):
        raise FieldRefused(
            f"A field of the kind {kind} allows everything of that kind.",
            param="allowed",
            hint="Leave that out, or make it a choice.",
        )


def _check_change(old: CaseField, kind: str, allowed: Sequence[str]) -> None:
    values = FieldValue.objects.filter(field=old)
    if old.kind != kind and values.exists():
        raise FieldRefused(
            f"Cases hold values of {old.label}, which is a {old.get_kind_display().lower()}.",
            param="kind",
            hint="Make another field.",
        )
    if kind == CaseField.Kind.CHOICE:
        gone = set(old.allowed) - set(allowed)
        held = values.filter(value__in=gone).values_list("value", flat=True).first()
        if held is not None:
            raise FieldRefused(
                f"Cases hold {held!r} in {old.label}.",
                param="allowed",
                hint="Keep that choice, or change those cases first.",
            )


def offer_field(
    field_id: str,
    queue: Queue | None,
    *,
    actor: Actor,
    required: bool = False,
    position: int = 0,
) -> FieldOffer:
    """The cases of the queue have the field (None: all cases). Repeatable, the last call holds.

    With `required` a case is not solved before it is filled in.
    """
    offer, _ = FieldOffer.objects.update_or_create(
        field=field_named(field_id),
        queue=queue,
        defaults={
            "required": required,
            "position": position,
            "is_active": True,
            **changed_by(actor),
        },
    )
    return offer


def withdraw_field(field_id: str, queue: Queue | None, *, actor: Actor) -> bool:
    """The queue no longer has the field; values stay. False where it had not."""
    offers = FieldOffer.objects.filter(field=field_named(field_id), queue=queue, is_active=True)
    return bool(offers.update(is_active=False, **changed_by(actor)))


def set_field(case: Case, field_id: str, text: str, *, actor: Actor) -> Case:
    """What stands in a field of the case; "" empties it. Repeatable.

    Raises FieldRefused where the case's queue has no such field or the value does not fit.
    """
    return set_fields(case, {field_id: text}, actor=actor)


def set_fields(case: Case, texts: dict[str, str], *, actor: Actor) -> Case:
    """As `set_field` for several at once: all of them, or none."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        known = {each.field.pk: each for each in fields_of(case)}
        facts: list[ledger.Fact] = []
        for field_id, text in texts.items():
            filled = known.get(field_id)
            if filled is None or (text.strip() and not filled.offered):
                raise _not_here(field_id, case)
            field = filled.field
            value = written(field.kind, field.label, field.allowed, text)
            if value == filled.value:
                continue
            _store(case, field, value)
            data = {"field": field_id, "label": field.label, "from": filled.value, "to": value}
            facts.append(("case.field_set", data))
        if facts:
            ledger.record(case, facts, actor=actor, at=ledger.moment_for(case, utc_now()))
    return case


def _store(case: Case, field: CaseField, value: str) -> None:
    if not value:
        FieldValue.objects.filter(case=case, field=field).delete()
        return
    FieldValue.objects.update_or_create(
        case=case, field=field, defaults={"value": value, "set_at": utc_now()}
    )


def require_filled(case: Case) -> None:
    """Raises FieldsMissing where a field is empty that the case's queue requires."""
    missing = missing_fields(case)
    if missing:
        raise FieldsMissing(missing)


def missing_fields(case: Case) -> list[str]:
    """Labels of the empty fields without which the case is not solved."""
    return [each.field.label for each in fields_of(case) if each.required and not each.value]


def missing_of_cases(cases: Iterable[Case], *, queue: str | None = None) -> dict[str, list[str]]:
    """As `missing_fields` for many cases by id, in two queries; `queue`: were they in it."""
    cases = list(cases)
    rows = FieldOffer.objects.filter(required=True, is_active=True, field__is_active=True)
    required = list(rows.select_related("field").order_by("position", "field__label", "id"))
    if not required:
        return {}
    held = values_of_cases(case.pk for case in cases)
    found: dict[str, list[str]] = {}
    for case in cases:
        place = case.queue_id if queue is None else queue
        labels = [
            offer.field.label
            for offer in required
            if offer.queue_id in (None, place) and offer.field_id not in held.get(case.pk, {})
        ]
        if labels:
            found[case.pk] = list(dict.fromkeys(labels))
    return found


def fields_of(case: Case) -> list[Filled]:
    """The fields that the case has in its queue, in their order, then values of earlier queues."""
    offers = _offers_to(case)
    values = {
        each.field_id: each
        for each in FieldValue.objects.filter(case=case).select_related("field").order_by("field")
    }
    found = [
        Filled(
            field=field,
            value=values[field.pk].value if field.pk in values else "",
            required=any(each.required for each in offered),
            offered=True,
        )
        for field, offered in offers
    ]
    here = {each.field.pk for each in found}
    found += [
        Filled(field=each.field, value=each.value, required=False, offered=False)
        for each in values.values()
        if each.field_id not in here
    ]
    return found


def _offers_to(case: Case) -> list[tuple[CaseField, list[FieldOffer]]]:
    wanted = Q(queue__isnull=True)
    if case.queue_id is not None:
        wanted |= Q(queue_id=case.queue_id)
    rows = FieldOffer.objects.filter(wanted, is_active=True, field__is_active=True).select_related(
        "field"
    )
    grouped: dict[str, tuple[CaseField, list[FieldOffer]]] = {}
    for offer in rows.order_by("position", "field__label", "id"):
        grouped.setdefault(offer.field_id, (offer.field, []))[1].append(offer)
    return list(grouped.values())


def field_named(field_id: str) -> CaseField:
    """The field of that id. Raises FieldRefused."""
    field = CaseField.objects.filter(pk=field_id).first()
    if field is None:
        raise FieldRefused(
            f"There is no field {field_id!r}.", param="field", hint="Make it known first."
        )
    return field


def all_fields() -> list[tuple[CaseField, list[FieldOffer]]]:
    """Every field with the queues that have it."""
    rows = CaseField.objects.order_by("id").prefetch_related("offers__queue")
    return [(field, [offer for offer in field.offers.all() if offer.is_active]) for field in rows]


def values_of_cases(case_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """What stands in the fields of many cases, by case id and field id, in one query."""
    found: dict[str, dict[str, str]] = {}
    rows = FieldValue.objects.filter(case_id__in=list(case_ids))
    for case_id, field_id, value in rows.values_list("case_id", "field_id", "value"):
        found.setdefault(case_id, {})[field_id] = value
    return found


def _not_here(field_id: str, case: Case) -> FieldRefused:
    here = [each.field.pk for each in fields_of(case) if each.offered]
    return FieldRefused(
        f"This case has no field {field_id!r}.",
        param="field",
        hint=f"It has {', '.join(here)}." if here else "No field is offered to its queue.",
    )
