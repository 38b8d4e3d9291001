"""The hooks' addresses."""

from django.urls import path

from headwater.hooks import views

app_name = "hooks"
urlpatterns = [path("hooks/mail/<slug:provider>/", views.receive, name="mail")]
