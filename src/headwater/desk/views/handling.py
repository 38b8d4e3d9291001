"""Tags and fields of a case, who follows it, and until when it sleeps: a page of its own."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from headwater.accounts.acts import set_news_mail
from headwater.accounts.models import Agent
from headwater.cases import acts as case_acts
from headwater.cases.handling import fields, following, snoozing, splitting, tags
from headwater.cases.handling.words import tags_in
from headwater.cases.links import link_cases, unlink_cases
from headwater.cases.models import Case, CaseLink
from headwater.cases.queries import events_of, messages_of, visible_case
from headwater.desk.shelf import playbook_titles
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.timeline import event_text
from headwater.desk.views.cases import LINK_WORDS, case_links, find_case
from headwater.kit.errors import HeadwaterError

_FIELD = "field-"


@login_required
@require_http_methods(["GET", "POST"])
def handling(request: HttpRequest, case_id: str) -> HttpResponse:
    """The page, and every change that its forms make; what was refused is said above them."""
    found = find_case(agent_of(request), case_id)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("action", ""))
        try:
            if act is None:
                raise HeadwaterError(_("There is no such change."), hint=_("Reload the page."))
            act(request, found)
        except HeadwaterError as problem:
            return _page(request, found, problem=problem)
        return redirect("desk:handling", found.pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Case, problem: HeadwaterError | None = None) -> HttpResponse:
    agent = agent_of(request)
    typed = request.POST if problem is not None else {}
    context = {
        "case": found,
        "tags": tags.tags_of(found),
        "known_tags": tags.known_tags(),
        "fields": [
            {"filled": each, "shown": typed.get(_FIELD + each.field.pk, each.value)}
            for each in fields.fields_of(found)
        ],
        "typed": typed,
        "followers": following.followers_of(found),
        "following": following.follows(found, agent),
        "links": case_links(found, list(events_of(found)), agent),
        "link_kinds": [
            (kind.value, words[0])
            for kind, words in LINK_WORDS.items()
            if kind != CaseLink.Kind.SPLIT
        ],
        "problem": problem,
    }
    status = problem.http_status if problem is not None else 200
    return render_page(request, "desk/cases/handling.html", context, section="cases", status=status)


def _add_tags(request: HttpRequest, found: Case) -> None:
    names = tags_in(request.POST.get("tags", ""))
    new = request.POST.get("new") == "1"
    tags.add_tags(found, names, new=new, actor=actor_of(request))


def _remove_tag(request: HttpRequest, found: Case) -> None:
    tags.remove_tags(found, [request.POST.get("tag", "")], actor=actor_of(request))


def _set_fields(request: HttpRequest, found: Case) -> None:
    texts = {
        name.removeprefix(_FIELD): request.POST.get(name, "").replace("\r\n", "\n")
        for name in request.POST
        if name.startswith(_FIELD)
    }
    fields.set_fields(found, texts, actor=actor_of(request))
    messages.success(request, _("Kept."))


def _follow(request: HttpRequest, found: Case) -> None:
    following.follow_case(found, agent_of(request), actor=actor_of(request))


def _unfollow(request: HttpRequest, found: Case) -> None:
    following.unfollow_case(found, agent_of(request), actor=actor_of(request))


def _snooze(request: HttpRequest, found: Case) -> None:
    what, latest = request.POST.get("until", ""), _instant(request.POST.get("latest", ""))
    actor = actor_of(request)
    if what == "time":
        if latest is None:
            raise HeadwaterError(_("Until when?"), param="latest", hint=_("Choose a time."))
        case_acts.snooze_case(found, latest, actor=actor)
    else:
        snoozing.snooze_for(found, what, latest=latest, actor=actor)
    messages.success(request, _("Snoozed. A mail of the user wakes it in any case."))


def _link(request: HttpRequest, found: Case) -> None:
    other = visible_case(agent_of(request), request.POST.get("other", "").strip())
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
    if kind == CaseLink.Kind.SPLIT:
        raise HeadwaterError(_("Use “Split” in the case instead."), param="kind")
    link_cases(found, other, kind=kind, reason=reason, actor=actor_of(request))


def _unlink(request: HttpRequest, found: Case) -> None:
    kind, _sep, other_id = request.POST.get("link", "").partition(" ")
    other = visible_case(agent_of(request), other_id)
    unlink_cases(found, other, kind=kind, actor=actor_of(request))


def _instant(text: str) -> datetime | None:
    """What a field for date and time holds, which browsers send without an offset: UTC."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise HeadwaterError(_("That is no time."), param="latest") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


_ACTS: dict[str, Callable[[HttpRequest, Case], None]] = {
    "add_tags": _add_tags,
    "remove_tag": _remove_tag,
    "set_fields": _set_fields,
    "follow": _follow,
    "unfollow": _unfollow,
    "snooze": _snooze,
    "link": _link,
    "unlink": _unlink,
}


@login_required
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, case_id: str) -> HttpResponse:
    """Choose messages that become a case of their own."""
    found = find_case(agent_of(request), case_id)
    problem: HeadwaterError | None = None
    chosen, subject = request.POST.getlist("message"), request.POST.get("subject", "")
    if request.method == "POST":
        try:
            actor, reason = actor_of(request), request.POST.get("reason", "")
            new = splitting.split_case(found, chosen, subject=subject, reason=reason, actor=actor)
        except HeadwaterError as refusal:
            problem = refusal
        else:
            messages.success(request, _("Split. The messages stay readable in both cases."))
            return redirect("desk:case", new.pk)
    context = {
        "case": found,
        "talk": list(messages_of(found)),
        "elsewhere": splitting.split_off(found),
        "chosen": chosen,
        "subject": subject,
        "problem": problem,
    }
    status = problem.http_status if problem is not None else 200
    return render_page(request, "desk/cases/split.html", context, section="cases", status=status)


@login_required
@require_safe
def followed(request: HttpRequest) -> HttpResponse:
    """What others did to the cases that the agent follows."""
    agent, titles = agent_of(request), playbook_titles()
    news: list[dict[str, Any]] = [
        {
            "case": each.case,
            "last": each.last_event_id,
            "events": [
                {"at": event.at, "text": event_words(event.kind) or event_text(event, titles)}
                for event in each.events
            ],
        }
        for each in following.news_for(agent)
    ]
    context = {
        "news": news,
        "followed": following.followed_by(agent),
        "news_mails": Agent.NewsMail.choices,
    }
    return render_page(request, "desk/followed.html", context, section="followed")


@login_required
@require_POST
def news_mail(request: HttpRequest) -> HttpResponse:
    """Which news the agent gets by mail."""
    try:
        set_news_mail(agent_of(request), request.POST.get("mails", ""))
    except HeadwaterError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Kept."))
    return redirect("desk:followed")


def event_words(kind: str) -> str:
    """Events that the conversation shows as messages; "" for all others."""
    words = {
        "message.received": _("A message came in"),
        "reply.sent": _("A reply was sent"),
        "note.added": _("A note was added"),
        "delivery.failed": _("A reply was not delivered"),
    }
    return words.get(kind, "")


@login_required
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """The agent has seen the news of a case, up to what the page showed."""
    agent = agent_of(request)
    last = request.POST.get("last", "")
    if last.isascii() and last.isdigit():
        case = visible_case(agent, request.POST.get("case", ""))
        following.mark_seen(case, agent, up_to=int(last[:18]))
    return redirect("desk:followed")
