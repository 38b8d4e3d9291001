"""What is stored of giving cases out; `cases.models` hands it on."""

from django.db import models

from headwater.kit.ids import new_id


def _spread_id() -> str:
    return new_id("spread")


class Spread(models.Model):
    """Pressing cases that changed hands in one step: `moves` is a list of case, from, to."""

    id = models.CharField(primary_key=True, max_length=40, default=_spread_id)
    moves = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return self.id
