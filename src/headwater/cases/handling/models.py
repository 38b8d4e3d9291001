"""What is stored of the handling of cases; `cases.models` hands it on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from headwater.kit.ids import new_id


def _bulk_id() -> str:
    return new_id("bulk")


class Arranged(models.Model):
    """Something that is arranged for all cases, with who did so last, and how."""

    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)

    class Meta:
        abstract = True


class Tag(Arranged):
    """A word that cases can carry; only known ones, so that one thing has one word."""

    id = models.CharField(primary_key=True, max_length=40)

    def __str__(self) -> str:
        return self.id


class CaseTag(models.Model):
    """That a case carries a tag."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="case_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="case_tags")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "tag"], name="one_tag_per_case")]
        indexes = [models.Index(fields=["tag", "case"], name="cases_of_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.case_id}"


class CaseField(Arranged):
    """A field of our own that cases have, and what may stand in it."""

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        CHOICE = "choice", "Choice"
        DATE = "date", "Date"
        YES_NO = "yes_no", "Yes or no"
        REFERENCE = "reference", "Id of an object"

    id = models.SlugField(primary_key=True, max_length=40)
    label = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind)
    # Of a choice what can be chosen, of a reference how its ids begin ("": any id).
    allowed = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.label


class FieldOffer(Arranged):
    """That the cases of a queue have a field; without a queue: all cases."""

    field = models.ForeignKey(CaseField, on_delete=models.CASCADE, related_name="offers")
    queue = models.ForeignKey(
        "cases.Queue", null=True, on_delete=models.CASCADE, related_name="fields"
    )
    # A case is not solved before it is filled in.
    required = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["field", "queue"], name="one_offer_per_queue"),
            models.UniqueConstraint(
                fields=["field"], condition=Q(queue__isnull=True), name="one_offer_to_all"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} in {self.queue_id or 'every queue'}"


class FieldValue(models.Model):
    """What stands in a field of a case, as `handling.values` writes it; "" is not stored."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="field_values")
    field = models.ForeignKey(CaseField, on_delete=models.PROTECT, related_name="values")
    value = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "field"], name="one_value_per_field")
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.case_id}"


class Follower(models.Model):
    """An agent who wants to hear of a case, and up to which event has heard."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="followers")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed"
    )
    since = models.DateTimeField()
    seen_event_id = models.BigIntegerField(default=0)
    # Up to which event they were mailed; what they have seen is not mailed either.
    mailed_event_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "agent"], name="one_following_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} follows {self.case_id}"


class MessageReference(models.Model):
    """That a case shows a message of the case that it was split from. The message stays there."""

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, related_name="referred_messages"
    )
    message = models.ForeignKey(
        "cases.Message", on_delete=models.PROTECT, related_name="referred_from"
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "message"], name="one_reference_per_message")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} in {self.case_id}"


class BulkAct(models.Model):
    """The same changes to many cases, as one person asked for them."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    id = models.CharField(primary_key=True, max_length=40, default=_bulk_id)
    # As `handling.changes.Changes` writes them.
    changes = models.JSONField()
    # What chose the cases, in words.
    chosen_by = models.CharField(max_length=300, default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_acts"
    )
    entrance = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_entrance = models.CharField(max_length=8, default="", blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="bulk_latest")]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"


class BulkItem(models.Model):
    """One case of a bulk act: what was done to it, or why nothing was."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CHANGED = "changed", "Changed"
        SAME = "same", "Was so already"
        REFUSED = "refused", "Refused"
        RESTORED = "restored", "Restored"
        LEFT = "left", "Left alone"

    bulk = models.ForeignKey(BulkAct, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="bulk_items")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # What the act changed, by name, as it was and as it left it.
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    # Why it was refused, or what was not restored and why.
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bulk", "case"], name="one_item_per_bulk_case")
        ]
        indexes = [models.Index(fields=["bulk", "state", "case"], name="bulk_next")]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.bulk_id} ({self.state})"
