"""The portal's addresses. The confirm mail names the first one."""

from django.urls import path

from headwater.portal import surveys, views

app_name = "portal"
urlpatterns = [
    path("verify/<str:token>/", views.verify, name="verify"),
    path("survey/<str:token>/", surveys.survey, name="survey"),
    path("no-surveys/<str:token>/", surveys.no_surveys, name="no_surveys"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
