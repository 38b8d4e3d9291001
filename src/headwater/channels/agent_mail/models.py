"""What is stored of agents' mails; `channels.models` hands it on."""

from django.db import models


class ActedMail(models.Model):
    """That a mail of an agent was acted upon: a second copy, by whatever way, does nothing."""

    rfc_id = models.CharField(primary_key=True, max_length=500)
    mail = models.ForeignKey("channels.RawMail", on_delete=models.PROTECT, related_name="acted")

    def __str__(self) -> str:
        return self.rfc_id
