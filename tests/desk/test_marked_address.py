"""An agent sees before writing that mail to the person comes back, and can say that it works."""

from django.test import Client

from headwater.cases.models import Case
from headwater.channels.marks import mark_bouncing, mark_of


def test_the_mark_stands_above_the_reply_box(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    address = f"/cases/{case.pk}/"
    assert "comes back" not in desk.get(address).content.decode()
    mark_bouncing(case.person.email, permanent=True, status="5.1.1", reason="No such user (5.1.1)")
    html = desk.get(address).content.decode()
    assert f"Mail to {case.person.email} comes back." in html
    assert "No such user (5.1.1)" in html
    desk.post(f"{address}arrives/")
    assert mark_of(case.person.email) is None
    assert "comes back" not in desk.get(address).content.decode()
