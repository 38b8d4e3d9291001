"""Whom a cause reaches, and telling them: every contact waits for a person's approval."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from headwater.desk.investigate import chart
from headwater.desk.investigate.store import desk_store
from headwater.desk.shelf import known_playbooks
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.diagnosis.notices import acts as notice_acts
from headwater.diagnosis.notices import queries as notice_queries
from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.playbooks.running import run_playbook
from headwater.diagnosis.reach import MOST_ACCOUNTS, Affected, Reach, reach_of, table_of
from headwater.diagnosis.watch import acts as watch_acts
from headwater.diagnosis.watch import queries
from headwater.diagnosis.watch.counting import data_end
from headwater.evidence.tabular import csv_lines, write_parquet
from headwater.evidence.types import Limits, Purpose, Scope
from headwater.kit.clock import as_naive_utc, utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.money import format_money

_DAYS = 30
_SHOWN = 10


@login_required
@require_safe
def reach(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """The reach of one cause, computed now."""
    page = _page(playbook_id)
    context: dict[str, Any] = {"playbook": page}
    try:
        context |= _shown(page, _reach(request, page))
    except HeadwaterError as problem:
        context["problem"] = problem
    context["open_problem"] = queries.open_problem_of(page.id)
    context["batches"] = notice_queries.batches_of(page.id)
    return render_page(request, "desk/reach/reach.html", context, section="playbooks")


@login_required
@require_safe
def export(
    request: HttpRequest, playbook_id: str, form: str
) -> HttpResponse | StreamingHttpResponse:
    """Every affected account as a file."""
    page = _page(playbook_id)
    columns, types, rows = table_of(_reach(request, page))
    if form == "csv":
        response: HttpResponse | StreamingHttpResponse = StreamingHttpResponse(
            csv_lines(columns, rows), content_type="text/csv; charset=utf-8"
        )
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.parquet"
            write_parquet(path, columns, types, rows)
            response = HttpResponse(
                path.read_bytes(), content_type="application/vnd.apache.parquet"
            )
    response["Content-Disposition"] = f'attachment; filename="reach-{page.id}.{form}"'
    return response


@login_required
@require_POST
def prepare(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """Drafts one contact for each affected account; nothing is sent."""
    page, agent = _page(playbook_id), agent_of(request)
    start, end = _window()
    try:
        result = run_playbook(
            desk_store(),
            page,
            purpose=Purpose(agent.email, "desk", f"prepare notices about {page.id}"),
            scope=Scope(None),
            start=start,
            end=end,
            limits=Limits(rows=MOST_ACCOUNTS, seconds=120.0),
        )
        if not result.rows:
            raise HeadwaterError(_("No account shows it now, so there is nobody to tell."))
    except HeadwaterError as problem:
        messages.error(request, str(problem))
        return redirect("desk:reach", page.id)
    found = notice_acts.Rows(result.dicts(), start, end, result.run_id)
    batch = notice_acts.prepare_notices(page, found, agent=agent, actor=actor_of(request))
    return redirect("desk:notices", batch.id)


@login_required
@require_safe
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    """The prepared contacts of one round, each with what was decided."""
    found = notice_queries.batch_by_id(batch_id)
    if found is None:
        raise Http404
    listed = notice_queries.notices_of(found)
    counts = {state: sum(1 for each in listed if each.state == state) for state in _STATES}
    context = {"batch": found, "notices": listed, "counts": counts}
    return render_page(request, "desk/reach/batch.html", context, section="playbooks")


@login_required
@require_POST
def decide(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Approves all that wait, or decides on one: as the pressed button says."""
    found = notice_queries.batch_by_id(batch_id)
    if found is None:
        raise Http404
    agent, actor = agent_of(request), actor_of(request)
    try:
        if request.POST.get("action") == "approve_all":
            sent, skipped = notice_acts.approve_batch(found, agent=agent, actor=actor)
            words = _("%(sent)d messages are on their way, %(skipped)d were skipped.")
            messages.success(request, words % {"sent": sent, "skipped": skipped})
        else:
            _decide_one(request, batch_id)
    except HeadwaterError as problem:
        messages.error(request, str(problem))
    return redirect("desk:notices", batch_id)


def _decide_one(request: HttpRequest, batch_id: str) -> None:
    notice = notice_queries.notice_by_id(batch_id, request.POST.get("notice", ""))
    if notice is None:
        raise Http404
    agent = agent_of(request)
    if request.POST.get("action") == "leave_out":
        notice_acts.leave_out(notice, agent=agent)
        messages.success(request, _("%s is not told.") % notice.account_ref)
        return
    body = request.POST.get("body", "").replace("\r\n", "\n")
    after = notice_acts.approve_notice(notice, agent=agent, actor=actor_of(request), body=body)
    if after.state == after.State.SENT and after.person is not None:
        messages.success(request, _("The message is on its way to %s.") % after.person.email)
    else:
        messages.error(request, after.reason)


@login_required
@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """Every problem: open ones first."""
    context = {"problems": list(queries.problems())}
    return render_page(request, "desk/reach/problems.html", context, section="problems")


@login_required
@require_safe
def problem(request: HttpRequest, problem_id: str) -> HttpResponse:
    """One problem: its reach by day, its cases, its log, the SQL."""
    found = queries.problem_by_id(problem_id)
    if found is None:
        raise Http404
    rows = [(each.day, each.affected, each.fresh) for each in queries.counts_of(found.playbook)]
    cases = list(queries.cases_of(found))
    context = {
        "problem": found,
        "cases": cases,
        "open_cases": [case for case in cases if case.state != case.State.SOLVED],
        "events": list(queries.events_of(found)),
        "chart": _days_chart(rows),
        "batches": notice_queries.batches_of(found.playbook),
        "known": found.playbook in known_playbooks(),
    }
    return render_page(request, "desk/reach/problem.html", context, section="problems")


@login_required
@require_POST
def open_problem(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """Opens a problem by hand, before the watch does."""
    page = _page(playbook_id)
    made = watch_acts.open_problem_by_hand(page.id, page.title, page.sql, actor=actor_of(request))
    return redirect("desk:problem", made.id)


@login_required
@require_POST
def solve_problem(request: HttpRequest, problem_id: str) -> HttpResponse:
    """Solves the problem, and its open cases with it where that was chosen."""
    found = queries.problem_by_id(problem_id)
    if found is None:
        raise Http404
    try:
        solved = watch_acts.solve_problem(
            found,
            resolution=request.POST.get("resolution", ""),
            solve_cases=request.POST.get("solve_cases") == "1",
            actor=actor_of(request),
        )
    except HeadwaterError as refused:
        messages.error(request, str(refused))
    else:
        words = _("The problem is solved, and %(cases)d cases with it.")
        messages.success(request, words % {"cases": len(solved)})
    return redirect("desk:problem", problem_id)


_STATES = ("waiting", "sent", "left_out", "skipped")


def _page(playbook_id: str) -> Playbook:
    page = known_playbooks().get(playbook_id)
    if page is None:
        raise Http404
    return page


def _window() -> tuple[datetime, datetime]:
    now = as_naive_utc(utc_now())
    end = data_end(desk_store().tables().values(), now) or now
    end += timedelta(seconds=1)  # a window ends before its end, and the last row belongs to it
    return end - timedelta(days=_DAYS), end


def _reach(request: HttpRequest, page: Playbook) -> Reach:
    start, end = _window()
    who = agent_of(request).email
    purpose = Purpose(who, "desk", f"reach of {page.id}")
    return reach_of(desk_store(), page, purpose=purpose, start=start, end=end)


def _shown(page: Playbook, found: Reach) -> dict[str, Any]:
    names = {each.account_id for each in found.accounts}
    wrote = queries.wrote_in(page.id, names, since=found.start)
    rows = [(each.day, each.affected, each.fresh) for each in found.days]
    return {
        "reach": found,
        "wrote": len(wrote),
        "silent": len(names) - len(wrote),
        "biggest": [_row(each, wrote) for each in found.accounts[:_SHOWN]],
        "first": [_row(each, wrote) for each in found.first[:_SHOWN]],
        "chart": _days_chart(rows) if found.accounts else None,
    }


def _row(each: Affected, wrote: set[str]) -> dict[str, Any]:
    volume = format_money(each.volume, each.currency) if each.currency else "–"
    return {"account": each, "volume": volume, "wrote": each.account_id in wrote}


def _days_chart(rows: list[tuple[datetime, int, int]]) -> Any:
    """Two lines over days: who was affected, and who was new."""
    if len(rows) < 2:
        return None
    long = [(day, n, name) for day, *counts in rows for n, name in zip(counts, _LINES, strict=True)]
    drawn, _note = chart.draw(
        chart.Choice(x=0, y=1, kind="line", by=2), ("day", "accounts", "which"), long
    )
    return drawn


_LINES = ("affected", "new")
