"""Settings for django-helpdesk."""

from base_settings import *  # noqa: F403
from base_settings import DJANGO_APPS

INSTALLED_APPS = [*DJANGO_APPS, "helpdesk", "rest_framework"]
ROOT_URLCONF = "django_helpdesk_urls"
LOGIN_URL = "helpdesk:login"
HELPDESK_TEAMS_MODE_ENABLED = False
