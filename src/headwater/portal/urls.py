"""The portal's addresses. The confirm mail names the first one."""

from django.urls import path

from headwater.portal import views

app_name = "portal"
urlpatterns = [
    path("verify/<str:token>/", views.verify, name="verify"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
