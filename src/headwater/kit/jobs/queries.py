"""What is waiting, and what was given up."""

from datetime import datetime

from django.db.models import Count, QuerySet

from headwater.kit.jobs.models import Job


def dead_jobs() -> QuerySet[Job]:
    """Jobs that were given up and need a person, oldest first."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("created_at")


def count_by_state() -> dict[str, int]:
    """How many jobs are ready, running and dead."""
    counted = Job.objects.values_list("state").annotate(n=Count("id"))
    return {state.value: 0 for state in Job.State} | dict(counted)


def count_due(until: datetime) -> int:
    """How many jobs are running or due by `until`."""
    return Job.objects.filter(run_at__lte=until).exclude(state=Job.State.DEAD).count()
