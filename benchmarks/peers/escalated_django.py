"""escalated-django: its IMAP adapter's reading and its service, mail by mail. One line of JSON."""

import json
import os
import sys
import time
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
sys.path.insert(0, str(Path(__file__).parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "escalated_django_settings"

import django

django.setup()

from django.core.management import call_command
from escalated.mail.adapters.imap import IMAPAdapter
from escalated.models import Reply, Ticket
from escalated.services.inbound_email_service import InboundEmailService

call_command("migrate", verbosity=0)
adapter = IMAPAdapter()
files = sorted(Path(sys.argv[1]).iterdir())
began, wall = time.process_time(), time.perf_counter()
for file in files:
    # As its adapter does with what the IMAP server gives.
    text = file.read_bytes().decode("utf-8", errors="replace")
    InboundEmailService.process(adapter._parse_raw_email(text), "imap")
found = {"cpu": time.process_time() - began, "wall": time.perf_counter() - wall}
found |= {"mails": len(files), "tickets": Ticket.objects.count(), "messages": Reply.objects.count()}
sys.stdout.write(json.dumps(found) + "\n")
