"""Whether a person wants to be written to without having asked, and the link that says no."""

from django.conf import settings
from django.core import signing

from headwater.accounts.errors import LinkNotGood
from headwater.accounts.models import Person
from headwater.kit.clock import utc_now

_SALT = "headwater.accounts.unsubscribe"


def unsubscribe_url(person: Person) -> str:
    """The address of the page, and of the one-click button, that ends notices to this person."""
    token = signing.Signer(salt=_SALT).sign_object({"person": person.pk})
    return f"{settings.HEADWATER_BASE_URL}/unsubscribe/{token}/"


def read_unsubscribe(token: str) -> Person:
    """The person whom a link is about; it never expires. Raises LinkNotGood."""
    try:
        content = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature as error:
        raise LinkNotGood(
            "This link is not complete or was changed.",
            param="token",
            hint="Copy the whole link from the mail.",
        ) from error
    person = Person.objects.filter(pk=content["person"]).first()
    if person is None:
        raise LinkNotGood("Nobody is known under this link any more.", param="token")
    return person


def stop_notices(person: Person) -> Person:
    """From now on we write to this person only in answer. Repeating it changes nothing."""
    if person.notices_off_at is None:
        person.notices_off_at = utc_now()
        person.save(update_fields=["notices_off_at"])
    return person


def stop_surveys(person_id: str) -> Person:
    """From now on this person is not asked whether they were satisfied. Raises LinkNotGood."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise LinkNotGood("Nobody is known under this link any more.", param="token")
    if person.surveys_off_at is None:
        person.surveys_off_at = utc_now()
        person.save(update_fields=["surveys_off_at"])
    return person


def hold_person(person_id: str) -> Person:
    """The person as stored now, held until the transaction ends."""
    return Person.objects.select_for_update().get(pk=person_id)
