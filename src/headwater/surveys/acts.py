"""Every write to surveys."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from headwater.accounts import notices
from headwater.accounts.models import Person
from headwater.cases import feedback
from headwater.cases.models import Case
from headwater.cases.queries import first_user_message, standing_for
from headwater.cases.rules import one_line
from headwater.channels.languages import language_of
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.outbox import acts as outbox
from headwater.kit.redaction import masked
from headwater.surveys import links, queries, rules
from headwater.surveys.errors import SurveyClosed, SurveyRefused
from headwater.surveys.models import Offer
from headwater.surveys.words import ENGLISH, WORDS, mail_body, words_in

_COMMENT_LENGTH = 4_000


def decide(case_id: str, *, actor: Actor, now: datetime | None = None) -> Offer | None:
    """Asks the person of a solved case, or writes down why not; None where that was done before.

    Repeatable: one row for each solving, and the mail leaves with that row or not at all.
    """
    now = now or utc_now()
    with transaction.atomic():
        case = standing_for(case_id)
        # Two cases of one person at once must not both find that nobody was asked lately.
        notices.hold_person(case.person_id)
        if case.state != Case.State.SOLVED or case.solved_at is None:
            return None
        if Offer.objects.filter(case=case, solved_at=case.solved_at).exists():
            return None
        quiet = timedelta(days=settings.HEADWATER_SURVEY_QUIET_DAYS)
        reason = rules.why_not(queries.circumstances_of(case), now, quiet)
        return _store(case, case.solved_at, reason, actor=actor, now=now)


def offer_now(case_id: str, *, actor: Actor) -> Offer:
    """As `decide`, when somebody asks for it. Raises SurveyRefused with the reason."""
    made = decide(case_id, actor=actor)
    if made is None:
        raise SurveyRefused(
            "The case is not solved, or its person was asked about it already.",
            param="case",
            hint="`headwater surveys show` says what was decided.",
        )
    if made.state != Offer.State.OFFERED:
        raise SurveyRefused(f"Nobody is asked: {made.reason}", param="case")
    return made


def withdraw(offer_id: str, *, reason: str, actor: Actor) -> Offer:
    """Nobody can answer any more. Raises SurveyRefused where there is nothing to withdraw."""
    with transaction.atomic():
        offer = Offer.objects.select_for_update().select_related("case").filter(pk=offer_id).first()
        if offer is None or offer.state != Offer.State.OFFERED or offer.score is not None:
            raise SurveyRefused(
                "There is no open question of this id.",
                param="offer",
                hint="An answer that was given stays.",
            )
        offer.state, offer.reason = Offer.State.WITHDRAWN, one_line(reason, 100)
        offer.save()
        feedback.note_survey(
            offer.case, "survey.withdrawn", {"offer_id": offer.pk, "reason": offer.reason},
            actor=actor,
        )  # fmt: skip
    return offer


def answer(offer_id: str, score: int, comment: str, *, now: datetime | None = None) -> Offer:
    """Records what the person says; a later answer takes the place of an earlier one.

    A low score brings the case back to a lead, once. Raises SurveyClosed, SurveyRefused.
    """
    if not rules.LOWEST <= score <= rules.HIGHEST:
        raise SurveyRefused("Choose one of the answers.", param="score")
    now = now or utc_now()
    with transaction.atomic():
        offer = (
            Offer.objects.select_for_update(of=("self",))
            .select_related("case", "person")
            .get(pk=queries.offer(offer_id).pk)
        )
        _demand_open(offer, now)
        text = masked(comment.replace("\x00", "").strip())[:_COMMENT_LENGTH]
        if (offer.score, offer.comment) == (score, text):
            return offer
        offer.score, offer.comment, offer.answered_at = score, text, now
        low = rules.is_low(score) and offer.brought_back_at is None
        if low:
            offer.brought_back_at = now
        offer.save()
        person = offer.person
        actor = Actor(
            kind="person", id=person.pk, name=person.name or person.email, entrance="portal"
        )
        data = {"offer_id": offer.pk, "score": score, "comment": text}
        feedback.note_survey(offer.case, "survey.answered", data, actor=actor)
        if low:
            feedback.bring_back(offer.case, actor=Actor.system())
    return offer


def open_offer(offer_id: str, *, now: datetime | None = None) -> Offer:
    """The offer of a link, for showing. Raises SurveyLinkNotGood, SurveyClosed."""
    offer = queries.offer(offer_id)
    _demand_open(offer, now or utc_now())
    return offer


def stop(person: Person) -> Person:
    """The person is asked no more. Repeatable."""
    return notices.stop_surveys(person.pk)


def _store(case: Case, solved_at: datetime, reason: str, *, actor: Actor, now: datetime) -> Offer:
    first = first_user_message(case)
    spoken = case.language or (language_of(first.body) if first else None) or ENGLISH
    offer = Offer(
        case=case,
        person=case.person,
        agent=case.assignee or queries.last_to_answer(case),
        solved_at=solved_at,
        decided_at=now,
        state=Offer.State.SKIPPED if reason else Offer.State.OFFERED,
        reason=reason,
        language=spoken if spoken in WORDS else ENGLISH,
        closes_at=None if reason else now + timedelta(days=settings.HEADWATER_SURVEY_OPEN_DAYS),
    )
    offer.save(force_insert=True)
    if not reason:
        _mail(offer)
        feedback.note_survey(case, "survey.offered", {"offer_id": offer.pk}, actor=actor)
    return offer


def _mail(offer: Offer) -> None:
    case, stop_url = offer.case, links.stop_url(offer.person)
    subject = case.subject or case.pk
    outbox.post(
        kind="survey",
        recipient=offer.person.email,
        subject=words_in(offer.language)["subject"].format(subject=subject)[:300],
        payload={
            "case_id": case.pk,
            "body": mail_body(offer.language, subject, links.answer_urls(offer), stop_url),
            "unsubscribe": stop_url,
        },
    )


def _demand_open(offer: Offer, now: datetime) -> None:
    closed = offer.closes_at is not None and now >= offer.closes_at
    if offer.state != Offer.State.OFFERED or closed:
        raise SurveyClosed(
            "This question is closed.",
            param="token",
            hint="To tell us something about your case, answer our last mail.",
        )
