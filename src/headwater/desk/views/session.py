"""Signing in and out, and the colour theme."""

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from headwater.desk import throttle
from headwater.desk.forms import SignInForm
from headwater.desk.shell import THEME_COOKIE, theme_of

_YEAR = 365 * 24 * 3600


def local_next(request: HttpRequest, value: str) -> str:
    """`value` if it is an address of this site, else the queue's."""
    safe = url_has_allowed_host_and_scheme(
        value, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return value if value and safe else "/"


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; one sentence for every wrong pair, so that no address can be probed."""
    target = local_next(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        email, client = form.cleaned_data["email"].strip().lower(), request.META["REMOTE_ADDR"]
        if throttle.is_blocked(email, client):
            form.add_error(None, _("Too many wrong passwords. Wait 15 minutes, then try again."))
            status = 429
        else:
            user = authenticate(request, username=email, password=form.cleaned_data["password"])
            if user is not None:
                throttle.record_success(email, client)
                login(request, user)
                return redirect(target)
            throttle.record_failure(email, client)
            form.add_error(None, _("This email and password do not fit. Check both and try again."))
            status = 422
    elif request.method == "POST":
        status = 422
    context = {"form": form, "next": target, "theme": theme_of(request)}
    return render(request, "desk/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("desk:sign_in")


@login_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or system in a cookie and go back to the page."""
    response = redirect(local_next(request, request.POST.get("next", "")))
    response.set_cookie(
        THEME_COOKIE,
        request.POST.get("theme", "system")[:8],
        max_age=_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
