"""The question after solving. GET only shows: mail scanners open every link of a mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from headwater.kit.errors import HeadwaterError
from headwater.surveys import acts, links, queries
from headwater.surveys.models import Offer
from headwater.surveys.rules import HIGHEST, LOWEST
from headwater.surveys.words import words_in


@csrf_exempt  # The signed link is the proof; a mail program's window may keep no cookies.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the answers with the link's own chosen; POST records what is chosen then."""
    try:
        offer_id, chosen = links.read_answer(token)
        if request.method == "POST":
            score = _score(request.POST.get("score", ""))
            offer = acts.answer(offer_id, score, request.POST.get("comment", ""))
            return _private(render(request, "portal/survey_thanks.html", _context(offer, score)))
        offer = acts.open_offer(offer_id)
    except HeadwaterError as problem:
        page = render(request, "portal/verify_failed.html", {"problem": problem}, status=410)
        return _private(page)
    return _private(render(request, "portal/survey.html", _context(offer, chosen)))


@csrf_exempt  # Mail programs press this button themselves (RFC 8058); the token is the proof.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_surveys(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks; POST ends surveys to this person. It may be repeated."""
    try:
        person = links.read_stop(token)
    except HeadwaterError as problem:
        page = render(request, "portal/verify_failed.html", {"problem": problem}, status=410)
        return _private(page)
    if request.method == "POST":
        person = acts.stop(person)
    language = queries.language_of_person(person)
    words = words_in(language)
    stopped = person.surveys_off_at is not None
    context = {
        "words": words,
        "language": language,
        "stopped": stopped,
        "text": words["stopped_text" if stopped else "stop_text"].format(email=person.email),
    }
    return _private(render(request, "portal/no_surveys.html", context))


def _context(offer: Offer, chosen: int) -> dict[str, object]:
    words = words_in(offer.language)
    closes = date_format(offer.closes_at, "Y-m-d") if offer.closes_at else ""
    return {
        "words": words,
        "language": offer.language,
        "about": words["about"].format(subject=offer.case.subject or offer.case_id),
        "kept": words["kept"].format(day=closes),
        "answers": [(score, words[str(score)]) for score in range(HIGHEST, LOWEST - 1, -1)],
        "chosen": chosen,
        "offer": offer,
    }


def _score(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 else 0


def _private(response: HttpResponse) -> HttpResponse:
    # The token must not leak to other sites, nor this page to search engines.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
