"""Every address: each entrance brings its own."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("headwater.desk") and find_spec("headwater.desk.urls"):
    urlpatterns.append(path("", include("headwater.desk.urls")))
if find_spec("headwater.portal") and find_spec("headwater.portal.urls"):
    urlpatterns.append(path("", include("headwater.portal.urls")))
