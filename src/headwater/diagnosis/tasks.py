"""Diagnosing a case in the background."""

import atexit
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from headwater.cases import queries as case_queries
from headwater.cases.models import Case, Message
from headwater.diagnosis import acts, queries
from headwater.diagnosis.asking import load_questions
from headwater.diagnosis.base_rates import StoredBaseRates
from headwater.diagnosis.engine import Engine
from headwater.diagnosis.handing_over import completed
from headwater.diagnosis.handoff import Handoff
from headwater.diagnosis.learned import current_weights, stamp
from headwater.diagnosis.playbooks import Playbook, load_playbooks
from headwater.diagnosis.text import TextIndex
from headwater.diagnosis.values import CaseInput
from headwater.diagnosis.watch.queries import wrote_in
from headwater.evidence.acts import keep_runs, run_spool
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose
from headwater.kit.actors import Actor
from headwater.kit.jobs.registry import Effects, Payload, job

_DOCS_SHOWN = 2


@dataclass(slots=True)
class Reading:
    """One evidence store, warm for the life of the worker process, and what reads it."""

    location: str
    learned: int
    store: EvidenceStore
    fingerprint: str
    engine: Engine
    playbooks: dict[str, Playbook]
    texts: TextIndex


_reading: Reading | None = None


@job("diagnosis.diagnose_case", atomic=False)
def diagnose_case(payload: Payload) -> Effects | None:
    """Looks for the cause of a case and drafts the answer. A later message starts it again."""
    case = case_queries.standing_for(payload["case_id"])
    written = [
        message for message in case_queries.messages_of(case) if message.kind == Message.Kind.USER
    ]
    if not written:
        return None
    text = f"{case.subject}\n" + "\n\n".join(message.body for message in written)
    reading = warm_reading()
    try:
        diagnosis = reading.engine.diagnose(_input(case, written))
    finally:
        # Also when it failed: what was read was read.
        keep_runs()
    best = diagnosis.causes[0].playbook if diagnosis.causes else ""
    area = reading.playbooks[best].area if best in reading.playbooks else ""
    found = acts.Found(diagnosis, text, _docs_for(reading, text), area)
    return lambda: _store(case.id, found)


@job("diagnosis.keep_cited", atomic=False)
def keep_cited(payload: Payload) -> None:
    """Keeps the rows that a sent answer relies on. Doing it twice changes nothing."""
    message = case_queries.message_for_system(payload["message_id"])
    if message is not None:
        acts.keep_cited(message, based_on=payload["based_on"])


def _not_completed(payload: Payload, error: str) -> None:
    _keep_reach(payload["handoff_id"], {"problem": "The evidence could not be read."})


@job("diagnosis.complete_handoff", atomic=False, max_attempts=3, on_dead=_not_completed)
def complete_handoff(payload: Payload) -> Effects | None:
    """Adds to a hand-off whom its cause reaches, and the calls that failed."""
    stored = queries.handoff_by_id(payload["handoff_id"])
    if stored is None or not stored.content:
        return None
    reading = warm_reading()
    purpose = Purpose("Headwater", "job", "complete a hand-off", stored.case_id)
    try:
        made = completed(
            Handoff.from_dict(stored.content), reading.store, reading.playbooks, purpose=purpose,
            count_contacts=lambda name, accounts, since: len(
                wrote_in(name, accounts, since=since)
            ),
        )  # fmt: skip
    finally:
        keep_runs()
    return lambda: acts.keep_completed(payload["handoff_id"], made)


def _keep_reach(handoff_id: str, reach: dict[str, Any]) -> None:
    stored = queries.handoff_by_id(handoff_id)
    if stored is not None and stored.content:
        acts.keep_completed(handoff_id, Handoff.from_dict({**stored.content, "reach": reach}))


def _store(case_id: str, found: acts.Found) -> None:
    acts.store_diagnosis(case_id, found, actor=Actor.system())


def _input(case: Case, written: list[Message]) -> CaseInput:
    # Without a known account nothing is looked up: whose mail this is was decided when it
    # arrived, by the one place that knows what its headers prove.
    return CaseInput(
        case_id=case.id,
        from_email=case.person.email if case.account_id else "",
        subject=case.subject,
        body="\n\n".join(message.body for message in written),
        account_id=case.account_id,
        received_at=max(message.created_at for message in written),
    )


def _docs_for(reading: Reading, text: str) -> list[str]:
    """Pages about what the text describes. They depend on its words only, never on evidence."""
    scores = reading.texts.scores(text)
    best = max(scores, key=lambda name: scores[name], default=None)
    if best is None or scores[best] <= 0:
        return []
    return list(reading.playbooks[best].docs)[:_DOCS_SHOWN]


def warm_reading() -> Reading:
    """The process's evidence store; opened on first use and again when its data changed."""
    global _reading
    location = str(settings.HEADWATER_EVIDENCE)
    if _reading and (
        _reading.location != location
        or _reading.learned != stamp(_weights_place())
        or _reading.store.fingerprint() != _reading.fingerprint
    ):
        close_reading()
    if _reading is None:
        _reading = _open(location)
    return _reading


@atexit.register
def close_reading() -> None:
    """Lets the evidence store go, with its worker processes."""
    global _reading
    if _reading:
        _reading.store.close()
        _reading = None


def _weights_place() -> Path:
    return Path(settings.HEADWATER_HOME) / "ranking"


def _open(location: str) -> Reading:
    # Files, not rows: the engine reads from several threads, and each would need a connection.
    store = open_store(location, recorder=run_spool())
    playbooks = load_playbooks()
    rates = StoredBaseRates(store, settings.HEADWATER_HOME / "cache" / "base_rates")
    return Reading(
        location=location,
        learned=stamp(_weights_place()),
        store=store,
        fingerprint=store.fingerprint(),
        engine=Engine(
            store,
            playbooks,
            rates,
            weights=current_weights(_weights_place()),
            who="Headwater",
            entrance="job",
            questions=load_questions(),
        ),
        playbooks=playbooks,
        texts=TextIndex(playbooks),
    )
