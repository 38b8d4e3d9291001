"""How candidates are put in order. Pure: no index, no clock."""

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from headwater.knowledge.words import root

# Weights were chosen on the tuning half of `benchmarks/questions/docs.toml` only.
EXPANDED = 0.8
_NAMED = 1.2
_COVERED = 0.8
_WEIGHT = 1.0
_DEEPER = 0.93
_REPEATED = 0.55
_RARE_SPACE = 0.75
_CUE_WORDS = {
    "event": {
        "event",
        "events",
        "webhook",
        "webhooks",
        "notification",
        "notified",
        "fires",
        "hook",
    },
    "error": {"error", "errors", "code", "refused", "message", "fails", "failed", "failing"},
    "decline": {"declined", "decline", "bank", "refused", "card"},
    "exception": {"exception", "except", "raise", "raised", "raises", "catch", "throws", "thrown"},
    "parameter": {"parameter", "param", "pass", "set", "send", "option", "specify", "limit"},
    "attribute": {"field", "property", "read", "returned", "response", "shows", "find", "null"},
    "operation": {"call", "endpoint", "method", "function"},
}
_CUES = {kind: frozenset(map(root, words)) for kind, words in _CUE_WORDS.items()}
_USUAL_OPERATIONS = {"create"}
_ON_UPDATE = 0.96
_OTHER_OPERATION = 0.88
_CUED = 1.05
_WANTED = 1.4
_KIND = {"page": 1.1, "object": 1.1, "operation": 1.05, "attribute": 0.92, "exception": 0.9}
# Parts of the platform that a question means only when it says so.
_SPACE_WORDS = {
    "issuing": {"issuing", "issued", "cardholder", "issue"},
    "treasury": {"treasury"},
    "terminal": {"terminal", "reader", "present"},
    "climate": {"climate", "carbon"},
    "v2": {"v2", "vault"},
    "financial_connections": {"connections", "connection", "financial"},
    "identity": {"identity", "document", "selfie"},
    "test_helpers": {"clock", "simulate", "test", "helpers"},
    "forwarding": {"forward", "forwarding"},
    "entitlements": {"entitlement", "entitlements", "feature"},
    "sigma": {"sigma"},
    "reserve": {"reserve", "reserves"},
    "radar": {"radar", "fraud", "block", "blocked", "risk", "rule", "list", "review"},
    "payment_record": {"record", "records"},
    "payment_attempt_record": {"record", "records", "attempt"},
    "confirmation_token": {"confirmation"},
    "three_d_secure": {"3d", "secure", "3ds", "authentication"},
    "source": {"source", "sources"},
}
_SPACES = {space: frozenset(map(root, words)) for space, words in _SPACE_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question understood: words as said, words of the reference for them, names, rarities, and
    the kind of record that it asks for by name, or ""."""

    words: tuple[str, ...]
    more: tuple[str, ...]
    names: Mapping[int, float]
    idf: Mapping[str, float]
    wants: str = ""


@dataclass(slots=True)
class Candidate:
    """A record that shares words with the question; `said` is its BM25F, synonyms included."""

    n: int
    id: str
    kind: str
    depth: int
    weight: float
    roots: str
    gist: str
    said: float
    score: float = 0.0
    why: str = field(default="")


def ranked(found: Iterable[Candidate], question: Asked) -> list[Candidate]:
    """Candidates with their scores, best first; equal scores by id."""
    candidates = list(found)
    top = max((each.said for each in candidates), default=0.0) or 1.0
    spoken = {*question.words, *question.more}
    for each in candidates:
        named = question.names.get(each.n, 0.0)
        covered = _coverage(each, question)
        each.score = (each.said / top + _COVERED * covered) * _prior(each, spoken) * (
            _WANTED if each.kind == question.wants else 1.0
        ) + _NAMED * named
        each.why = "named" if named else "words"
    return sorted(candidates, key=lambda each: (-each.score, each.id))


def _coverage(each: Candidate, question: Asked) -> float:
    """Which share of what was asked, weighed by rarity, the record's own name speaks of."""
    own = set(each.roots.split())
    total = sum(question.idf[word] for word in question.words) or 1.0
    said = sum(question.idf[word] for word in question.words if word in own)
    meant = sum(question.idf[word] for word in question.more if word in own)
    return min(1.0, (said + EXPANDED * meant) / total)


def _prior(each: Candidate, spoken: Set[str]) -> float:
    prior = math.pow(each.weight, _WEIGHT) * _KIND.get(each.kind, 1.0) * _DEEPER ** (each.depth - 1)
    if spoken & _CUES.get(each.kind, frozenset()):
        prior *= _CUED
    head = each.id.partition(":")[2] or each.id
    space = head.replace("/", ".").partition(".")[0]
    if each.kind == "parameter" and (op := _operation(each.id)) not in _USUAL_OPERATIONS:
        prior *= _OTHER_OPERATION if op != "update" else _ON_UPDATE
    if space in _SPACES and not spoken & _SPACES[space]:
        prior *= _RARE_SPACE
    return prior


def pick(candidates: list[Candidate], limit: int) -> list[Candidate]:
    """The best without near-repeats: a leaf name already shown counts less, the same text not."""
    chosen: list[Candidate] = []
    leaves: dict[str, int] = {}
    texts: set[str] = set()
    waiting = candidates[: limit * 8]
    while waiting and len(chosen) < limit:
        best = max(waiting, key=lambda each: each.score * _REPEATED ** leaves.get(_leaf(each), 0))
        waiting.remove(best)
        text = f"{_leaf(best)} {best.gist}"
        if best.why != "named" and text in texts:
            continue
        texts.add(text)
        leaves[_leaf(best)] = leaves.get(_leaf(best), 0) + 1
        chosen.append(best)
    return chosen


def _leaf(each: Candidate) -> str:
    if each.kind not in ("parameter", "attribute"):
        return each.id
    return each.id.replace("/", ".").rpartition(".")[2]


def _operation(record_id: str) -> str:
    """The operation of an SDK's parameter; documents of other kinds have one record each."""
    parts = record_id.split("/")
    return parts[1] if len(parts) == 3 and ":" not in record_id else "create"
