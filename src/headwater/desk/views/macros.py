"""Macros on the desk: the library that leads write, and a run that is shown beforehand."""

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from headwater.accounts.queries import active_agents
from headwater.cases.handling.tags import known_tags
from headwater.cases.handling.words import tags_in
from headwater.cases.models import Case
from headwater.cases.queries import active_queues
from headwater.desk.library_words import change_word, places, turns
from headwater.desk.shelf import playbook_titles
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.answers import number_in, seen_uses, typed_texts
from headwater.desk.views.cases import find_case
from headwater.kit.errors import HeadwaterError
from headwater.macros import acts, queries
from headwater.macros.contents import spoken, text_for
from headwater.macros.errors import LibraryRefused
from headwater.macros.models import LibraryEntry
from headwater.macros.queries import ANSWER, MACRO
from headwater.macros.recipes import macro, ordered
from headwater.macros.running import preview, run_macro
from headwater.macros.words import shown

_PLAIN: Final = ("queue", "priority", "assign", "answer", "draft", "turn", "until", "cause", "area")


@login_required
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Every macro with what it does and how often it was used."""
    words, retired = request.GET.get("q", ""), request.GET.get("all") == "1"
    context = {
        "words": words,
        "retired": retired,
        "rows": [
            {"entry": each, "does": [change_word(key) for key in ordered(each.content)]}
            for each in queries.entries(MACRO, words, retired=retired)
        ],
        "may_edit": acts.may_edit(agent_of(request)),
    }
    return render_page(request, "desk/macros/library.html", context, section="answers")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new macro, written by a lead."""
    if request.method == "POST":
        try:
            name = _keep(request, request.POST.get("name", "").strip(), based_on=0)
        except HeadwaterError as problem:
            return _page(request, None, problem)
        return redirect("desk:macro", name)
    return _page(request, None)


@login_required
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, name: str) -> HttpResponse:
    """One macro with its versions; leads change, retire and bring back."""
    try:
        entry = queries.entry_named(MACRO, name)
    except HeadwaterError as error:
        raise Http404 from error
    if request.method == "POST":
        try:
            _change(request, entry)
        except HeadwaterError as problem:
            return _page(request, entry, problem)
        return redirect("desk:macro", name)
    return _page(request, entry)


def _change(request: HttpRequest, entry: LibraryEntry) -> None:
    action, actor = request.POST.get("action", ""), actor_of(request)
    if action == "retire":
        acts.retire(MACRO, entry.name, actor=actor)
        messages.success(request, _("It is no longer offered."))
    elif action.startswith("back:"):
        acts.bring_back(MACRO, entry.name, number_in(action[5:]), actor=actor)
        messages.success(request, _("It is as it was then."))
    else:
        _keep(request, entry.name, based_on=number_in(request.POST.get("version", "")))


def _keep(request: HttpRequest, name: str, *, based_on: int) -> str:
    title, keys = request.POST.get("title", ""), _typed(request)
    written = macro(name, title, keys, fields=queries.field_ids())
    kept = acts.keep(written, actor=actor_of(request), based_on=based_on)
    messages.success(request, _("Kept.") if kept else _("Nothing was different."))
    return name


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What the form says the macro does. Raises LibraryRefused for fields that cannot be read."""
    keys: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in _PLAIN}
    for name in ("add_tags", "remove_tags"):
        keys[name] = tags_in(request.POST.get(name, ""))
    held = {}
    for line in request.POST.get("fields", "").splitlines():
        name, found, value = line.partition("=")
        if line.strip() and not found:
            raise LibraryRefused(
                f"{line.strip()[:40]!r} sets no field.", param="fields", hint="Write id = value."
            )
        if name.strip():
            held[name.strip()] = value.strip()
    texts = {each: text for each, text in typed_texts(request).items() if text.strip()}
    return {**keys, "fields": held, "texts": texts}


def _page(
    request: HttpRequest, entry: LibraryEntry | None, problem: HeadwaterError | None = None
) -> HttpResponse:
    typed: Any = request.POST if problem is not None and "title" in request.POST else {}
    does = dict(entry.content) if entry else {}
    texts = {"en": "", **(typed_texts(request) if typed else does.get("texts", {}))}
    form = {
        **{name: typed.get(name, does.get(name, "")) for name in _PLAIN},
        **{
            name: typed.get(name, ", ".join(does.get(name, [])))
            for name in ("add_tags", "remove_tags")
        },
        "fields": typed.get(
            "fields", "\n".join(f"{name} = {v}" for name, v in does.get("fields", {}).items())
        ),
    }
    context = {
        "entry": entry,
        "typed": typed,
        "title": typed.get("title", entry.title if entry else ""),
        "form": form,
        "texts": [(each, texts[each]) for each in spoken(texts)],
        "version": typed.get("version", entry.version if entry else 0),
        "versions": queries.versions_of(entry) if entry else [],
        "uses": seen_uses(request, entry) if entry else [],
        "places": places(queries.field_ids()),
        "queues": active_queues(),
        "priorities": Case.Priority.choices,
        "agents": list(active_agents()),
        "known_tags": known_tags(),
        "field_ids": queries.field_ids(),
        "answers": queries.entries(ANSWER),
        "turns": turns(),
        "causes": sorted(playbook_titles().items(), key=lambda item: item[1]),
        "does": [
            (change_word(name), ", ".join(value) if isinstance(value, list | dict) else value)
            for name, value in ordered(does).items()
        ],
        "may_edit": acts.may_edit(agent_of(request)),
        "problem": problem,
    }
    status = problem.http_status if problem is not None else 200
    return render_page(request, "desk/macros/one.html", context, section="answers", status=status)


@login_required
@require_http_methods(["GET", "POST"])
def in_case(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """Exactly what a macro would change in a case; a press does that and nothing else."""
    agent = agent_of(request)
    found = find_case(agent, case_id)
    try:
        entry = queries.entry_named(MACRO, name)
    except HeadwaterError as error:
        raise Http404 from error
    language = request.GET.get("language", "")
    finding = max(1, number_in(request.GET.get("finding", "1")))
    if request.method == "POST":
        try:
            run_macro(
                found, name, agent=agent, actor=actor_of(request), language=language,
                finding=finding, seen=request.POST.get("seen", "") or "-",
            )  # fmt: skip
        except HeadwaterError as problem:
            messages.error(request, str(problem))
            return redirect(request.get_full_path())
        messages.success(request, _("Done. It can be undone under Answers and macros."))
        return redirect("desk:case", found.pk)
    texts = queries.texts_of(entry)
    context: dict[str, Any] = {
        "case": found,
        "entry": entry,
        "language": text_for(texts, language or found.language)[0] if texts else "",
        "languages": spoken(texts),
        "finding": finding,
        "findings": queries.findings_to_cite(found, texts),
    }
    try:
        done = preview(found, name, agent=agent, language=language, finding=finding)
    except HeadwaterError as problem:
        context["problem"] = problem
    else:
        context["seen"] = done.seen
        context["changes"] = [
            {"what": each.what, "word": change_word(each.what), "texts": shown(each)}
            for each in done.changes
        ]
    return render_page(request, "desk/macros/in_case.html", context, section="cases")
