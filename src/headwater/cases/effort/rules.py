"""Which part of the time between two signs of activity counts; pure.

An open and visible page on which somebody typed, moved or scrolled within the last two minutes says
so every twenty seconds (a beat). An agent has one line of time, whatever number of tabs and cases
are open: no second counts twice.
"""

from datetime import datetime, timedelta
from typing import Final

BEAT: Final = timedelta(seconds=20)
# Longer without a beat, and the work was interrupted: nothing counts for the time between.
GAP: Final = timedelta(seconds=65)


def counts_since(
    last_here: datetime | None, last_anywhere: datetime | None, now: datetime
) -> float | None:
    """Seconds that a beat at `now` adds to its case; None where it begins a new stretch.

    `last_here` is the agent's beat before on this case, `last_anywhere` on any. A beat that comes
    late or out of order adds nothing.
    """
    if last_here is None or now - last_here > GAP:
        return None
    begun = max(last_here, last_anywhere or last_here)
    return max((now - begun).total_seconds(), 0.0)
