"""Names of people that hold a secret, stored as they came until now, are masked."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from headwater.kit.redaction import masked

_NAMES = (("cases", "Message", "author_name"), ("cases", "CaseEvent", "actor_name"),
          ("accounts", "Person", "name"))  # fmt: skip


def mask_names(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Few names of many hold anything: each is looked at once, however often it stands there."""
    for room, model, field in _NAMES:
        rows = apps.get_model(room, model).objects
        names = list(rows.order_by().values_list(field, flat=True).distinct())
        for name in names:
            if masked(name) != name:
                rows.filter(**{field: name}).update(**{field: masked(name)[:200]})


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_attachments"), ("accounts", "0004_notices_off")]

    operations = [migrations.RunPython(mask_names, migrations.RunPython.noop)]
