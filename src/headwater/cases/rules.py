"""Whose turn it is: the one table of states, and small pure rules around a case."""

import re
from typing import Final

from headwater.cases.errors import TransitionRefused

OURS: Final = "ours"
WAITING_USER: Final = "waiting_user"
WAITING_ENGINEERING: Final = "waiting_engineering"
SNOOZED: Final = "snoozed"
SOLVED: Final = "solved"
MERGED: Final = "merged"
# Of a case that stands for itself; a merged one is only left by undoing.
STATES: Final = (OURS, WAITING_USER, WAITING_ENGINEERING, SNOOZED, SOLVED)

# what happens -> state before -> state after. A pair that is not here is refused.
TRANSITIONS: Final[dict[str, dict[str, str]]] = {
    # Whatever we were waiting for: a user who writes is waiting for us.
    "user_message": dict.fromkeys(STATES, OURS),
    "reply": {
        OURS: WAITING_USER,
        WAITING_USER: WAITING_USER,
        SNOOZED: WAITING_USER,
        # Telling the user that engineers look into it does not hand the turn to the user.
        WAITING_ENGINEERING: WAITING_ENGINEERING,
        SOLVED: SOLVED,
    },
    "wait_on_engineering": dict.fromkeys((OURS, WAITING_USER, SNOOZED), WAITING_ENGINEERING),
    # An act that took it from the user's turn was undone.
    "wait_again": dict.fromkeys((OURS, SNOOZED), WAITING_USER),
    "snooze": dict.fromkeys((OURS, WAITING_USER, WAITING_ENGINEERING, SNOOZED), SNOOZED),
    "take_back": dict.fromkeys((WAITING_USER, WAITING_ENGINEERING, SNOOZED), OURS),
    "solve": dict.fromkeys((OURS, WAITING_USER, WAITING_ENGINEERING, SNOOZED), SOLVED),
    "reopen": {SOLVED: OURS},
    # A reply that never left must not look like a reply that waits for its answer.
    "delivery_failed": dict.fromkeys(STATES, OURS),
    "reply_undone": dict.fromkeys(STATES, OURS),
    # A user who waits for us in one of two merged cases waits for us in both.
    "absorb": dict.fromkeys((WAITING_USER, SNOOZED, SOLVED), OURS),
    "merge": dict.fromkeys(STATES, MERGED),
}

_REFUSED: Final = {
    ("solve", SOLVED): "The case is already solved.",
    ("reopen", OURS): "The case is already open.",
    ("wait_on_engineering", SOLVED): "The case is solved; reopen it first.",
    ("snooze", SOLVED): "The case is solved; reopen it before snoozing it.",
    ("take_back", SOLVED): "The case is solved; reopen it instead.",
}

_SPACE = re.compile(r"\s+")
PREVIEW_LENGTH: Final = 240


def next_state(state: str, happening: str) -> str:
    """The state after `happening`. Raises TransitionRefused."""
    after = TRANSITIONS[happening].get(state)
    if after is None:
        raise TransitionRefused(
            _REFUSED.get(
                (happening, state),
                f"A case that is {state.replace('_', ' ')} does not allow "
                f"{happening.replace('_', ' ')}.",
            ),
            param="state",
            hint="Reload the case: somebody may have changed it.",
        )
    return after


def preview(body: str) -> str:
    """The first words of a message on one line."""
    text = _SPACE.sub(" ", body).strip()
    return text if len(text) <= PREVIEW_LENGTH else text[: PREVIEW_LENGTH - 1].rstrip() + "…"


def storable(text: str) -> str:
    """Text that both stores accept: without NUL and without halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def one_line(text: str, length: int) -> str:
    """A header-safe single line of at most `length` characters."""
    return _SPACE.sub(" ", storable(text)).strip()[:length]
