"""The playbooks, as their loader reads them."""

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from headwater.desk.shelf import known_playbooks
from headwater.desk.shell import render_page
from headwater.kit.errors import HeadwaterError
from headwater.knowledge.guide import known_documents


@login_required
@require_safe
def playbook_list(request: HttpRequest) -> HttpResponse:
    """All playbooks by area; a page that cannot be read is said with file and line."""
    problem = None
    pages = []
    try:
        pages = sorted(known_playbooks().values(), key=lambda page: (page.area, page.title))
    except HeadwaterError as error:
        problem = error
    areas = [(area, list(items)) for area, items in groupby(pages, key=lambda page: page.area)]
    context = {"areas": areas, "problem": problem}
    return render_page(request, "desk/playbooks/list.html", context, section="playbooks")


@login_required
@require_safe
def playbook(request: HttpRequest, playbook_id: str) -> HttpResponse:
    """One playbook."""
    page = known_playbooks().get(playbook_id)
    if page is None:
        raise Http404
    titles = known_documents()
    documents = [(url, titles.get(url, url)) for url in page.docs]
    context = {"playbook": page, "documents": documents}
    return render_page(request, "desk/playbooks/show.html", context, section="playbooks")
