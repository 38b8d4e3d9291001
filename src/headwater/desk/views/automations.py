"""What is done by itself, and what it did."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from headwater.cases.automation.queries import in_force, runs
from headwater.cases.queries import visible_cases
from headwater.desk.shell import agent_of, render_page

_MOST = 100


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The automations that hold, and their latest runs."""
    found = in_force()
    context = {
        "automations": found.automations if found else (),
        "version": found.id if found else "",
        "runs": runs().filter(case__in=visible_cases(agent_of(request)))[:_MOST],
    }
    return render_page(request, "desk/automations.html", context, section="automations")
