"""Cases chosen by what they are, for lists and for acts on many at once."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from headwater.accounts.models import Agent
from headwater.cases.errors import CaseError
from headwater.cases.models import Case
from headwater.cases.queries import visible_cases


@dataclass(frozen=True, slots=True)
class Choice:
    """Each that is not "" narrows the choice; "none" stands for no queue and no assignee."""

    state: str = ""
    queue: str = ""
    priority: str = ""
    tag: str = ""
    # An agent's address.
    assignee: str = ""
    cause: str = ""
    words: str = ""

    def __str__(self) -> str:
        given = [(name, getattr(self, name)) for name in self.__dataclass_fields__]
        return ", ".join(f"{name} {value}" for name, value in given if value) or "all cases"


def chosen_cases(agent: Agent | None, choice: Choice) -> QuerySet[Case]:
    """The cases that fit and that the agent may see (None: the system), what breaks first on top.

    Merged cases are never among them. Raises CaseError for a state that does not exist.
    """
    cases = Case.objects.all() if agent is None else visible_cases(agent)
    cases = cases.exclude(state=Case.State.MERGED)
    if choice.state == "open":
        cases = cases.exclude(state__in=Case.PAST)
    elif choice.state:
        if choice.state not in Case.State.values:
            names = ", ".join(["open", *Case.State.values])
            raise CaseError(
                f"{choice.state!r} is no state.", param="state", hint=f"Choose one of {names}."
            )
        cases = cases.filter(state=choice.state)
    if choice.queue:
        cases = cases.filter(queue_id=None if choice.queue == "none" else choice.queue)
    if choice.assignee == "none":
        cases = cases.filter(assignee=None)
    elif choice.assignee:
        cases = cases.filter(assignee__email=choice.assignee.strip().lower())
    if choice.priority:
        cases = cases.filter(priority=choice.priority)
    if choice.tag:
        cases = cases.filter(case_tags__tag_id=choice.tag)
    if choice.cause:
        cases = cases.filter(likely_cause=choice.cause)
    if choice.words:
        cases = cases.filter(subject__icontains=choice.words)
    return cases.order_by(F("next_due_at").asc(nulls_last=True), "last_message_at", "pk")
