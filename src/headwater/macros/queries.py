"""Reads of the library, and what a case knows of the places in its texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from headwater.accounts.models import Agent
from headwater.cases import rules
from headwater.cases.handling.fields import all_fields, values_of_cases
from headwater.cases.models import Case
from headwater.diagnosis.models import Finding
from headwater.diagnosis.queries import latest_diagnosis
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.macros.cited import finding_values
from headwater.macros.contents import spoken, text_for
from headwater.macros.errors import CannotUse, NotInLibrary
from headwater.macros.filling import FIELD, FINDING, fill, needed
from headwater.macros.models import LibraryEntry, LibraryUse, LibraryVersion

ANSWER = LibraryEntry.Kind.ANSWER
MACRO = LibraryEntry.Kind.MACRO


@dataclass(frozen=True, slots=True)
class Offered:
    """An answer as it would read in a case; `problem` says why it cannot be used there."""

    entry: LibraryEntry
    language: str
    languages: list[str]
    text: str
    # Whether it says what a finding says.
    cites: bool
    problem: str = ""


def entries(kind: str, words: str = "", *, retired: bool = False) -> list[LibraryEntry]:
    """The library by title, each with `used`, how often it was; those that hold all `words`."""
    counted = Count("uses", filter=Q(uses__undone_at__isnull=True))
    rows = LibraryEntry.objects.filter(kind=kind, version__gt=0).annotate(used=counted)
    if not retired:
        rows = rows.filter(is_active=True)
    wanted = words.casefold().split()
    found = rows.order_by("title", "name")
    return [each for each in found if all(word in _searched(each) for word in wanted)]


def _searched(entry: LibraryEntry) -> str:
    texts = entry.content.get("texts") or {}
    return " ".join([entry.name, entry.title, *texts.values()]).casefold()


def entry_named(kind: str, name: str) -> LibraryEntry:
    """The entry of that name, in use or not, with `used`. Raises NotInLibrary."""
    counted = Count("uses", filter=Q(uses__undone_at__isnull=True))
    rows = LibraryEntry.objects.filter(kind=kind, name=name, version__gt=0)
    found = rows.annotate(used=counted).first()
    if found is None:
        raise NotInLibrary(
            f"There is no {LibraryEntry.Kind(kind).label.lower()} {name!r}.",
            param="name",
            hint=f"See `headwater {kind}s list`.",
        )
    return found


def in_use(kind: str, name: str) -> LibraryEntry:
    """As `entry_named`; raises CannotUse for one that is retired."""
    found = entry_named(kind, name)
    if not found.is_active:
        raise CannotUse(f"“{found.title}” is no longer used.", param="name", hint="Choose another.")
    return found


def versions_of(entry: LibraryEntry) -> list[LibraryVersion]:
    """Every version, newest first."""
    return list(entry.versions.order_by("-number"))


def texts_of(entry: LibraryEntry) -> dict[str, str]:
    """What an entry can write, by language; of a macro also the texts of the answer it names."""
    name = entry.content.get("answer")
    if name is not None:
        named = LibraryEntry.objects.filter(kind=ANSWER, name=name).first()
        return dict(named.content["texts"]) if named else {}
    return dict(entry.content.get("texts", {}))


def findings_to_cite(case: Case, texts: Mapping[str, str]) -> list[Finding]:
    """The findings that one of these texts may cite in the case; none where it cites none."""
    if case.identity != Case.Identity.VERIFIED or not cites(texts):
        return []
    diagnosis = latest_diagnosis(case)
    return list(diagnosis.findings.all()) if diagnosis else []


def uses_of(entry: LibraryEntry, most: int = 50) -> list[LibraryUse]:
    """The latest uses, newest first, each with its case."""
    return list(entry.uses.select_related("case").order_by("-used_at", "-pk")[:most])


def use_by_id(use_id: str) -> LibraryUse:
    """One use with its entry and case. Raises NotInLibrary."""
    found = LibraryUse.objects.select_related("entry", "case").filter(pk=use_id).first()
    if found is None:
        raise NotInLibrary(f"Nothing was used as {use_id}.", param="use", hint="Check the id.")
    return found


def uses_on(case: Case, most: int = 20) -> list[LibraryUse]:
    """What was used on a case, newest first, without the parts of macros."""
    rows = LibraryUse.objects.filter(case=case, part_of__isnull=True).select_related("entry")
    return list(rows.order_by("-used_at", "-pk")[:most])


def uses_about(account_id: str) -> QuerySet[LibraryUse]:
    """The uses on cases of an account."""
    return LibraryUse.objects.filter(case__account_id=account_id)


def agent_name(agent_id: str) -> str:
    """What an agent is called, active or not."""
    found = Agent.objects.filter(pk=agent_id).values_list("name", flat=True).first()
    return found or agent_id


def field_ids() -> list[str]:
    """The ids of fields that a text may name."""
    return [field.pk for field, _offers in all_fields() if field.is_active]


def finding_of(case: Case, rank: int) -> Finding:
    """The finding that a text may cite. Raises CannotUse where it may cite none.

    Identity before evidence: an unverified sender gets no facts.
    """
    if case.identity != Case.Identity.VERIFIED:
        raise CannotUse(
            "The sender is not verified, so no finding may be sent.",
            param="finding",
            hint="Ask for the confirmation first.",
        )
    diagnosis = latest_diagnosis(case)
    found = [each for each in diagnosis.findings.all() if each.rank == rank] if diagnosis else []
    if not found:
        raise CannotUse(
            f"This case has no finding {rank}.", param="finding", hint="Choose one that it has."
        )
    return found[0]


def values_for(
    case: Case, agent: Agent | None, names: Iterable[str], finding: Finding | None
) -> dict[str, str]:
    """What the case says of these names, on one line each but for findings; "" is not known."""
    account, person, wanted = case.account, case.person, set(names)
    found = {
        "person.name": person.name,
        "person.first_name": person.name.split(" ")[0] if person.name else "",
        "person.email": person.email,
        "account.name": account.name if account else "",
        "account.id": account.pk if account else "",
        "account.country": account.country if account else "",
        "account.tier": account.tier if account else "",
        "case.id": case.pk,
        "case.subject": case.subject,
        "case.opened": case.opened_at.date().isoformat(),
        "agent.name": agent.name if agent else "",
        "agent.first_name": agent.get_short_name() if agent else "",
        "today": utc_now().date().isoformat(),
    }
    if case.identity != Case.Identity.VERIFIED:
        # Whoever only claims an account is not told what it is called.
        found |= {name: "" for name in found if name.startswith("account.")}
    if any(name.startswith(FIELD) for name in wanted):
        held = values_of_cases([case.pk]).get(case.pk, {})
        found |= {FIELD + name: value for name, value in held.items()}
    found = {name: rules.one_line(value, 2_000) for name, value in found.items()}
    return found | (finding_values(finding) if finding is not None else {})


def cites(texts: Mapping[str, str] | Sequence[str]) -> bool:
    """Whether a text has a place for what a finding says."""
    listed = texts.values() if isinstance(texts, Mapping) else texts
    return any(name.startswith(FINDING) for name in needed(listed))


def offered(case: Case, agent: Agent, words: str = "", most: int = 30) -> tuple[list[Offered], int]:
    """The answers that hold `words` as they would read in the case, the most used first; of how
    many. A fixed number of queries, however many there are."""
    found = sorted(entries(ANSWER, words), key=lambda each: -each.used)  # type: ignore[attr-defined]
    shown = found[:most]
    texts = [text_for(each.content["texts"], case.language) for each in shown]
    finding: Finding | None = None
    why = ""
    if cites([text for _language, text in texts]):
        try:
            finding = finding_of(case, 1)
        except HeadwaterError as refusal:
            why = refusal.message
    values = values_for(case, agent, needed(text for _language, text in texts), finding)
    told = []
    for entry, (language, text) in zip(shown, texts, strict=True):
        citing = cites([text])
        problem = why if citing else ""
        if not problem:
            try:
                text = fill(text, values)
            except HeadwaterError as refusal:
                problem = refusal.message
        told.append(Offered(entry, language, spoken(entry.content["texts"]), text, citing, problem))
    return told, len(found)
