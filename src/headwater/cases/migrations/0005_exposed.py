"""Texts that were stored before secrets were masked at intake are masked now."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from headwater.kit.redaction import exposures, masked, masked_html


def mask_stored(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Masks what users wrote, and the notes; the raw contacts keep it."""
    message_model, case_model = apps.get_model("cases", "Message"), apps.get_model("cases", "Case")
    incoming_or_note = models.Q(direction="in") | models.Q(kind="note")
    for message in message_model.objects.filter(incoming_or_note).iterator(500):
        html, in_html = masked_html(message.html)
        found = dict.fromkeys([*exposures(message.body), *exposures(message.quoted), *in_html])
        if found:
            message.body, message.quoted = masked(message.body), masked(message.quoted)
            message.html = html
            message.exposed = [each.as_json() for each in found]
            message.save(update_fields=["body", "quoted", "html", "exposed"])
    for case in case_model.objects.iterator(500):
        subject, preview = masked(case.subject), masked(case.last_message_preview)
        if (subject, preview) != (case.subject, case.last_message_preview):
            case.subject, case.last_message_preview = subject[:500], preview[:240]
            case.save(update_fields=["subject", "last_message_preview"])
    event_model = apps.get_model("cases", "CaseEvent")
    for event in event_model.objects.filter(kind="case.opened").iterator(500):
        subject = event.data.get("subject", "")
        if masked(subject) != subject:
            event.data["subject"] = masked(subject)
            event.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_reply_files")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="exposed",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(mask_stored, migrations.RunPython.noop),
    ]
