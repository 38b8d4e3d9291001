"""The real settings over a throw-away data folder, so that tests never touch a person's own."""

import os
import tempfile

os.environ.setdefault("HEADWATER_HOME", tempfile.mkdtemp(prefix="headwater-tests-"))
os.environ.setdefault("HEADWATER_SECRET_KEY", "only-for-tests")
os.environ.setdefault("HEADWATER_LOG_LEVEL", "WARNING")
# Replies leave at once, except where a test is about taking them back.
os.environ.setdefault("HEADWATER_UNDO_SECONDS", "0")

from headwater.project.settings import *  # noqa: F403
from headwater.project.settings import DATABASES, HEADWATER_HOME, STATIC_ROOT, STORAGES

# A file rather than memory: the tests then run with the same journal, locks and threads.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": HEADWATER_HOME / "tests.sqlite3"}

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
