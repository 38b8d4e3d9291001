from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("diagnosis", "0007_problems"),
    ]

    operations = [
        migrations.AddField(
            model_name="diagnosis",
            name="suggested",
            field=models.JSONField(default=list),
        ),
    ]
