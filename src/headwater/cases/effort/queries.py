"""How much time a case took, and whose."""

from dataclasses import dataclass

from django.db.models import Sum

from headwater.accounts.models import Agent
from headwater.cases.effort.models import Stretch, TimeCorrection
from headwater.cases.models import Case
from headwater.cases.queries import ids_of


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of one agent on a case: as measured, and as corrected."""

    agent: Agent
    measured: float
    corrected: int

    @property
    def seconds(self) -> float:
        """What counts."""
        return self.measured + self.corrected


def time_spent(case: Case) -> list[Spent]:
    """Who spent how long on the case and those merged into it, most first; three queries."""
    ids = ids_of(case)
    measured = _sums(Stretch, ids)
    corrected = _sums(TimeCorrection, ids)
    agents = Agent.objects.filter(pk__in={*measured, *corrected})
    rows = [
        Spent(one, float(measured.get(one.pk, 0)), int(corrected.get(one.pk, 0))) for one in agents
    ]
    return sorted(rows, key=lambda row: (-row.seconds, row.agent.name))


def seconds_of(case: Case, agent: Agent | None = None) -> float:
    """The seconds of everybody, or of one agent, on the case and those merged into it."""
    return sum(row.seconds for row in time_spent(case) if agent in (None, row.agent))


def _sums(model: type[Stretch] | type[TimeCorrection], ids: list[str]) -> dict[str, float]:
    rows = model.objects.filter(case__in=ids).order_by().values_list("agent")
    return dict(rows.annotate(total=Sum("seconds")))
