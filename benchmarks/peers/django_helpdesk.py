"""django-helpdesk: its own command `get_email` over a folder. Prints one line of JSON."""

import json
import os
import sys
import time
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "django_helpdesk_settings"

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from helpdesk.models import FollowUp, Queue, Ticket

call_command("migrate", verbosity=0)
call_command("loaddata", "emailtemplate", verbosity=0)
get_user_model().objects.create_superuser("agent", "agent@example.com", "x")
Queue(
    slug="sup", title="Support", email_address="support@example.com", allow_email_submission=True,
    email_box_type="local", email_box_interval=0, email_box_local_dir=sys.argv[1],
    email_box_last_check=None, logging_type="none",
).save()  # fmt: skip
mails = len(list(Path(sys.argv[1]).iterdir()))
began, wall = time.process_time(), time.perf_counter()
call_command("get_email", quiet=True)
found = {"cpu": time.process_time() - began, "wall": time.perf_counter() - wall}
found |= {"mails": mails, "tickets": Ticket.objects.count(), "messages": FollowUp.objects.count()}
sys.stdout.write(json.dumps(found) + "\n")
