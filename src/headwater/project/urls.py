"""Every address: each entrance brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("headwater.hooks.urls")),
    path("", include("headwater.portal.urls")),
    path("", include("headwater.desk.urls")),
]
