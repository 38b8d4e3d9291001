"""When a mail is tried again, and when it is given up. Pure."""

from datetime import datetime, timedelta

FIRST_WAIT_SECONDS = 15.0
GROWTH = 3.0
LONGEST_WAIT_SECONDS = 3600.0
JITTER = 0.25

# States in which nobody has handed anything over yet, so that the mail can be taken back.
CANCELLABLE = frozenset({"held", "queued", "retrying", "stuck"})
# States from which a person may ask for another attempt.
REPEATABLE = frozenset({"retrying", "stuck", "failed"})
# Not over yet, or over without the mail having left.
UNSENT = ("held", "queued", "sending", "retrying", "stuck", "failed")
LATE_AFTER = timedelta(minutes=15)


def wait_seconds(attempt: int, chance: float) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1).

    From 15 s, three times as long each time, up to an hour; spread by a quarter either way with
    `chance` in [0, 1), so that mails that failed together do not come back together.
    """
    plain = FIRST_WAIT_SECONDS * GROWTH ** min(max(attempt, 1) - 1, 20)
    return min(plain, LONGEST_WAIT_SECONDS) * (1 - JITTER + 2 * JITTER * chance)


def is_given_up(first_tried_at: datetime, next_at: datetime, keep_trying: timedelta) -> bool:
    """True where the next attempt would come later than `keep_trying` after the first."""
    return next_at - first_tried_at > keep_trying
