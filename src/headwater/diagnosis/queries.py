"""Reads of stored diagnoses. Whoever may see the case may see them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from headwater.cases.models import Case, Message
from headwater.cases.queries import ids_of, messages_of
from headwater.diagnosis.answers import Earlier
from headwater.diagnosis.handoff import Handoff, Moment, make_handoff
from headwater.diagnosis.learning import Choice
from headwater.diagnosis.models import (
    CaseEvidence,
    Diagnosis,
    EngineeringHandoff,
    Finding,
    Rephrasing,
    SavedQuery,
)
from headwater.diagnosis.values import iso
from headwater.kit.clock import as_naive_utc, utc_now

# A complaint after so long is a new one, and its answer is given in full.
_EARLIER: Final = timedelta(days=14)
_ANSWERS_READ: Final = 20
_MESSAGES: Final[dict[str, str]] = {
    Message.Kind.USER: "the user wrote",
    Message.Kind.REPLY: "we answered",
}


def latest_diagnosis(case: Case) -> Diagnosis | None:
    """The newest diagnosis of a case with its findings, best first."""
    return diagnoses_of(case).first()


def diagnoses_of(case: Case) -> QuerySet[Diagnosis]:
    """Every diagnosis of a case, newest first, findings at hand."""
    findings = Prefetch("findings", queryset=Finding.objects.order_by("rank"))
    return (
        Diagnosis.objects.filter(case=case).order_by("-made_at", "-id").prefetch_related(findings)
    )


def findings_cited(message: Message, *, based_on: str) -> list[Finding]:
    """The findings that a sent message relies on, each playbook's as it was when it was sent.

    A finding counts when the message's draft was based on its playbook, or when the message
    quotes one of its ids.
    """
    cited: dict[str, Finding] = {}
    known = diagnoses_of(message.case).filter(made_at__lte=message.created_at)
    for diagnosis in known:
        for finding in diagnosis.findings.all():
            quoted = any(each in message.body for each in finding.evidence_ids)
            if quoted or finding.playbook == based_on:
                cited.setdefault(finding.playbook, finding)
    return list(cited.values())


def closed_choices(limit: int = 2_000) -> list[Choice]:
    """What solved cases teach the ranking, newest first: what matched, and which was the cause.

    A case counts when a person named its cause and something had matched. Causes that did not
    match, or that no playbook knows, count as none of those that did.
    """
    latest = Diagnosis.objects.filter(case=OuterRef("pk")).order_by("-made_at", "-id")
    solved = (
        Case.objects.filter(state=Case.State.SOLVED)
        .exclude(cause="")
        .annotate(weighed=Subquery(latest.values("weighed")[:1]))
        .order_by("-solved_at", "-id")
    )
    found: list[Choice] = []
    for case in solved.iterator(chunk_size=500):
        weighed = _as_mapping(case.weighed)
        # PostgreSQL keeps the keys of JSON in an order of its own. What older versions kept has
        # no entry for no cause.
        names = sorted(name for name in weighed if name)
        options = (*(weighed[name] for name in names), weighed.get("", {"none": 1.0}))
        if names:
            true = tuple(n for n, name in enumerate(names) if name == case.cause)
            found.append(Choice(options, true))
        if len(found) >= limit:
            break
    return found


def _as_mapping(value: object) -> dict[str, dict[str, float]]:
    # A JSON column read through a subquery comes back as text on some stores.
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}


def evidence_of(case: Case) -> QuerySet[CaseEvidence]:
    """What specialists put into the case, newest first."""
    found = CaseEvidence.objects.filter(case__in=ids_of(case)).select_related("agent", "snapshot")
    return found.order_by("-attached_at")


def saved_queries() -> QuerySet[SavedQuery]:
    """Every saved query of the team by name."""
    return SavedQuery.objects.select_related("agent").order_by("name")


def findings_about(account_id: str) -> Iterator[Finding]:
    """Every stored finding with rows of an account, or of a case that was taken to be its own."""
    # Rows are JSON, in which SQLite cannot search: all are looked at, which is rare and complete.
    for finding in Finding.objects.select_related("diagnosis__case").iterator(chunk_size=500):
        own = finding.diagnosis.case.account_id == account_id and bool(finding.rows)
        if own or any(row.get("account_id") == account_id for row in finding.rows):
            yield finding


def earlier_answers(case: Case) -> list[Earlier]:
    """What the case's account was told in the days before, by the findings that replies quote.

    Only replies that name an id of a finding count: what an agent wrote otherwise may have been
    about anything. Empty for a case without an account.
    """
    if case.account_id is None:
        return []
    sent = Message.objects.filter(
        case__account_id=case.account_id,
        kind=Message.Kind.REPLY,
        created_at__gte=utc_now() - _EARLIER,
    ).select_related("case")
    return [
        Earlier(finding.playbook, as_naive_utc(message.created_at))
        for message in sent.order_by("-created_at")[:_ANSWERS_READ]
        for finding in findings_cited(message, based_on="")
    ]


def handoff_of(case: Case) -> Handoff | None:
    """What Engineering would be given now: the latest diagnosis and the story of the case.

    None before the first diagnosis. Notes stay with the team, and rows that a specialist attached
    are named only, because somebody may see them who may not see personal data.
    """
    diagnosis = latest_diagnosis(case)
    if diagnosis is None:
        return None
    written = [each for each in messages_of(case) if each.kind == Message.Kind.USER]
    moments = [
        *(Moment(iso(each.created_at), _MESSAGES[each.kind])
          for each in messages_of(case) if each.kind in _MESSAGES),
        *(Moment(iso(each.attached_at), f"evidence attached: {each.title} ({each.run_id})")
          for each in evidence_of(case)),
    ]  # fmt: skip
    return make_handoff(
        _plain(diagnosis),
        subject=case.subject,
        user_words="\n\n".join(each.body for each in written),
        timeline=moments,
    )


def handoffs_of(case: Case) -> QuerySet[EngineeringHandoff]:
    """What Engineering got for a case, newest first."""
    return EngineeringHandoff.objects.filter(case=case).select_related("agent")


def latest_rephrasing(case: Case) -> Rephrasing | None:
    """The newest rephrasing of a case's draft."""
    return Rephrasing.objects.filter(case=case).order_by("-asked_at", "-id").first()


def rephrasing_by_id(rephrasing_id: str) -> Rephrasing | None:
    """One rephrasing with its case."""
    return Rephrasing.objects.select_related("case").filter(pk=rephrasing_id).first()


def rephrasings_about(account_id: str) -> Iterator[Rephrasing]:
    """Every stored rephrasing of an account's cases, or that names it."""
    for each in Rephrasing.objects.select_related("case").iterator(chunk_size=500):
        if each.case.account_id == account_id or account_id in each.plain:
            yield each


def handoff_by_id(handoff_id: str) -> EngineeringHandoff | None:
    """One stored hand-off."""
    return EngineeringHandoff.objects.filter(pk=handoff_id).first()


def handoffs_about(account_id: str) -> Iterator[EngineeringHandoff]:
    """Every stored hand-off that speaks of an account."""
    every = EngineeringHandoff.objects.select_related("case")
    for handoff in every.iterator(chunk_size=500):
        if account_id in handoff.page:
            yield handoff


def _plain(diagnosis: Diagnosis) -> dict[str, Any]:
    """A stored diagnosis in the form of `values.Diagnosis.as_dict`."""
    causes = [
        {
            "playbook": each.playbook,
            "title": each.title,
            "modes": each.modes,
            "probability": each.probability,
            "evidence_ids": each.evidence_ids,
            "first_seen": iso(each.first_seen) if each.first_seen else None,
            "last_seen": iso(each.last_seen) if each.last_seen else None,
            "explanation": {
                "user": each.explanation_user,
                "engineer": each.explanation_engineer,
            },
            "docs": each.docs,
            "sql": each.sql,
            "rows": each.rows,
            "what_to_do": each.what_to_do,
        }
        for each in diagnosis.findings.all()
    ]
    return {
        "case_id": diagnosis.case_id,
        "account_id": diagnosis.case.account_id,
        "causes": causes,
        "ruled_out": diagnosis.ruled_out,
        "searched": diagnosis.searched,
        "none_probability": diagnosis.none_probability,
    }
