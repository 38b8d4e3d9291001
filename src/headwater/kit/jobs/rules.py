"""When a failed job is tried again. Pure."""

BASE_SECONDS = 5.0
LONGEST_SECONDS = 3600.0
JITTER = 0.25


def backoff_seconds(attempt: int, chance: float) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1).

    Doubles from 5 s up to an hour, spread by a quarter either way with `chance` in [0, 1),
    so that jobs that failed together do not come back together.
    """
    # The exponent is bounded so that an absurd attempt number cannot overflow a float.
    plain = min(BASE_SECONDS * 2.0 ** min(max(attempt, 1) - 1, 20), LONGEST_SECONDS)
    return plain * (1 - JITTER + 2 * JITTER * chance)
