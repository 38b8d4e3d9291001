"""Confirming that a person may ask about an account, and ending mail nobody asked for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from headwater.accounts import acts as account_acts
from headwater.accounts import notices
from headwater.accounts.errors import LinkNotGood, VerificationFailed
from headwater.accounts.models import AccountLink
from headwater.cases import acts as case_acts
from headwater.kit.actors import Actor


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks: mail scanners follow every link, and must not confirm anything by that.

    POST verifies the link and raises the person's open cases. Both may be repeated.
    """
    try:
        link = account_acts.read_verification(token)
    except VerificationFailed as problem:
        return render(request, "portal/verify_failed.html", {"problem": problem}, status=410)
    if request.method == "POST":
        # Whoever holds the token reads the account's registered mail; no name is known of them.
        owner = Actor(
            kind="person",
            id=link.platform_account_id,
            name=link.platform_account.email,
            entrance="mail",
        )
        link = account_acts.verify_link(link, how=AccountLink.How.LINK, actor=owner)
        case_acts.apply_verified_link(link, actor=owner)
    response = render(request, "portal/verify.html", {"link": link})
    # The token must not leak to other sites, nor this page to search engines.
    # With "no-referrer" browsers send the form without its origin, which Django refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt  # Mail programs press this button themselves (RFC 8058); the token is the proof.
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET only asks: mail scanners follow every link. POST ends notices; it may be repeated."""
    try:
        person = notices.read_unsubscribe(token)
    except LinkNotGood as problem:
        return render(request, "portal/verify_failed.html", {"problem": problem}, status=410)
    if request.method == "POST":
        person = notices.stop_notices(person)
    response = render(request, "portal/unsubscribe.html", {"person": person})
    # With "no-referrer" browsers send the form without its origin, which Django refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
