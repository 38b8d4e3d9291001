"""A log that is only ever added to: the shape of every line, and the refusal of everything else."""

from typing import Any, ClassVar, Never, Self

from django.db import models

from headwater.cases.errors import EventLogIsAppendOnly


class AppendOnly(models.QuerySet[Any]):
    """Lines of a log. Changing or removing them raises EventLogIsAppendOnly."""

    def update(self, **kwargs: Any) -> Never:
        raise EventLogIsAppendOnly()

    def delete(self) -> Never:
        raise EventLogIsAppendOnly()


class LoggedEvent(models.Model):
    """One thing that happened, who did it, and how. Written once, never changed."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=32)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)
    data = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Self]] = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise EventLogIsAppendOnly()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise EventLogIsAppendOnly()
