"""The drafted answer: what may be said to this sender, and no more. Pure.

Identity before evidence: an answer to anybody but a verified sender is made from the general
pages alone. It never sees a finding, so it cannot repeat one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from headwater.diagnosis.ids import ids_in
from headwater.diagnosis.playbooks.words import when
from headwater.diagnosis.values import SURE_FROM, Diagnosis, Finding
from headwater.kit.redaction import masked
from headwater.knowledge.guide import cited

_IDS_NAMED: Final = 5
# Steps of a page that are the specialist's own.
_FOR_US = "For us:"
_STEP = re.compile(r"^\s*(?:\d+\.|[-*])\s+(.*)$")
_MODE = re.compile(r"^((?:[A-Z]+-\d+(?:,\s*|\s+(?:and|or)\s+)?)+):\s+(.*)$")
_MODE_NAME = re.compile(r"[A-Z]+-\d+")
_TIME = re.compile(r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[:.]\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom the answer is for, and what they wrote so far."""

    name: str
    text: str
    product: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A drafted answer and the playbook it stands on; empty where it stands on none."""

    body: str
    based_on: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that this account got before: which playbook it stood on, and when (naive UTC)."""

    playbook: str
    at: datetime


def verified_answer(
    reader: Reader, diagnosis: Diagnosis, earlier: Sequence[Earlier] = ()
) -> Answer:
    """The answer with evidence: the best cause, or honestly none and what would help.

    Where the account was answered about that cause before, it says what changed since instead.
    """
    if not diagnosis.causes:
        return _letter(reader, _nothing_found(reader, diagnosis))
    best = diagnosis.causes[0]
    before = [each.at for each in earlier if each.playbook == best.playbook]
    if before and best.probability >= SURE_FROM:
        return _letter(reader, _again(reader, best, max(before)), best.playbook)
    parts = [best.explanation_user.strip()]
    unnamed = [each for each in best.evidence_ids if each not in best.explanation_user]
    if unnamed:
        more = f" and {len(unnamed) - _IDS_NAMED} more" if len(unnamed) > _IDS_NAMED else ""
        parts.append(f"It concerns {', '.join(unnamed[:_IDS_NAMED])}{more}.")
    if best.probability < SURE_FROM:
        parts.insert(
            0,
            "We have looked at the data of your account. We are not certain yet, but this is the "
            "most likely explanation so far:",
        )
    steps = steps_for_user(best.what_to_do, best.modes)
    if steps:
        parts.append("What to do:\n\n" + "\n".join(f"{n}. {s}" for n, s in enumerate(steps, 1)))
    if best.probability >= SURE_FROM:
        parts.append(
            "To check that it worked: afterwards nothing new of this kind should appear. The last "
            f"that we see so far is of {when(best.last_seen)}. If you write to us again, we look "
            "again."
        )
    if best.docs:
        parts.append("Documentation:\n\n" + "\n".join(map(cited, best.docs)))
    if best.probability < SURE_FROM:
        parts.append(
            "If this does not fit what you see, please tell us" + _wanted(reader.text) + "."
        )
    return _letter(reader, parts, best.playbook)


def incident_answer(reader: Reader, onset_at: datetime) -> Answer:
    """The answer while a platform incident is under way that the account is part of.

    It blames nothing of the account's: what began for many at once has one cause, and it is ours.
    """
    return _letter(
        reader,
        [
            f"Since {_day(onset_at)}, {onset_at:%H:%M} UTC, a number of accounts see what you "
            "describe, and yours is one of them. It began for all of them at the same time, so we "
            "treat it as an incident of our platform and not as a fault of your account or your "
            "integration.",
            "You need not change anything. Our engineers look into it, and we write to you again "
            "as soon as it is over.",
        ],
    )


def notice(reader: Reader, explanation: str, docs: Sequence[str]) -> Answer:
    """The contact that we start ourselves: what was found in the account's data, and the pages."""
    parts = [
        "While looking at our data we noticed something that concerns your account. You have not "
        "asked us about it; we think that you want to know.",
        explanation.strip(),
    ]
    if docs:
        parts.append("Documentation:\n\n" + "\n".join(docs))
    parts.append("If you have questions, answer this message.")
    return _letter(reader, parts)


def _again(reader: Reader, best: Finding, answered: datetime) -> list[str]:
    """A second contact about the same cause: what changed since, and one step further."""
    thanks = f"Thank you for writing again. On {_day(answered)} we answered about the same cause: "
    thanks += f"{best.title}."
    if best.last_seen <= answered:
        return [
            thanks,
            "Since that answer nothing new of this kind has appeared in the data of your account; "
            f"the last was on {when(best.last_seen)}. So this cause no longer seems to be at work.",
            "If you still see a problem, it is probably another one. Please tell us"
            + _wanted(reader.text)
            + ".",
        ]
    parts = [
        thanks,
        "Since that answer it has happened again, the last time on "
        f"{when(best.last_seen)}. This is what we see now:",
        best.explanation_user.strip(),
    ]
    steps = steps_for_user(best.what_to_do, best.modes)
    if steps:
        parts.append(
            "If a change was made meanwhile, it has not reached every place yet. Please go "
            "through these, on each machine and in each environment:\n\n"
            + "\n".join(f"{n}. {s}" for n, s in enumerate(steps, 1))
        )
    if best.docs:
        parts.append("Documentation:\n\n" + "\n".join(map(cited, best.docs)))
    parts.append(
        "If all of this is done already, please tell us what you changed and when. We then hand "
        "the case to our engineers with everything that we have found, and you need not explain "
        "it again."
    )
    return parts


def claimed_answer(reader: Reader, docs: Sequence[str], *, link_mailed: bool) -> Answer:
    """For a sender who names an account without proof: general help and the way to prove it."""
    way = (
        "We have sent a confirm link to the address that is registered for the account. As soon "
        "as somebody opens it and confirms, we look into the account's data and answer your "
        "question; you do not need to write again. Writing to us from the registered address "
        "works as well."
        if link_mailed
        else "Please write to us from the address that is registered for the account. We then "
        "look into the account's data and answer your question."
    )
    return _letter(
        reader,
        [
            "Thank you for writing to us. Before we can speak about the data of an account, its "
            "owner has to confirm that you may see it.",
            way,
            *_general_help(docs),
        ],
    )


def unknown_answer(reader: Reader, docs: Sequence[str]) -> Answer:
    """For a sender whom no account is known for."""
    return _letter(
        reader,
        [
            "Thank you for writing to us. We could not find an account that belongs to your "
            "e-mail address.",
            "Please write to us from the address that is registered for your account, or tell us "
            "the account's id (it begins with acct_ and stands in the dashboard's settings); we "
            "then ask the registered address to confirm that you may see its data.",
            *_general_help(docs),
        ],
    )


def _letter(reader: Reader, parts: Sequence[str], based_on: str = "") -> Answer:
    greeting = f"Hello {reader.name}," if reader.name else "Hello,"
    letter = "\n\n".join([greeting, *parts, f"Kind regards\n{reader.product}"])
    # What a user put into a field of the platform may be a key: it is not sent about.
    return Answer(masked(letter), based_on)


def _general_help(docs: Sequence[str]) -> list[str]:
    if not docs:
        return []
    return [
        "Until then, these pages may help with what you describe:\n\n" + "\n".join(map(cited, docs))
    ]


def _nothing_found(reader: Reader, diagnosis: Diagnosis) -> list[str]:
    start, end = diagnosis.searched.window_start, diagnosis.searched.window_end
    searched = (
        f"We have looked through the data of your account from {_day(start)} to {_day(end)} and "
        "have not found the cause yet."
        if diagnosis.searched.tables
        else "We have not been able to look through the data of your account yet."
    )
    if not diagnosis.ask:
        return [searched, "To go on, please tell us" + _wanted(reader.text) + "."]
    return [searched, *_asked(diagnosis.ask), "Please tell us also" + _wanted(reader.text) + "."]


def _asked(page: Mapping[str, Any]) -> list[str]:
    """The questions of a page that the words fit, and where to read on."""
    lines = "\n".join(f"- {each}" for each in page["questions"])
    parts = [f"From what you write, these questions would bring us further:\n\n{lines}"]
    if page["docs"]:
        parts.append("Documentation:\n\n" + "\n".join(map(cited, page["docs"])))
    return parts


def _wanted(text: str) -> str:
    """What the user has not named yet, as the end of a sentence."""
    named = ids_in(text)
    wanted = []
    if not any(each.startswith("req_") for each in named):
        wanted.append("the id of a failed request (it begins with req_)")
    if not _TIME.search(text):
        wanted.append("the time at which it happened (with the time zone)")
    if all(each.startswith("req_") for each in named):
        wanted.append("the id of a payment, event or payout that is affected")
    if not wanted:
        wanted.append("what you expected to happen and what happened instead")
    head, last = wanted[:-1], wanted[-1]
    return " " + (", ".join(head) + " and " + last if head else last)


def steps_for_user(what_to_do: str, modes: Sequence[str]) -> list[str]:
    """A page's steps for the modes that were found, without the modes' names and without ours."""
    steps: list[str] = []
    for line in what_to_do.splitlines():
        match = _STEP.match(line)
        if match is None:
            if steps and line.strip():
                steps[-1] += " " + line.strip()
            continue
        steps.append(match.group(1).strip())
    found = set(modes)
    kept = []
    for step in steps:
        moded = _MODE.match(step)
        if moded is None:
            kept.append(step)
        elif found & set(_MODE_NAME.findall(moded.group(1))):
            kept.append(moded.group(2)[:1].upper() + moded.group(2)[1:])
    return [step for step in kept if not step.startswith(_FOR_US)]


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
