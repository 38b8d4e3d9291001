"""The library of canned answers, and an answer's way into a case's draft."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from headwater.cases.models import Case
from headwater.cases.queries import visible_cases
from headwater.desk.library_words import places
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case
from headwater.diagnosis.queries import latest_diagnosis
from headwater.kit.errors import HeadwaterError
from headwater.macros import acts, queries
from headwater.macros.contents import answer, spoken
from headwater.macros.models import LibraryEntry, LibraryUse
from headwater.macros.queries import ANSWER, MACRO
from headwater.macros.running import undo as take_back
from headwater.macros.using import use_answer

_TEXT = "text-"


@login_required
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Every answer with its languages and how often it was used."""
    words = request.GET.get("q", "")
    retired = request.GET.get("all") == "1"
    context = {
        "words": words,
        "retired": retired,
        "rows": [
            {"entry": each, "languages": spoken(each.content["texts"])}
            for each in queries.entries(ANSWER, words, retired=retired)
        ],
        "may_edit": acts.may_edit(agent_of(request)),
    }
    return render_page(request, "desk/answers/library.html", context, section="answers")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new answer, written by a lead."""
    if request.method == "POST":
        try:
            entry = _keep(request, request.POST.get("name", "").strip(), based_on=0)
        except HeadwaterError as problem:
            return _page(request, None, problem)
        return redirect("desk:answer", entry)
    return _page(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One answer with its versions; leads change, retire and bring back."""
    try:
        entry = queries.entry_named(ANSWER, name)
    except HeadwaterError as error:
        raise Http404 from error
    if request.method == "POST":
        try:
            _change(request, entry)
        except HeadwaterError as problem:
            return _page(request, entry, problem)
        return redirect("desk:answer", name)
    return _page(request, entry)


def _change(request: HttpRequest, entry: LibraryEntry) -> None:
    action, actor = request.POST.get("action", ""), actor_of(request)
    if action == "retire":
        acts.retire(ANSWER, entry.name, actor=actor)
        messages.success(request, _("It is no longer offered."))
    elif action.startswith("back:"):
        acts.bring_back(ANSWER, entry.name, number_in(action[5:]), actor=actor)
        messages.success(request, _("It reads as it did then."))
    else:
        _keep(request, entry.name, based_on=number_in(request.POST.get("version", "")))


def _keep(request: HttpRequest, name: str, *, based_on: int) -> str:
    written = answer(
        name, request.POST.get("title", ""), typed_texts(request), fields=queries.field_ids()
    )
    kept = acts.keep(written, actor=actor_of(request), based_on=based_on)
    messages.success(request, _("Kept.") if kept else _("Nothing was different."))
    return name


def typed_texts(request: HttpRequest) -> dict[str, str]:
    """The texts by language; one that was emptied goes, but for English, which has to stay."""
    texts = {
        key.removeprefix(_TEXT): text
        for key, text in request.POST.items()
        if key.startswith(_TEXT) and isinstance(text, str)
    }
    added = request.POST.get("new_language", "").strip().lower()
    if added:
        texts[added] = request.POST.get("new_text", "")
    return {each: text for each, text in texts.items() if text.strip() or each in ("en", added)}


def _page(
    request: HttpRequest, entry: LibraryEntry | None, problem: HeadwaterError | None = None
) -> HttpResponse:
    typed: Any = request.POST if problem is not None and "title" in request.POST else {}
    texts = typed_texts(request) if typed else entry.content["texts"] if entry else {"en": ""}
    texts = {"en": "", **texts}
    context = {
        "entry": entry,
        "typed": typed,
        "title": typed.get("title", entry.title if entry else ""),
        "texts": [(each, texts[each]) for each in spoken(texts)],
        "version": typed.get("version", entry.version if entry else 0),
        "versions": queries.versions_of(entry) if entry else [],
        "uses": seen_uses(request, entry) if entry else [],
        "example": '{{ person.first_name | "there" }}',
        "places": places(queries.field_ids()),
        "may_edit": acts.may_edit(agent_of(request)),
        "problem": problem,
    }
    status = problem.http_status if problem is not None else 200
    return render_page(request, "desk/answers/one.html", context, section="answers", status=status)


def seen_uses(request: HttpRequest, entry: LibraryEntry) -> list[LibraryUse]:
    """The latest uses on cases that the agent may see."""
    uses = queries.uses_of(entry)
    seen = visible_cases(agent_of(request)).filter(pk__in=[each.case_id for each in uses])
    ids = set(seen.values_list("pk", flat=True))
    return [each for each in uses if each.case_id in ids]


@login_required
@require_safe
def in_case(request: HttpRequest, case_id: str) -> HttpResponse:
    """The answers as they would read in a case; with `fragment`, only the list for the picker."""
    agent = agent_of(request)
    found = find_case(agent, case_id)
    words = request.GET.get("q", "")
    offered, count = queries.offered(found, agent, words)
    diagnosis = latest_diagnosis(found) if any(each.cites for each in offered) else None
    context = {
        "case": found,
        "words": words,
        "offered": offered,
        "count": count,
        "macros": queries.entries(MACRO, words),
        "findings": list(diagnosis.findings.all()) if diagnosis else [],
    }
    if request.GET.get("fragment") == "1":
        return render_page(request, "desk/answers/_list.html", context)
    context["uses"] = queries.uses_on(found)
    return render_page(request, "desk/answers/in_case.html", context, section="cases")


@login_required
@require_POST
def use(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """Put an answer into the draft; for the composer's script as JSON between its two texts."""
    agent = agent_of(request)
    found = find_case(agent, case_id)
    scripted = "before" in request.POST
    try:
        made = use_answer(
            found,
            name,
            agent=agent,
            actor=actor_of(request),
            language=request.POST.get("language", ""),
            finding=max(1, number_in(request.POST.get("finding", "1"))),
            around=_around(request) if scripted else None,
            replace=request.POST.get("replace") == "1",
        )
    except HeadwaterError as problem:
        if scripted:
            return JsonResponse({"problem": str(problem)}, status=problem.http_status)
        messages.error(request, str(problem))
        return redirect("desk:case_answers", found.pk)
    if scripted:
        body = made.after["draft"]["body"]
        # Counted as browsers count, in units of UTF-16.
        behind = len(_around(request)[1].encode("utf-16-le")) // 2
        return JsonResponse({"body": body, "cursor_from_end": behind})
    messages.success(request, _("It is in the draft. Look it over, then send."))
    return redirect("desk:case", found.pk)


def _around(request: HttpRequest) -> tuple[str, str]:
    before, after = request.POST.get("before", ""), request.POST.get("after", "")
    return before.replace("\r\n", "\n"), after.replace("\r\n", "\n")


@login_required
@require_POST
def undo(request: HttpRequest, case_id: str, use_id: str) -> HttpResponse:
    """Take back what was used on a case, where nobody touched it since."""
    found = find_case(agent_of(request), case_id)
    try:
        _of_case(found, use_id)
        undone = take_back(use_id, actor=actor_of(request))
    except HeadwaterError as problem:
        messages.error(request, str(problem))
        return redirect("desk:case_answers", found.pk)
    if undone.left:
        messages.error(request, " ".join(undone.left))
    else:
        messages.success(request, _("Undone."))
    return redirect("desk:case", found.pk)


def _of_case(found: Case, use_id: str) -> None:
    if queries.use_by_id(use_id).case_id != found.pk:
        raise Http404


def number_in(text: str) -> int:
    """The number that a form sent; -1 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
