"""Diagnoses a case: which playbooks match the sender's account, and which of them is the cause.

Free of Django: the command line, the background job and benchmarks call the same engine.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from headwater.diagnosis.account import AccountResolver, Reach
from headwater.diagnosis.asking import QuestionIndex, QuestionPage
from headwater.diagnosis.base_rates import BaseRates, NoBaseRates, Size
from headwater.diagnosis.ids import ids_in
from headwater.diagnosis.look_alikes import apart
from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.ranking import Ranked, Ranking, Weights, load_weights, points, rank
from headwater.diagnosis.readiness import playbooks_ready
from headwater.diagnosis.signals import (
    Complaint,
    Signal,
    evidence_ids,
    main_rows,
    moment,
    number,
    signals,
)
from headwater.diagnosis.text import MailText, TextIndex
from headwater.diagnosis.unproven import by_words, no_cause
from headwater.diagnosis.values import (
    SURE_FROM,
    CaseInput,
    Diagnosis,
    Finding,
    NotSearched,
    Row,
    RuledOut,
    Searched,
    Suggestion,
    iso,
)
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Result, Scope
from headwater.kit.clock import as_naive_utc
from headwater.kit.errors import HeadwaterError

WINDOW = timedelta(days=30)
_LIMITS = Limits(rows=200, seconds=30.0)
_ROWS_SHOWN = 20
_IDS_SHOWN = 20
# Causes that only the words point to: more than these would bury what is proven.
SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Matched:
    """A playbook that returned rows for a case. `signals` are those of its main row."""

    playbook: Playbook
    row: Row
    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    run_id: str
    signals: Mapping[str, Signal]


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything read for a case, before any weight is applied."""

    case: CaseInput
    reach: Reach
    window: tuple[datetime, datetime]
    matched: Mapping[str, Matched]
    silent: tuple[str, ...]
    failed: tuple[NotSearched, ...]
    mail: MailText


class Engine:
    """One evidence store and one set of playbooks, kept warm over many cases."""

    def __init__(
        self,
        store: EvidenceStore,
        playbooks: Mapping[str, Playbook],
        base_rates: BaseRates | None = None,
        *,
        weights: Weights | None = None,
        who: str = "system",
        entrance: str = "cli",
        guess_account: bool = False,
        questions: Sequence[QuestionPage] = (),
    ) -> None:
        self._store = store
        self._tables = store.tables()
        self._playbooks = dict(sorted(playbooks.items()))
        self._base_rates = base_rates or NoBaseRates()
        self._weights = weights or load_weights()
        self._who = who
        self._entrance = entrance
        self._text = TextIndex(self._playbooks)
        self._asking = QuestionIndex(self._playbooks, questions)
        self._text_lock = Lock()
        self._reads = {name: self._reads_of(each) for name, each in self._playbooks.items()}
        self._disabled = self._disabled_playbooks()
        self._resolver = AccountResolver(store, self._tables, guess=guess_account)

    def diagnose(self, case: CaseInput) -> Diagnosis:
        """The diagnosis of `case`. A playbook whose query fails is reported, not raised."""
        return self.conclude(self.examine(case))

    def warm(self, received_at: datetime) -> None:
        """Counts the base rates that cases of this time need, so that none of them waits for it."""
        for name, playbook in self._playbooks.items():
            if name not in self._disabled:
                self._base_rates.rate(
                    playbook, mode="", kind="direct", size=Size(), end=as_naive_utc(received_at)
                )

    def examine(self, case: CaseInput) -> Examined:
        """Reads the evidence for `case`; what the ranking then weighs."""
        purpose = Purpose(self._who, self._entrance, "diagnose a case", case.case_id)
        end = as_naive_utc(case.received_at)
        window = (end - WINDOW, end)
        reach = self._resolver.resolve(case, purpose)
        text = f"{case.subject}\n{case.body}"
        with self._text_lock:
            mail = self._text.read(text)
        if reach.account_id is None:
            return Examined(case, reach, window, {}, (), (), mail)
        results, failed = self._run_all(reach, window, purpose)
        complaint = Complaint(text.lower(), end, reach.named, ids_in(text))
        matched = {
            name: self._weigh(name, result, complaint, reach, mail.scores)
            for name, result in results.items()
            if result.rows
        }
        silent = tuple(name for name, result in results.items() if not result.rows)
        return Examined(case, reach, window, matched, silent, tuple(failed), mail)

    def conclude(self, found: Examined) -> Diagnosis:
        """Ranks what was found and says what was ruled out."""
        matched = {n: each.signals for n, each in found.matched.items()}
        unproven = self.unproven(found)
        none = no_cause(found.mail)
        ranking = rank(matched, unproven, none, self._weights)
        listed = self._listed(ranking, ranking.findings)
        suggested = self._listed(ranking, ranking.unproven)[:SUGGESTED]
        held_back = [each for each in ranking.findings if each not in listed]
        return Diagnosis(
            case_id=found.case.case_id,
            account_id=found.reach.account_id,
            causes=tuple(self._finding(each, found.matched[each.playbook]) for each in listed),
            ruled_out=self._ruled_out(found, listed, held_back, suggested),
            searched=self._searched(found),
            none_probability=ranking.none,
            suggested=tuple(self._suggestion(each, found) for each in suggested),
            weighed={
                name: {feature: signal.value for feature, signal in each.items()}
                for name, each in (*matched.items(), *unproven.items(), ("", none))
            },
            ask=self._ask(found.case, listed),
        )

    def unproven(self, found: Examined) -> dict[str, dict[str, Signal]]:
        """The playbooks that nothing proves and the mail's words are nearest to."""
        ran = set(found.matched) | set(found.silent)
        unchecked = [name for name in self._playbooks if name not in ran]
        return by_words(found.mail, silent=found.silent, unchecked=unchecked)

    def _listed(self, ranking: Ranking, options: Sequence[Ranked]) -> list[Ranked]:
        if ranking.none >= self._weights.empty_at:
            return []
        return [each for each in options if each.probability >= self._weights.drop_below]

    def _ask(self, case: CaseInput, listed: Sequence[Ranked]) -> dict[str, object] | None:
        if listed and listed[0].probability >= SURE_FROM:
            return None
        with self._text_lock:
            page = self._asking.fitting(f"{case.subject}\n{case.body}")
        return page.as_dict() if page else None

    def _run_all(
        self, reach: Reach, window: tuple[datetime, datetime], purpose: Purpose
    ) -> tuple[dict[str, Result], list[NotSearched]]:
        names = [name for name in self._playbooks if name not in self._disabled]
        params: dict[str, datetime | str | int] = {
            "window_start": window[0],
            "window_end": window[1],
        }

        outcomes = self._store.query_many(
            {name: self._playbooks[name].sql for name in names},
            purpose=purpose,
            scope=Scope(reach.scope),
            params=params,
            limits=_LIMITS,
            optional={name: self._playbooks[name].optional_tables for name in names},
        )
        results = {name: each for name, each in outcomes.items() if isinstance(each, Result)}
        failed = [
            NotSearched(name, f"The query did not finish: {each}")
            for name, each in outcomes.items()
            if isinstance(each, HeadwaterError)
        ]
        return results, failed

    def _weigh(
        self,
        name: str,
        result: Result,
        complaint: Complaint,
        reach: Reach,
        scores: Mapping[str, float],
    ) -> Matched:
        playbook = self._playbooks[name]
        rows = result.dicts()
        # Each mode is a sign of its own: the finding is told by the one that says most.
        weighed = [
            (row, self._signals(playbook, row, complaint, reach, scores))
            for row in main_rows(rows, complaint)
        ]
        row, found = max(weighed, key=lambda each: points(each[1], self._weights))
        ordered = [row, *(each for each in rows if each is not row)]
        return Matched(playbook, row, tuple(ordered), result.columns, result.run_id, found)

    def _signals(
        self,
        playbook: Playbook,
        row: Row,
        complaint: Complaint,
        reach: Reach,
        scores: Mapping[str, float],
    ) -> dict[str, Signal]:
        owner = str(row.get("account_id"))
        rate = self._base_rates.rate(
            playbook,
            mode=str(row.get("mode") or ""),
            kind=reach.kinds.get(owner, "direct"),
            size=Size(
                number(row.get("occurrences")),
                number(row["strength"]) if "strength" in row else None,
            ),
            end=complaint.received_at,
        )
        others = sum(1 for each in reach.scope if each != reach.account_id)
        return signals(
            row,
            complaint,
            text_scores=scores,
            playbook=playbook.id,
            rate=rate,
            chances=1 if owner == reach.account_id else max(others, 1),
        )

    def _finding(self, ranked: Ranked, matched: Matched) -> Finding:
        playbook = matched.playbook
        explanation = playbook.explain(matched.row)
        modes = [playbook.mode_of(row) for row in matched.rows]
        ids = [each for row in matched.rows for each in evidence_ids(row.get("evidence_ids"))]
        now = moment(matched.row.get("last_seen"), datetime.max)  # noqa: DTZ901 (naive UTC)
        return Finding(
            playbook=playbook.id,
            title=playbook.title,
            modes=tuple(dict.fromkeys(modes)),
            probability=ranked.probability,
            evidence_ids=tuple(dict.fromkeys(ids))[:_IDS_SHOWN],
            first_seen=min(moment(row.get("first_seen"), now) for row in matched.rows),
            last_seen=max(moment(row.get("last_seen"), now) for row in matched.rows),
            explanation_user=explanation.user,
            explanation_engineer=explanation.engineer,
            docs=tuple(playbook.docs),
            sql=playbook.sql.strip(),
            columns=matched.columns,
            rows=matched.rows[:_ROWS_SHOWN],
            what_to_do=playbook.what_to_do,
            reasons=ranked.reasons,
            run_id=matched.run_id,
        )

    def _suggestion(self, ranked: Ranked, found: Examined) -> Suggestion:
        playbook = self._playbooks[ranked.playbook]
        searched = ranked.playbook in found.silent
        failed = {each.playbook: each.reason for each in found.failed}
        why = (
            f"the data from {iso(found.window[0])} to {iso(found.window[1])} shows no sign of it."
            if searched
            else self._disabled.get(ranked.playbook)
            or failed.get(ranked.playbook)
            or "nothing was searched: the account is not known."
        )
        return Suggestion(
            playbook=playbook.id,
            title=playbook.title,
            modes=tuple(playbook.covers),
            probability=ranked.probability,
            searched=searched,
            why=why,
            docs=tuple(playbook.docs),
            sql=playbook.sql.strip(),
            what_to_do=playbook.what_to_do,
            reasons=ranked.reasons,
        )

    def _ruled_out(
        self,
        found: Examined,
        listed: list[Ranked],
        held_back: list[Ranked],
        suggested: list[Ranked],
    ) -> tuple[RuledOut, ...]:
        best = self._playbooks[listed[0].playbook] if listed else None
        out = []
        for each in held_back:
            against = min(each.reasons, key=lambda reason: reason.points)
            told = apart(best, self._playbooks[each.playbook])
            out.append(
                RuledOut(
                    each.playbook,
                    f"Matched, but judged unlikely (probability {each.probability:.2f}; "
                    f"{against.text}).{told}",
                )
            )
        span = f"from {iso(found.window[0])} to {iso(found.window[1])}"
        named = {each.playbook for each in suggested}
        for name in (each for each in found.silent if each not in named):
            tables = ", ".join(sorted({table for table, _ in self._reads[name]}))
            told = apart(best, self._playbooks[name])
            out.append(RuledOut(name, f"Searched {tables} {span}: no rows.{told}"))
        return tuple(out)

    def _searched(self, found: Examined) -> Searched:
        ran = set(found.matched) | set(found.silent)
        tables = sorted({table for name in ran for table, _ in self._reads[name]})
        missing = sorted(name for name, state in self._tables.items() if not state.present)
        disabled = [NotSearched(name, why) for name, why in self._disabled.items()]
        freshness: dict[str, datetime] = {}
        for name in tables:
            as_of = self._tables[name].as_of if name in self._tables else None
            if as_of is not None:
                freshness[name] = as_of
        return Searched(
            window_start=found.window[0],
            window_end=found.window[1],
            tables=tuple(tables),
            freshness=freshness,
            missing_tables=tuple(missing),
            not_searched=(*disabled, *found.failed),
            account=found.reach.as_dict(),
        )

    def _reads_of(self, playbook: Playbook) -> frozenset[tuple[str, str]]:
        """What the playbook reads in this store: tables that stand empty are not searched."""
        with contextlib.suppress(HeadwaterError):
            needs = self._store.needs(playbook.sql)
            return frozenset(
                (t, c) for t, c in needs if t in self._tables and self._tables[t].present
            )
        return frozenset()

    def _disabled_playbooks(self) -> dict[str, str]:
        ready = playbooks_ready(self._store, self._tables, self._playbooks)
        # A query that the guard refuses is tried all the same: its failure is then on record.
        return {each.id: each.reason for each in ready if each.lacks}


def diagnose(
    case: CaseInput,
    store: EvidenceStore,
    playbooks: Mapping[str, Playbook],
    base_rates: BaseRates | None = None,
    *,
    who: str = "system",
    entrance: str = "cli",
) -> Diagnosis:
    """The diagnosis of one case. For many cases keep an `Engine`: starting one takes a moment."""
    return Engine(store, playbooks, base_rates, who=who, entrance=entrance).diagnose(case)


__all__ = ["WINDOW", "CaseInput", "Diagnosis", "Engine", "Examined", "Finding", "diagnose"]
