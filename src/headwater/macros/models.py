"""The library, its versions, and what was done with it to cases."""

from django.db import models

from headwater.cases.models import Case
from headwater.kit.ids import new_id


def _use_id() -> str:
    return new_id("use")


class LibraryEntry(models.Model):
    """An answer or a macro as it holds now."""

    class Kind(models.TextChoices):
        ANSWER = "answer", "Answer"
        MACRO = "macro", "Macro"

    kind = models.CharField(max_length=6, choices=Kind)
    name = models.SlugField(max_length=60)
    title = models.CharField(max_length=120, default="", blank=True)
    # Of an answer its texts by language, of a macro what `contents.check_macro` returns.
    content = models.JSONField(default=dict)
    # Counts up with each change; 0 only within the transaction that makes the entry.
    version = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="one_entry_per_name")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class LibraryVersion(models.Model):
    """An entry as it was once. Written once, never changed."""

    entry = models.ForeignKey(LibraryEntry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    content = models.JSONField()
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_row_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.entry} ({self.number})"


class LibraryUse(models.Model):
    """That an entry was used on a case: what that changed, so that it can be undone."""

    id = models.CharField(primary_key=True, max_length=40, default=_use_id)
    entry = models.ForeignKey(LibraryEntry, on_delete=models.PROTECT, related_name="uses")
    number = models.PositiveIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="library_uses")
    # The language of the text that went into the draft; "" where none did.
    language = models.CharField(max_length=2, default="", blank=True)
    # The macro's use that this answer was a part of.
    part_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)
    used_at = models.DateTimeField()
    # What it changed, by name, as it was and as it was left.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, default="", blank=True)
    undone_entrance = models.CharField(max_length=8, default="", blank=True)
    # What undoing left alone, and why.
    left = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["case", "used_at"], name="library_of_case")]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.case_id}"
