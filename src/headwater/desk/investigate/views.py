"""Investigate: the page, its fragments, running and stopping."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.desk.investigate import chart, runs
from headwater.desk.investigate.question import (
    ROW_CHOICES,
    SECONDS,
    Question,
    fill_defaults,
    link_params,
    params_in,
    read_question,
)
from headwater.desk.investigate.store import desk_store
from headwater.desk.investigate.words import completions
from headwater.desk.shell import agent_of, render_page, writes_nothing
from headwater.desk.views.cases import find_case
from headwater.diagnosis.queries import saved_queries
from headwater.evidence.errors import QueryRefused
from headwater.evidence.queries import run_through, runs_of
from headwater.evidence.types import Cost, Reader, Role, Scope
from headwater.kit.errors import HeadwaterError

PAGE_ROWS = 200
HISTORY = 20
# A fragment asks again by itself; a page without scripts has to be asked for again by hand.
_WAIT_SECONDS = 0.6
_WAIT_SECONDS_PAGE = 4.0


def case_of(agent: Agent, data: QueryDict) -> Case | None:
    """The case that the question belongs to, if any. Raises Http404 where it may not be seen."""
    case_id = data.get("case", "").strip()
    return find_case(agent, case_id) if case_id else None


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The empty editor, or with the question of a link, of a saved query or of an earlier run."""
    agent = agent_of(request)
    question = read_question(request.GET, case_of(agent, request.GET))
    saved = request.GET.get("saved", "")
    if saved:
        kept = saved_queries().filter(pk=saved).first()
        if kept is None:
            raise Http404
        _load(question, kept.sql, kept.params)
    elif request.GET.get("from"):
        line = run_through("desk", request.GET["from"])
        if line is None:
            raise Http404
        _load(question, line.sql, line.params)
    return show(request, question)


def _load(question: Question, sql: str, values: dict[str, Any]) -> None:
    question.sql = sql
    question.values = {**{str(k): str(v) for k, v in values.items()}, **question.values}
    if question.case is not None:  # the case's own account and window, not the earlier ones
        for name in list(question.values):
            if name in ("window_start", "window_end", "account", "account_id"):
                del question.values[name]
    fill_defaults(question, params_in(question.sql))


def show(
    request: HttpRequest,
    question: Question,
    *,
    run: runs.Run | None = None,
    problem: HeadwaterError | None = None,
    plan: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page with what came of the question so far."""
    agent = agent_of(request)
    context = {
        "question": question,
        "fields": question.fields(),
        "case": question.case,
        "row_choices": ROW_CHOICES,
        "seconds": int(SECONDS),
        "sees_personal": agent.sees_personal,
        "tables": completions()["tables"],
        "history": list(runs_of(agent.email, "desk")[:HISTORY]),
        "saved": list(saved_queries()),
        "problem": problem,
        "plan": plan,
        **(result_context(request, run) if run else {}),
    }
    return render_page(
        request, "desk/investigate/page.html", context, section="investigate", status=status
    )


@writes_nothing
@login_required
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Starts the query and leads to its result; or shows the page with what is missing."""
    agent = agent_of(request)
    question = read_question(request.POST, case_of(agent, request.POST))
    try:
        asked = _asked(agent, question)
        started = runs.start(replace(asked, confirmed=request.POST.get("confirmed") == "1"))
    except HeadwaterError as problem:
        return _refuse(request, question, problem)
    return HttpResponseRedirect(reverse("desk:investigate_run", args=[started]))


def _asked(agent: Agent, question: Question) -> runs.Asked:
    if not question.sql.strip():
        raise QueryRefused(
            _("There is no query."), param="sql", hint=_("Write a SELECT, or pick a saved one.")
        )
    return runs.Asked(
        agent=agent.pk,
        who=agent.email,
        sql=question.sql,
        params=question.params(),
        values={name: question.values.get(name, "") for name in params_in(question.sql)},
        accounts=question.accounts,
        reason=question.purpose_reason(),
        case_id=question.case.pk if question.case else None,
        rows=question.rows,
        seconds=SECONDS,
        reader=_reader(agent),
    )


def _refuse(request: HttpRequest, question: Question, problem: HeadwaterError) -> HttpResponse:
    # htmx swaps only what succeeded, so the fragment comes with 200 and the page with its status.
    if request.headers.get("HX-Request"):
        return render(request, "desk/investigate/_problem.html", {"problem": problem})
    return show(request, question, problem=problem, status=problem.http_status)


# One address answers with a page or a fragment, and its rows are customers' data: nothing of it
# may be kept and shown again by the browser.
@login_required
@never_cache
@require_safe
def result(request: HttpRequest, run_id: str) -> HttpResponse:
    """A run: its rows page by page, what went wrong, or that it is still at it."""
    agent = agent_of(request)
    found = runs.find(run_id, agent.pk)
    if found is None:
        raise Http404
    fragment = bool(request.headers.get("HX-Request"))
    patience = _WAIT_SECONDS if fragment else _WAIT_SECONDS_PAGE
    found = runs.wait(found, patience, lambda: runs.find(run_id, agent.pk))
    if fragment:
        context = result_context(request, found)
        response = render(request, "desk/investigate/_result.html", context)
        response["HX-Replace-Url"] = request.get_full_path()
        return response
    return show(request, question_of(agent, found), run=found)


def question_of(agent: Agent, found: runs.Run) -> Question:
    """The form as it was when this run was asked."""
    asked = found.question
    case = find_case(agent, asked["case_id"]) if asked["case_id"] else None
    accounts = asked["accounts"]
    reason = asked["reason"]
    return Question(
        sql=asked["sql"],
        values=dict(asked["values"]),
        whose="all" if accounts is None else "account",
        account=accounts[0] if accounts else (case.account_id or "" if case else ""),
        reason="" if case and reason == f"case {case.pk}" else reason,
        rows=asked["rows"],
        case=case,
    )


@writes_nothing
@login_required
@require_POST
def stop(request: HttpRequest, run_id: str) -> HttpResponse:
    """Stops a run of one's own."""
    if runs.find(run_id, agent_of(request).pk) is None:
        raise Http404
    runs.stop(run_id)
    return HttpResponseRedirect(reverse("desk:investigate_run", args=[run_id]))


@login_required
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """The parameters' form fields for the query as it is being typed."""
    question = read_question(request.GET, case_of(agent_of(request), request.GET))
    return render(request, "desk/investigate/_fields.html", {"fields": question.fields()})


@login_required
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """What the editor completes, for a browser to keep for an hour."""
    response = JsonResponse(completions())
    response["Cache-Control"] = "private, max-age=3600"
    return response


@writes_nothing
@login_required
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """What the query would do, in plain words; nothing is read."""
    agent = agent_of(request)
    question = read_question(request.POST, case_of(agent, request.POST))
    try:
        sentences = plan_of(agent, question)
    except HeadwaterError as problem:
        return _refuse(request, question, problem)
    if request.headers.get("HX-Request"):
        return render(request, "desk/investigate/_plan.html", {"plan": sentences})
    return show(request, question, plan=sentences)


def plan_of(agent: Agent, question: Question) -> list[str]:
    """Sentences from the store. Raises QueryRefused."""
    explain = getattr(desk_store(), "plan", None)
    if explain is None:
        raise QueryRefused(_("This evidence store cannot explain a query."))
    sentences: list[str] = explain(question.sql, scoped=question.whose == "account")
    return [*sentences, *_cost(agent, question)]


def _cost(agent: Agent, question: Question) -> list[str]:
    """What the query has to read, a sentence for each table, once it has all its values."""
    estimate = getattr(desk_store(), "estimate", None)
    if estimate is None:
        return []
    try:
        scope, params = Scope(question.accounts, _reader(agent)), question.params()
    except QueryRefused:
        return []  # explaining needs no values
    found: dict[str, Cost] = estimate(question.sql, scope=scope, params=params)
    return [
        _("Has to read about %(rows)s rows (%(size)s) of %(table)s.")
        % {"rows": f"{cost.rows:,}", "size": filesizeformat(cost.bytes), "table": name}
        for name, cost in found.items()
    ]


def _reader(agent: Agent) -> Reader:
    return Reader(Role(agent.role), agent.sees_personal)


def result_context(request: HttpRequest, found: runs.Run) -> dict[str, Any]:
    """What the result's template shows. The page number and the chart come from the address."""
    context: dict[str, Any] = {"run": found, "state": found.state}
    if found.state == "large":
        context["again"] = _again(found)
    if found.state != "done":
        return context
    answer = found.answer
    assert answer is not None  # noqa: S101 - done means answered
    rows = found.typed_rows()
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    number = min(max(1, _whole(request.GET.get("page"), 1)), pages)
    first = (number - 1) * PAGE_ROWS
    numeric = set(chart.numeric_columns(rows, len(answer["columns"])))
    return context | {
        "columns": [
            {"name": name, "kind": kind, "number": index in numeric}
            for index, (name, kind) in enumerate(
                zip(answer["columns"], answer["types"], strict=True)
            )
        ],
        "rows": [
            list(zip(row, _marks(row, numeric), strict=True))
            for row in rows[first : first + PAGE_ROWS]
        ],
        "total": len(rows),
        "first": first + 1,
        "last": min(first + PAGE_ROWS, len(rows)),
        "number": number,
        "pages": pages,
        "truncated": answer["truncated"],
        "milliseconds": round(answer["seconds"] * 1_000),
        "as_of": sorted(answer["as_of"].items()),
        "engine_sql": answer["engine_sql"],
        "link": _link(found),
        **_chart(request, answer, rows, numeric),
    }


def _again(found: runs.Run) -> list[tuple[str, str]]:
    """The fields that ask the same once more."""
    asked = found.question
    accounts = asked["accounts"]
    return [
        ("sql", asked["sql"]),
        ("whose", "all" if accounts is None else "account"),
        ("account", accounts[0] if accounts else ""),
        ("reason", asked["reason"]),
        ("case", asked["case_id"] or ""),
        ("rows", str(asked["rows"])),
        *((f"p_{name}", value) for name, value in asked["values"].items()),
    ]


def _marks(row: list[Any], numeric: set[int]) -> list[str]:
    return [
        "none" if value is None else "number" if index in numeric else ""
        for index, value in enumerate(row)
    ]


def _link(found: runs.Run) -> str:
    """An address that opens this question for any colleague, with nothing of its rows."""
    asked = found.question
    accounts = asked["accounts"]
    query = link_params(
        asked["sql"],
        asked["values"],
        account=accounts[0] if accounts else "",
        whose="all" if accounts is None else "account",
        case=asked["case_id"] or "",
    )
    return f"{settings.HEADWATER_BASE_URL}{reverse('desk:investigate')}?{query.urlencode()}"


def _chart(
    request: HttpRequest, answer: dict[str, Any], rows: list[list[Any]], numeric: set[int]
) -> dict[str, Any]:
    count = len(answer["columns"])
    choice = chart.usual_choice(answer["types"], rows)
    if choice is None:
        return {"chart": ""}
    x = _whole(request.GET.get("x"), choice.x)
    y = _whole(request.GET.get("y"), choice.y)
    kind = request.GET.get("kind", choice.kind)
    if 0 <= x < count and y in numeric and kind in ("line", "bars"):
        choice = chart.Choice(x, y, kind)
    choice = replace(choice, by=chart.splitting_column(choice, rows, count))
    drawing, note = chart.draw(choice, answer["columns"], rows)
    return {"chart": drawing, "chart_note": note, "choice": choice, "numeric": sorted(numeric)}


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else default
