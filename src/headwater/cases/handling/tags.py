"""Tags: the list of known ones, and which cases carry them."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count

from headwater.cases import ledger
from headwater.cases.handling.arranging import changed_by
from headwater.cases.handling.errors import TagRefused
from headwater.cases.handling.models import CaseTag, Tag
from headwater.cases.handling.words import near, normal_tag
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def know_tag(name: str, *, actor: Actor) -> Tag:
    """Puts a tag on the list, also one that was retired. Repeatable. Raises TagRefused."""
    name = normal_tag(name)
    known = Tag.objects.filter(pk=name, is_active=True).first()
    return known or _arrange(name, active=True, actor=actor)


def retire_tag(name: str, *, actor: Actor) -> Tag:
    """No case can get it any more; those that carry it keep it. Raises TagRefused."""
    name = normal_tag(name)
    if not Tag.objects.filter(pk=name).exists():
        raise TagRefused(f"There is no tag {name}.", param="tag", hint="See the list of tags.")
    return _arrange(name, active=False, actor=actor)


def _arrange(name: str, *, active: bool, actor: Actor) -> Tag:
    tag, _ = Tag.objects.update_or_create(
        id=name, defaults={"is_active": active, **changed_by(actor)}
    )
    return tag


def add_tags(case: Case, names: Iterable[str], *, actor: Actor, new: bool = False) -> Case:
    """The case carries these tags too. Repeatable.

    A tag that is not known is refused with TagRefused, unless `new` puts it on the list.
    """
    wanted = list(dict.fromkeys(normal_tag(name) for name in names))
    with transaction.atomic():
        case = ledger.lock(case.pk)
        carried = set(tags_of(case))
        added = [tag for tag in wanted if tag not in carried]
        for tag in added:
            if new:
                know_tag(tag, actor=actor)
        check_known(added)
        if not added:
            return case
        at = ledger.moment_for(case, utc_now())
        CaseTag.objects.bulk_create([CaseTag(case=case, tag_id=tag, added_at=at) for tag in added])
        ledger.record(case, [("case.tagged", {"tags": added})], actor=actor, at=at)
    return case


def remove_tags(case: Case, names: Iterable[str], *, actor: Actor) -> Case:
    """The case no longer carries them; those that it does not carry are passed over."""
    wanted = list(dict.fromkeys(normal_tag(name) for name in names))
    with transaction.atomic():
        case = ledger.lock(case.pk)
        carried = set(tags_of(case))
        removed = [tag for tag in wanted if tag in carried]
        if not removed:
            return case
        CaseTag.objects.filter(case=case, tag_id__in=removed).delete()
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("case.untagged", {"tags": removed})], actor=actor, at=at)
    return case


def check_known(tags: Sequence[str]) -> None:
    """Raises TagRefused, which names the nearest known tags, for the first that is not known."""
    known = set(Tag.objects.filter(pk__in=tags, is_active=True).values_list("id", flat=True))
    for tag in tags:
        if tag not in known:
            like = near(tag, known_tags())
            raise TagRefused(
                f"The tag {tag} is not known.",
                param="tag",
                hint=f"Did you mean {' or '.join(like)}?" if like else "Make it known first.",
            )


def known_tags() -> list[str]:
    """The tags that cases can get, by name."""
    return list(Tag.objects.filter(is_active=True).order_by("id").values_list("id", flat=True))


def tag_counts() -> list[tuple[str, bool, int]]:
    """Every tag with whether it is in use still, and how many cases carry it."""
    rows = Tag.objects.annotate(n=Count("case_tags")).order_by("id")
    return list(rows.values_list("id", "is_active", "n"))


def tags_of(case: Case) -> list[str]:
    """What the case carries, by name."""
    rows = CaseTag.objects.filter(case=case).order_by("tag_id")
    return list(rows.values_list("tag_id", flat=True))


def tags_of_cases(case_ids: Iterable[str]) -> dict[str, list[str]]:
    """The tags of many cases by case id, in one query."""
    found: dict[str, list[str]] = {}
    rows = CaseTag.objects.filter(case_id__in=list(case_ids)).order_by("tag_id")
    for case_id, tag in rows.values_list("case_id", "tag_id"):
        found.setdefault(case_id, []).append(tag)
    return found
