"""What holds for every request."""

import threading

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from headwater.accounts.models import Person
from headwater.project.transactions import OneTransactionPerWrite


def _broken(request: HttpRequest) -> HttpResponse:
    Person.objects.create(email="half@done.example")
    raise RuntimeError("half-way")


@pytest.mark.django_db(transaction=True)
def test_write_that_fails_half_way_leaves_nothing() -> None:
    middleware = OneTransactionPerWrite(lambda request: HttpResponse())
    with pytest.raises(RuntimeError):
        middleware.process_view(RequestFactory().post("/broken/"), _broken, [], {})
    assert not Person.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reading_does_not_wait_for_a_writer() -> None:
    """A page is served while another connection is in the middle of a write."""
    writing, done = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                Person.objects.create(email="slow@writer.example")
                writing.set()
                done.wait(30)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert writing.wait(10)
        assert Client().get("/sign-in/").status_code == 200
        assert writer.is_alive()
    finally:
        done.set()
        writer.join()


@pytest.mark.django_db
def test_headers_of_a_page() -> None:
    response = Client().get("/sign-in/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
