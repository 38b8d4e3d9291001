from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_exposed")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="attachments",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
