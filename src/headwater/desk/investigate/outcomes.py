"""Investigate: what becomes of a result. Saved, attached to a case, exported, made a playbook."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from headwater.cases.models import Case
from headwater.desk.evidence_panel import require_sight
from headwater.desk.investigate import runs
from headwater.desk.investigate.question import params_in, read_question
from headwater.desk.investigate.step import page_name, playbook_page
from headwater.desk.investigate.store import desk_store
from headwater.desk.investigate.views import case_of, question_of, show
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case
from headwater.diagnosis import acts
from headwater.diagnosis.models import CaseEvidence
from headwater.diagnosis.queries import evidence_of
from headwater.evidence.acts import Cited, read_snapshot
from headwater.evidence.contract import load_contract
from headwater.evidence.tabular import csv_lines, write_parquet
from headwater.kit.errors import HeadwaterError

SHOWN_ROWS = 200


def _finished(request: HttpRequest, run_id: str) -> runs.Run:
    """A run of one's own with rows. Raises Http404."""
    found = runs.find(run_id, agent_of(request).pk)
    if found is None or found.state != "done":
        raise Http404
    return found


@login_required
@require_POST
def attach(request: HttpRequest, run_id: str) -> HttpResponse:
    """Puts the rows into a case as evidence."""
    found = _finished(request, run_id)
    agent = agent_of(request)
    case_id = request.POST.get("case", "").strip()
    try:
        if not case_id:
            raise HeadwaterError(_("Say which case the rows belong to."), param="case")
        case = find_case(agent, case_id)
        acts.attach_evidence(
            case,
            _rows_of(found),
            title=request.POST.get("title", ""),
            note=request.POST.get("note", ""),
            agent=agent,
            actor=actor_of(request),
        )
    except HeadwaterError as problem:
        return show(
            request, question_of(agent, found), run=found, problem=problem,
            status=problem.http_status,
        )  # fmt: skip
    messages.success(request, _("The rows are evidence of the case now."))
    return HttpResponseRedirect(reverse("desk:case", args=[case.pk]) + "#attached")


def _rows_of(found: runs.Run) -> acts.FoundRows:
    answer = found.answer
    assert answer is not None  # noqa: S101 - a finished run
    return acts.FoundRows(
        cited=Cited(answer["columns"], answer["types"], found.typed_rows(), answer["run_id"]),
        ran_at=found.started_at,
        sql=found.question["sql"],
        params=found.question["values"],
        accounts=found.question["accounts"],
        truncated=answer["truncated"],
        personal=found.question["sees_personal"] and _reads_personal(found.question["sql"]),
    )


def _reads_personal(sql: str) -> bool:
    tables = load_contract().tables
    return any(column in tables[table].personal for table, column in desk_store().needs(sql))


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keeps the query under a name."""
    agent = agent_of(request)
    question = read_question(request.POST, case_of(agent, request.POST))
    values = {
        name: question.values.get(name, "")
        for name in params_in(question.sql)
        if name not in ("window_start", "window_end")  # a window is of its day
    }
    try:
        if not question.sql.strip():
            raise HeadwaterError(_("There is no query to save."), param="sql")
        kept = acts.save_query(request.POST.get("name", ""), question.sql, values, agent=agent)
    except HeadwaterError as problem:
        return show(request, question, problem=problem, status=problem.http_status)
    messages.success(request, _("Saved as “%(name)s”.") % {"name": kept.name})
    suffix = f"&case={question.case.pk}" if question.case else ""
    return HttpResponseRedirect(f"{reverse('desk:investigate')}?saved={kept.pk}{suffix}")


@login_required
@require_POST
def forget(request: HttpRequest, saved_id: str) -> HttpResponse:
    """Drops a query that oneself saved."""
    acts.drop_saved_query(saved_id, agent=agent_of(request))
    return redirect("desk:investigate")


@login_required
@require_safe
def export(request: HttpRequest, run_id: str, form: str) -> StreamingHttpResponse | HttpResponse:
    """All rows of a run as `csv` or `parquet`."""
    found = _finished(request, run_id)
    answer = found.answer
    assert answer is not None  # noqa: S101 - a finished run
    name = f'attachment; filename="{answer["run_id"]}.{form}"'
    if form == "csv":
        lines = csv_lines(answer["columns"], found.typed_rows())
        streamed = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        streamed["Content-Disposition"] = name
        return streamed
    with tempfile.TemporaryDirectory(dir=runs.folder(), prefix="export-") as place:
        path = Path(place) / "rows.parquet"
        write_parquet(path, answer["columns"], answer["types"], found.typed_rows())
        body = path.read_bytes()
    whole = HttpResponse(body, content_type="application/vnd.apache.parquet")
    whole["Content-Disposition"] = name
    return whole


@login_required
@require_safe
def step(request: HttpRequest, run_id: str) -> HttpResponse:
    """The query as the beginning of a playbook page, to read or (`?file=1`) to save."""
    found = _finished(request, run_id)
    title = request.GET.get("title", "").strip() or _("New playbook")
    answer: dict[str, Any] = found.answer or {}
    text = playbook_page(title, found.question["sql"], answer["columns"])
    if request.GET.get("file"):
        response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{page_name(title)}.md"'
        return response
    context = {"run": found, "title": title, "text": text, "name": page_name(title)}
    return render_page(request, "desk/investigate/step.html", context, section="investigate")


def find_evidence(case: Case, evidence_id: str) -> CaseEvidence:
    """One piece of the case's evidence. Raises Http404."""
    found = evidence_of(case).filter(pk=evidence_id).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def evidence(request: HttpRequest, case_id: str, evidence_id: str) -> HttpResponse:
    """Attached evidence on a page of its own, as it was when it was found.

    Its rows are the platform's data, so looking at them is on record like any other read.
    """
    agent = agent_of(request)
    case = find_case(agent, case_id)
    found = find_evidence(case, evidence_id)
    context: dict[str, Any] = {"case": case, "found": found, "accounts": found.accounts}
    try:
        require_sight(found, agent)
        kept = read_snapshot(
            found.snapshot, who=agent.email, entrance="desk", reason=f"case {case.pk}"
        )
        context |= {"columns": kept.columns, "rows": kept.rows[:SHOWN_ROWS]}
    except HeadwaterError as problem:
        context["problem"] = problem
    return render_page(request, "desk/investigate/evidence.html", context, section="cases")
