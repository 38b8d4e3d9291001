"""Keeping a diagnosis: findings with the rows that they cite, and the draft that follows.

And what specialists find themselves: saved queries, and evidence that they put into a case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from headwater.accounts.acts import start_verification
from headwater.accounts.errors import NoRegisteredAddress
from headwater.accounts.models import Agent
from headwater.accounts.queries import link_is_verified
from headwater.cases import acts as case_acts
from headwater.cases import queries as case_queries
from headwater.cases.models import Case, Message
from headwater.diagnosis import models, queries
from headwater.diagnosis.answers import (
    Answer,
    Reader,
    claimed_answer,
    incident_answer,
    unknown_answer,
    verified_answer,
)
from headwater.diagnosis.errors import InvestigationRefused
from headwater.diagnosis.handoff import Handoff, as_markdown
from headwater.diagnosis.values import Diagnosis, plain_row
from headwater.diagnosis.watch import acts as watch_acts
from headwater.diagnosis.watch.queries import problem_among
from headwater.evidence import acts as evidence_acts
from headwater.evidence.models import EvidenceSnapshot
from headwater.evidence.snapshots import from_json, types_of
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue

_ERASED = "The account's data was erased."


@dataclass(frozen=True, slots=True)
class Found:
    """What the engine gave for a case. `docs` come from the text alone, never from evidence."""

    diagnosis: Diagnosis
    text: str
    docs: Sequence[str]
    # Of the likeliest cause's page; "" without a cause.
    area: str = ""


def store_diagnosis(case_id: str, found: Found, *, actor: Actor) -> models.Diagnosis:
    """Keeps a diagnosis and drafts the answer that this sender may get.

    Who the sender is, is read again here: what was true when the engine started may have
    changed. If the case now belongs to another account, nothing is drafted from these findings.
    """
    with transaction.atomic():
        case = case_queries.standing_for(case_id)
        stored = _store(case, found.diagnosis)
        best = found.diagnosis.causes[0] if found.diagnosis.causes else None
        case_acts.record_diagnosis(
            case,
            diagnosis_id=stored.id,
            cause=best.playbook if best else "",
            probability=best.probability if best else None,
            area=found.area,
            actor=actor,
        )
        problem, _ = problem_among(found.diagnosis.causes)
        if problem is not None:
            watch_acts.link_case(problem, case, actor=actor)
        if case.state == Case.State.OURS:
            _draft(case, found, actor=actor)
    return stored


def keep_cited(message: Message, *, based_on: str) -> list[EvidenceSnapshot]:
    """Keeps the rows of every finding that a sent answer relies on: named by its draft, or quoted.

    Raises OSError where a snapshot cannot be written; the job then tries again.
    """
    who = message.agent.email if message.agent else "system"
    return [
        keep_finding(finding, message_id=message.id, who=who)
        for finding in queries.findings_cited(message, based_on=based_on)
    ]


def keep_finding(finding: models.Finding, *, message_id: str = "", who: str) -> EvidenceSnapshot:
    """Keeps a finding's rows for its case; without a message it is attached to the case."""
    types = types_of(finding.columns, finding.rows)
    rows = [
        [from_json(kind, row.get(name)) for name, kind in zip(finding.columns, types, strict=True)]
        for row in finding.rows
    ]
    cited = evidence_acts.Cited(finding.columns, types, rows, finding.run_id, finding.title)
    case_id = finding.diagnosis.case_id
    return evidence_acts.keep_snapshot(cited, case_id=case_id, message_id=message_id, who=who)


def escalate_case(case: Case, *, agent: Agent, actor: Actor) -> models.EngineeringHandoff:
    """Makes the hand-off from what is known of the case, keeps it, and lets Engineering have it.

    Raises InvestigationRefused before the first diagnosis, TransitionRefused for a solved case.
    """
    with transaction.atomic():
        stored = keep_handoff(case, agent=agent)
        case_acts.hand_to_engineering(case, handoff_id=stored.id, actor=actor)
    return stored


def keep_handoff(case: Case, *, agent: Agent) -> models.EngineeringHandoff:
    """The hand-off from what is known of the case; whose turn it is stays.

    Raises InvestigationRefused before the first diagnosis.
    """
    made = queries.handoff_of(case)
    if made is None:
        raise InvestigationRefused(
            "There is nothing to hand over yet: the case was not diagnosed.",
            param="case",
            hint="Wait for the diagnosis, or set the case to waiting on engineering.",
        )
    if made.cause.get("rows"):
        # Counting everybody whom the cause reaches takes longer than a page may.
        made = replace(made, reach={"pending": True})
    with transaction.atomic():
        stored = models.EngineeringHandoff.objects.create(
            case=case,
            agent=agent,
            made_at=utc_now(),
            page=as_markdown(made),
            content=made.as_dict(),
        )
        if made.reach is not None:
            enqueue("diagnosis.complete_handoff", {"handoff_id": stored.id}, max_attempts=3)
    return stored


def keep_completed(handoff_id: str, made: Handoff) -> None:
    """Keeps a hand-off with what was read for it meanwhile, unless it was erased."""
    with transaction.atomic():
        stored = models.EngineeringHandoff.objects.select_for_update().get(pk=handoff_id)
        if stored.content:
            stored.page, stored.content = as_markdown(made), made.as_dict()
            stored.save()


def erase_findings(account_id: str) -> int:
    """Removes one account's rows, and the words made of them, from stored findings; how many."""
    erased = 0
    with transaction.atomic():
        for finding in queries.findings_about(account_id):
            finding.rows = [row for row in finding.rows if row.get("account_id") != account_id]
            finding.evidence_ids, finding.reasons = [], []
            finding.explanation_user = finding.explanation_engineer = _ERASED
            finding.first_seen = finding.last_seen = None
            finding.save()
            erased += 1
        for rephrasing in queries.rephrasings_about(account_id):
            rephrasing.plain = rephrasing.text = rephrasing.received = _ERASED
            rephrasing.sent = []
            rephrasing.save()
            erased += 1
        for handoff in queries.handoffs_about(account_id):
            _erase_handoff(handoff, account_id)
            handoff.save()
            erased += 1
    return erased


def _erase_handoff(handoff: models.EngineeringHandoff, account_id: str) -> None:
    """Another account's hand-off only names this one among those that its cause reaches."""
    reach = handoff.content.get("reach")
    if handoff.case.account_id != account_id and reach:
        named = {
            name: [each for each in reach.get(name, ()) if each["account_id"] != account_id]
            for name in ("biggest", "first")
        }
        made = Handoff.from_dict({**handoff.content, "reach": {**reach, **named}})
        handoff.page, handoff.content = as_markdown(made), made.as_dict()
    if handoff.case.account_id == account_id or account_id in handoff.page:
        handoff.page, handoff.content = _ERASED, {}


def _store(case: Case, diagnosis: Diagnosis) -> models.Diagnosis:
    plain = diagnosis.as_dict()
    stored = models.Diagnosis.objects.create(
        case=case,
        made_at=utc_now(),
        window_start=_aware(diagnosis.searched.window_start),
        window_end=_aware(diagnosis.searched.window_end),
        searched=plain["searched"],
        ruled_out=plain["ruled_out"],
        none_probability=diagnosis.none_probability,
        suggested=[each.as_dict() for each in diagnosis.suggested],
        ask=plain["ask"],
        weighed={name: dict(values) for name, values in diagnosis.weighed.items()},
    )
    models.Finding.objects.bulk_create(
        models.Finding(
            diagnosis=stored,
            rank=rank,
            playbook=cause.playbook,
            title=cause.title,
            modes=list(cause.modes),
            probability=cause.probability,
            first_seen=_aware(cause.first_seen),
            last_seen=_aware(cause.last_seen),
            evidence_ids=list(cause.evidence_ids),
            columns=list(cause.columns),
            rows=[plain_row(row) for row in cause.rows],
            sql=cause.sql,
            explanation_user=cause.explanation_user,
            explanation_engineer=cause.explanation_engineer,
            what_to_do=cause.what_to_do,
            docs=list(cause.docs),
            reasons=[reason.as_dict() for reason in cause.reasons],
            run_id=cause.run_id,
        )
        for rank, cause in enumerate(diagnosis.causes, start=1)
    )
    return stored


def _draft(case: Case, found: Found, *, actor: Actor) -> None:
    answer = _answer(case, found, actor=actor)
    if answer is not None:
        case_acts.save_draft(
            case, answer.body, based_on=answer.based_on, author="system", actor=actor
        )


def _answer(case: Case, found: Found, *, actor: Actor) -> Answer | None:
    reader = Reader(case.person.name, found.text, settings.HEADWATER_PRODUCT_NAME)
    account = case.account
    if account is None:
        return unknown_answer(reader, found.docs)
    if case.identity == Case.Identity.VERIFIED and link_is_verified(case.person, account):
        if found.diagnosis.account_id not in (account.id, None):
            return None  # the account changed meanwhile; the next diagnosis is on its way
        problem, is_incident = problem_among(found.diagnosis.causes)
        if problem is not None and is_incident and problem.onset_at is not None:
            return incident_answer(reader, problem.onset_at)
        return verified_answer(reader, found.diagnosis, queries.earlier_answers(case))
    try:
        asked = start_verification(case.person, account, actor=actor, case_id=case.id)
    except NoRegisteredAddress:
        return unknown_answer(reader, found.docs)
    return claimed_answer(reader, found.docs, link_mailed=asked != "withheld")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FoundRows:
    """Rows of one recorded query, and how it was asked. `ran_at` is aware.

    `personal` says that they hold personal data unmasked.
    """

    cited: evidence_acts.Cited
    ran_at: datetime
    sql: str
    params: Mapping[str, str]
    accounts: Sequence[str] | None
    truncated: bool
    personal: bool = False


def attach_evidence(
    case: Case, found: FoundRows, *, title: str, note: str, agent: Agent, actor: Actor
) -> models.CaseEvidence:
    """Keeps the rows with the case and tells its log. Attaching a run twice gives the first.

    Raises InvestigationRefused without a title.
    """
    title = " ".join(title.split())[:300]
    if not title:
        raise InvestigationRefused(
            "Evidence needs a title.", param="title", hint="Say in a few words what it shows."
        )
    cited = replace(found.cited, title=title)
    with transaction.atomic():
        snapshot = evidence_acts.keep_snapshot(
            cited, case_id=case.id, message_id="", who=agent.email
        )
        stored, fresh = models.CaseEvidence.objects.get_or_create(
            case=case,
            run_id=cited.run_id,
            defaults={
                "agent": agent,
                "attached_at": utc_now(),
                "title": title,
                "note": note.strip(),
                "sql": found.sql,
                "params": dict(found.params),
                "accounts": None if found.accounts is None else list(found.accounts),
                "snapshot": snapshot,
                "truncated": found.truncated,
                "personal": found.personal,
                "ran_at": found.ran_at,
            },
        )
        if fresh:
            case_acts.record_evidence(case, evidence_id=stored.id, title=title, actor=actor)
    return stored


def save_query(
    name: str, sql: str, params: Mapping[str, str], *, agent: Agent
) -> models.SavedQuery:
    """The query under its name; who saved it first may save it anew.

    Raises InvestigationRefused without a name, or where the name is a colleague's.
    """
    name = " ".join(name.split())[:120]
    if not name:
        raise InvestigationRefused("A saved query needs a name.", param="name")
    with transaction.atomic():
        known = models.SavedQuery.objects.filter(name__iexact=name).select_related("agent").first()
        if known is not None and known.agent_id != agent.id:
            raise InvestigationRefused(
                f"{known.agent.name} already saved a query named {known.name}.",
                param="name",
                hint="Choose another name.",
            )
        stored = known or models.SavedQuery(agent=agent)
        stored.name, stored.sql, stored.params = name, sql, dict(params)
        stored.saved_at = utc_now()
        stored.save()
    return stored


def drop_saved_query(saved_id: str, *, agent: Agent) -> None:
    """Forgets a query that this agent saved; a colleague's stays."""
    models.SavedQuery.objects.filter(pk=saved_id, agent=agent).delete()
