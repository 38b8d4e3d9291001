"""What is stored of surveys."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from headwater.accounts.models import Person
from headwater.cases.models import Case
from headwater.kit.ids import new_id


def _offer_id() -> str:
    return new_id("svy")


class Offer(models.Model):
    """That a person was asked about a solved case, or why not; the last answer stands here.

    One row for each time a case was solved. Satisfaction of a period is counted over the offers of
    that period: scores of 4 and 5 among those with a score.
    """

    class State(models.TextChoices):
        OFFERED = "offered", "Asked"
        SKIPPED = "skipped", "Not asked"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.CharField(primary_key=True, max_length=40, default=_offer_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="survey_offers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="survey_offers")
    # Who had the case when it was solved, or answered last; the answer is about the team, too.
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="survey_offers"
    )
    solved_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State)
    # Why nobody was asked, or why the question was withdrawn.
    reason = models.CharField(max_length=100, default="", blank=True)
    language = models.CharField(max_length=2, default="en")
    closes_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    # When a low score brought the case back; it does so once.
    brought_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "solved_at"], name="one_offer_per_solving"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5),
                name="offer_score_one_to_five",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "state", "decided_at"], name="offer_of_person"),
            models.Index(fields=["decided_at"], name="offer_period"),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"
