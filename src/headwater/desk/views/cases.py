"""The queue and the case page: reading."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from headwater.accounts.models import Agent
from headwater.cases.files import files_of, with_files
from headwater.cases.handling.tags import tags_of
from headwater.cases.models import Case, CaseEvent, CaseLink, Clock, Message
from headwater.cases.queries import (
    clocks_of_cases,
    events_of,
    links_of,
    merged_into,
    messages_of,
    visible_cases,
)
from headwater.channels.marks import mark_of, with_marks
from headwater.channels.queries import raw_mails_of_case
from headwater.channels.replies import readers
from headwater.desk import evidence_panel
from headwater.desk.chips import Chip, due_chip
from headwater.desk.queue_rows import queue_row
from headwater.desk.rephrasing import rephrasing_context
from headwater.desk.saved_views import in_view
from headwater.desk.shelf import playbook_titles
from headwater.desk.shell import agent_of, render_page, view_named
from headwater.desk.snooze import CHOICES as SNOOZE_CHOICES
from headwater.desk.timeline import timeline
from headwater.diagnosis.queries import evidence_of, latest_diagnosis
from headwater.diagnosis.watch.queries import began_with, incident_of
from headwater.escalation.models import Escalation
from headwater.escalation.queries import escalations_of
from headwater.kit.clock import utc_now
from headwater.kit.outbox.queries import outgoing_of

QUEUE_LENGTH = 100


def find_case(agent: Agent, case_id: str) -> Case:
    """The case, with what its page needs. Raises Http404 also when it may not be seen."""
    cases = with_files(with_marks(visible_cases(agent))).select_related(
        "person", "account", "assignee", "draft", "problem_link__problem"
    )
    case = cases.filter(pk=case_id).first()
    if case is None:
        raise Http404
    return case


def queue_context(request: HttpRequest, beside: Case | None = None) -> dict[str, Any]:
    """The queue pane: the chosen saved view and its rows, what breaks first on top.

    `clocks` holds the clocks of the rows, and of the case `beside` them, by case id.
    """
    agent, now = agent_of(request), utc_now()
    view = view_named(request.GET.get("view"))
    cases = in_view(visible_cases(agent), view, agent, now)
    chosen = list(cases.select_related("person", "account", "assignee")[: QUEUE_LENGTH + 1])
    shown = [*chosen, beside] if beside else chosen
    clocks = clocks_of_cases(shown)
    titles = playbook_titles()
    return {
        "current_view": view,
        "view_key": view.key,
        "rows": [
            queue_row(case, clocks.get(case.pk, []), titles, now) for case in chosen[:QUEUE_LENGTH]
        ],
        "clocks": clocks,
        "more": len(chosen) > QUEUE_LENGTH,
    }


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """The queue page, or only its list for a refresh by htmx."""
    context = queue_context(request)
    if request.headers.get("HX-Request"):
        # The row of the case that is open beside the list stays marked.
        context["case"] = {"id": request.GET.get("case", "")}
        return render_page(request, "desk/cases/_queue.html", context, section="cases")
    return render_page(request, "desk/cases/queue.html", context, section="cases")


@login_required
@require_safe
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """The case page, or only its evidence while the diagnosis is awaited."""
    found = find_case(agent_of(request), case_id)
    if request.GET.get("fragment") == "rephrasing":
        context = {"case": found, **rephrasing_context(found, fresh=True)}
        return render_page(request, "desk/cases/_rephrasing.html", context)
    if request.GET.get("fragment") == "evidence":
        return render_page(
            request, "desk/cases/_evidence.html", evidence_context(found, agent_of(request))
        )
    return show_case(request, found)


def show_case(
    request: HttpRequest,
    found: Case,
    *,
    compose: dict[str, str] | None = None,
    write_error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; `compose` keeps what was typed when it could not be sent."""
    raw_mails = raw_mails_of_case(found)
    events = list(events_of(found))
    files = files_of(found) if getattr(found, "has_files", False) else []
    talk = list(messages_of(found))
    merged = merged_into(found)
    leaving = [one.pk for one in talk if one.delivery != Message.Delivery.NONE]
    queue = queue_context(request, beside=found)
    context = {
        **queue,
        **evidence_context(found, agent_of(request)),
        "clock_chips": clock_chips(found, queue["clocks"].get(found.pk, [])),
        "timeline": timeline(
            talk,
            events,
            raw_mails,
            playbook_titles(),
            outgoing_of(leaving) if leaving else {},
            files,
            {each.pk: each.subject or each.pk for each in [*merged, *_split_from(found)]},
        ),
        "mark": mark_of(found.person.email) if getattr(found, "bouncing", False) else None,
        "readers": readers(found, _last_of_user(talk)),
        "draft_files": [file for file in files if file.message_id is None],
        "most_megabytes": settings.HEADWATER_ATTACHMENT_MB,
        "merged_cases": merged,
        "escalations": _escalations(found, events),
        "case_links": case_links(found, events, agent_of(request)),
        "asides_open": asides_open(events),
        "tags": tags_of(found) if any(each.kind == "case.tagged" for each in events) else [],
        "snooze_choices": SNOOZE_CHOICES,
        "cause_title": playbook_titles().get(found.cause, found.cause),
        "compose": compose or composer_of(found),
        "write_error": write_error,
        **rephrasing_context(found),
    }
    return render_page(request, "desk/cases/case.html", context, section="cases", status=status)


def _split_from(found: Case) -> list[Case]:
    return [found.split_from] if found.split_from is not None else []


def _escalations(found: Case, events: list[CaseEvent]) -> list[Escalation]:
    """What other teams have to do for it; asked for only where the log says that there is any."""
    if found.has_merged or any(event.kind == "escalation.opened" for event in events):
        return escalations_of(found)
    return []


def asides_open(events: list[CaseEvent]) -> int:
    """How many side conversations are open, as the log tells it."""
    states: dict[str, bool] = {}
    for event in events:
        if event.kind.startswith("aside."):
            states[event.data["aside_id"]] = event.kind != "aside.closed"
    return sum(states.values())


def composer_of(found: Case) -> dict[str, str]:
    """The reply box as it opens: the saved draft, and what it came from."""
    draft = getattr(found, "draft", None)
    if draft is None:
        return {"kind": "reply", "reply_body": "", "note_body": "", "based_on": ""}
    title = playbook_titles().get(draft.based_on, draft.based_on)
    words = _("Draft from: %(title)s") % {"title": title} if title else _("Saved draft")
    return {"kind": "reply", "reply_body": draft.body, "note_body": "", "based_on": words}


def _last_of_user(talk: list[Message]) -> Message | None:
    return next((one for one in reversed(talk) if one.kind == Message.Kind.USER), None)


def case_links(found: Case, events: list[CaseEvent], agent: Agent) -> list[dict[str, Any]]:
    """The cases that this one goes on from or refers to, and the other way round."""
    if not any(event.kind == "case.linked" for event in events):
        return []
    links = links_of(found)
    ids = {link.other_id if link.case_id == found.pk else link.case_id for link in links}
    others = {case.pk: case for case in visible_cases(agent).filter(pk__in=ids)}
    shown = []
    for link in links:
        earlier = link.case_id == found.pk
        other = others.get(link.other_id if earlier else link.case_id)
        if other is None:
            continue
        word = str(LINK_WORDS[CaseLink.Kind(link.kind)][0 if earlier else 1])
        shown.append({"case": other, "word": word, "reason": link.reason, "kind": link.kind})
    return shown


# Of a link: what the later case says of the earlier, and the earlier of the later.
LINK_WORDS = {
    CaseLink.Kind.FOLLOW_UP: (gettext_lazy("Goes on from"), gettext_lazy("Goes on in")),
    CaseLink.Kind.RELATED: (gettext_lazy("Refers to"), gettext_lazy("Referred to by")),
    CaseLink.Kind.DUPLICATE: (gettext_lazy("Tells the same as"), gettext_lazy("Told again in")),
    CaseLink.Kind.PROBLEM: (gettext_lazy("Caused by"), gettext_lazy("Is the cause of")),
    CaseLink.Kind.SPLIT: (gettext_lazy("Split from"), gettext_lazy("Split off into")),
}


def clock_chips(found: Case, clocks: list[Clock]) -> list[Chip]:
    """Of each kind of promise that somebody waits for the one that breaks first."""
    if found.state in Case.PAST:
        return []
    first: dict[str, Clock] = {}
    for clock in sorted(clocks, key=lambda clock: clock.due_at):
        if not clock.ended_at and clock.state != Clock.State.PAUSED:
            first.setdefault(clock.target, clock)
    return [
        due_chip(
            clock.due_at, clock.target, clock.started_at, found.state, utc_now(), clock.breaks_at
        )
        for clock in first.values()
    ]


def evidence_context(found: Case, agent: Agent) -> dict[str, Any]:
    """The latest diagnosis. Nothing at all for a sender without an account."""
    known = found.identity != Case.Identity.UNKNOWN
    diagnosis = latest_diagnosis(found) if known else None
    findings = list(diagnosis.findings.all()) if diagnosis else []
    account = found.account
    name = (account.name or account.pk) if account else _("No account known")
    titles = playbook_titles()
    pending = known and diagnosis is None
    incident = incident_of(found, {each.playbook: each.first_seen for each in findings})
    shown = [evidence_panel.finding_view(finding) for finding in findings]
    caused = [one for one in shown if incident and began_with(incident, one.first_seen)]
    return {
        "case": found,
        "account_name": name,
        "diagnosis": diagnosis,
        "diagnosis_pending": pending and found.state != Case.State.SOLVED,
        "attached": [evidence_panel.attached_view(one, agent) for one in evidence_of(found)],
        "ask": diagnosis.ask if diagnosis else None,
        "findings": shown,
        "incident": incident,
        # What began with an incident may be its effect; it is not shown as a cause of its own.
        "caused": caused,
        "own": [one for one in shown if one not in caused],
        "suggested": evidence_panel.suggested(diagnosis) if diagnosis else [],
        "ruled_out": evidence_panel.ruled_out(diagnosis, titles) if diagnosis else [],
        "not_searched": evidence_panel.not_searched(diagnosis, titles) if diagnosis else [],
        "searched_tables": evidence_panel.searched_tables(diagnosis) if diagnosis else [],
        "searched_missing": evidence_panel.searched_missing(diagnosis) if diagnosis else [],
    }


@login_required
@require_safe
def finding(request: HttpRequest, case_id: str, rank: int) -> HttpResponse:
    """One finding on a page of its own, with every kept row."""
    found = find_case(agent_of(request), case_id)
    context = evidence_context(found, agent_of(request))
    chosen = next((one for one in context["findings"] if one.rank == rank), None)
    if chosen is None:
        raise Http404
    return render_page(
        request, "desk/cases/finding.html", context | {"finding": chosen}, section="cases"
    )
