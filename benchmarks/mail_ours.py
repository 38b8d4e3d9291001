"""Headwater's own half of `bench_mail_ingest.py`, in a process of its own. One line of JSON."""

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "headwater.project.settings")

import django

django.setup()

from django.core.management import call_command

from headwater.cases.models import Case, Message
from headwater.channels.ingest import ingest_files
from headwater.channels.models import RawMail

call_command("migrate", verbosity=0)
began, wall = time.process_time(), time.perf_counter()
report = ingest_files([Path(sys.argv[1])])
found = {"cpu": time.process_time() - began, "wall": time.perf_counter() - wall}
assert report.stored == report.seen == RawMail.objects.filter(status="ingested").count()
found |= {"mails": report.seen, "tickets": Case.objects.count()}
found |= {"messages": Message.objects.count()}
sys.stdout.write(json.dumps(found) + "\n")
