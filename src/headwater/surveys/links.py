"""The links of a survey: what they are about is signed, and nobody can make one up."""

from typing import Any

from django.conf import settings
from django.core import signing

from headwater.accounts.models import Person
from headwater.accounts.queries import person_of
from headwater.surveys.errors import SurveyLinkNotGood
from headwater.surveys.models import Offer
from headwater.surveys.rules import HIGHEST, LOWEST

_SALT = "headwater.surveys.answer"
_STOP = "headwater.surveys.stop"


def answer_url(offer: Offer, score: int) -> str:
    """The page on which this score stands chosen."""
    token = signing.Signer(salt=_SALT).sign_object({"offer": offer.pk, "score": score})
    return f"{settings.HEADWATER_BASE_URL}/survey/{token}/"


def answer_urls(offer: Offer) -> dict[int, str]:
    """A link for each score, best first."""
    return {score: answer_url(offer, score) for score in range(HIGHEST, LOWEST - 1, -1)}


def stop_url(person: Person) -> str:
    """The page, and the one-click button, that ends surveys to this person."""
    token = signing.Signer(salt=_STOP).sign_object({"person": person.pk})
    return f"{settings.HEADWATER_BASE_URL}/no-surveys/{token}/"


def read_answer(token: str) -> tuple[str, int]:
    """The offer's id and the score that stands chosen. Raises SurveyLinkNotGood."""
    content = _read(token, _SALT)
    return str(content["offer"]), int(content["score"])


def read_stop(token: str) -> Person:
    """The person who wants no more. Raises SurveyLinkNotGood."""
    person = person_of(str(_read(token, _STOP)["person"]))
    if person is None:
        raise SurveyLinkNotGood("Nobody is known under this link any more.", param="token")
    return person


def _read(token: str, salt: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.Signer(salt=salt).unsign_object(token)
    except signing.BadSignature as error:
        raise SurveyLinkNotGood(
            "This link is not complete or was changed.",
            param="token",
            hint="Copy the whole link from the mail.",
        ) from error
    return content
