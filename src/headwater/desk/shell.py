"""What every page of the desk shows around its content: rail, saved views, theme."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from headwater.accounts.models import Agent
from headwater.cases.queries import visible_cases
from headwater.desk.saved_views import VIEWS, SavedView, with_counts
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

THEME_COOKIE = "headwater_theme"
THEMES = (
    {"key": "light", "title": _("Light colours"), "icon": "sun"},
    {"key": "dark", "title": _("Dark colours"), "icon": "moon"},
    {"key": "system", "title": _("Colours of the system"), "icon": "monitor"},
)


_View = TypeVar("_View", bound=Callable[..., HttpResponse])


def writes_nothing(view: _View) -> _View:
    """Marks a view whose POST leaves the store alone, so that no transaction is opened for it."""
    view.writes_nothing = True  # type: ignore[attr-defined]
    return view


def agent_of(request: HttpRequest) -> Agent:
    """The signed-in agent; the views that call it are behind a login."""
    assert isinstance(request.user, Agent)  # noqa: S101 - narrows the type only
    return request.user


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in agent as the author of an act through this entrance."""
    agent = agent_of(request)
    return Actor(kind="agent", id=agent.pk, name=agent.name, entrance="desk")


def theme_of(request: HttpRequest) -> str:
    """The chosen colour theme: light, dark or system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in {"light", "dark"} else "system"


def view_named(key: str | None) -> SavedView:
    """The saved view of that key, or the first."""
    return next((view for view in VIEWS if view.key == key), VIEWS[0])


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    section: str = "",
    status: int = 200,
) -> HttpResponse:
    """`template` inside the shell, with the rail's counts."""
    agent = agent_of(request)
    views, news = with_counts(visible_cases(agent), agent, utc_now())
    shell = {
        "theme": theme_of(request),
        "themes": THEMES,
        "section": section,
        "news_count": news,
        "views": views,
    }
    return render(request, template, shell | (context or {}), status=status)
