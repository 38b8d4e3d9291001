"""Settings for escalated-django."""

from base_settings import *  # noqa: F403
from base_settings import DJANGO_APPS

INSTALLED_APPS = [*DJANGO_APPS, "escalated"]
ROOT_URLCONF = "escalated_django_settings"
urlpatterns: list[object] = []
ESCALATED = {"UI_ENABLED": False}
