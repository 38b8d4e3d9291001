"""The hooks' addresses."""

from django.urls import path

from headwater.hooks import trackers, views

app_name = "hooks"
urlpatterns = [
    path("hooks/mail/<slug:provider>/", views.receive, name="mail"),
    path("hooks/trackers/<slug:tracker>/", trackers.receive, name="trackers"),
]
