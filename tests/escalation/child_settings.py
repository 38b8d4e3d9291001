"""The test settings, pointed at the database that the parent test already made."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["HEADWATER_TEST_DATABASE"]
JOB_MODULES = ["headwater.escalation.tasks"]
