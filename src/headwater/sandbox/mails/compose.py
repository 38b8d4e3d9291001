"""Puts a mail together: a persona tells of a problem in words drawn from the phrase book."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

_WHEN = (
    "yesterday", "since this morning", "a few days ago", "on Tuesday", "over the weekend",
    "last night", "since about two days", "this week", "today", "the other day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and for which business."""

    owner: str
    business: str


@cache
def _book(name: str) -> dict[str, Any]:
    text = files("headwater.sandbox.mails").joinpath(f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _draw(rng: np.random.Generator, choices: list[str]) -> str:
    return choices[int(rng.integers(0, len(choices)))]


def compose(
    rng: np.random.Generator, mode: str, author: Author, object_id: str | None
) -> tuple[str, str]:
    """Subject and body of a mail about a problem of this mode; "" means no problem at all."""
    phrases = _book("phrases")[mode or "none"]
    personas = _book("personas")
    names = list(personas)
    weights = np.array([personas[n]["weight"] for n in names])
    persona = personas[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
    fills = {
        "owner": author.owner,
        "first": author.owner.split()[0],
        "business": author.business,
        "when": _draw(rng, list(_WHEN)),
    }
    middle = [_draw(rng, phrases["say"])]
    if rng.random() < 0.25:
        middle.append(_draw(rng, [s for s in phrases["say"] if s != middle[0]]))
    if rng.random() < 0.55:
        middle.append(_draw(rng, phrases["more"]))
    if object_id:
        place = int(rng.integers(1, len(middle) + 1))
        middle.insert(place, _draw(rng, persona["ids"]).replace("{id}", _as_typed(rng, object_id)))
    parts = [_draw(rng, persona["before"]), " ".join(middle), _draw(rng, persona["after"])]
    gap = "\n\n" if rng.random() < 0.5 else " "
    text = gap.join(part for part in parts if part)
    pieces = [_draw(rng, persona["greeting"]), text, _draw(rng, persona["close"])]
    body = "\n\n".join(piece for piece in pieces if piece)
    if persona is personas["terse"] and rng.random() < 0.4:
        body = body.lower() if not object_id else body
    subject = _draw(rng, persona["subject"])
    return subject.format(**fills), _filled(body, fills)


def _filled(text: str, fills: dict[str, str]) -> str:
    for name, value in fills.items():
        text = text.replace("{" + name + "}", value)
    return text


def _as_typed(rng: np.random.Generator, object_id: str) -> str:
    """An id as people type it: mostly whole, sometimes cut short or with a slip."""
    luck = rng.random()
    if luck < 0.15:
        return object_id[: max(10, len(object_id) - int(rng.integers(4, 12)))] + "..."
    if luck < 0.25:
        at = int(rng.integers(len(object_id) - 8, len(object_id) - 1))
        return object_id[:at] + object_id[at + 1] + object_id[at] + object_id[at + 2 :]
    if luck < 0.32:
        return object_id.replace("_", " _", 1)
    return object_id
