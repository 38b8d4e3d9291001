"""`POST /hooks/trackers/NAME/`: a team's tracker says that something changed."""

import logging
import time

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from headwater.escalation import queries, tracking
from headwater.escalation.errors import DeliveryRefused
from headwater.escalation.trackers.signing import check_age, checked_post, content_of

log = logging.getLogger(__name__)

# The largest that GitHub posts; the others stay far below.
_MOST_BYTES = 25 * 1024 * 1024


# The signature says who posts; there is no session whose rights could be borrowed.
@csrf_exempt
@login_not_required
@require_POST
def receive(request: HttpRequest, tracker: str) -> HttpResponse:
    """200 once the post is stored; 401 without a right signature, 400 for what is too old."""
    setup = queries.trackers().get(tracker)
    if setup is None or not setup.hook_secret:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(f"More than {_MOST_BYTES:,} bytes are not accepted.", status=413)
    body = request.read(_MOST_BYTES)
    try:
        post = checked_post(setup, request.headers, body)
    except DeliveryRefused as error:
        log.warning("A post to the hook of %s was refused: %s", tracker, error.message)
        return HttpResponse(error.message, status=401)
    stored = tracking.receive_delivery(setup.name, post, body)
    try:
        check_age(setup, content_of(body), time.time())
    except DeliveryRefused as error:
        tracking.close_delivery(stored, error.message)
        return HttpResponse(error.message, status=400)
    tracking.accept_delivery(stored)
    return HttpResponse("Stored.")


# What it stores is committed at once: nothing may undo what was kept.
receive.writes_nothing = True  # type: ignore[attr-defined]
