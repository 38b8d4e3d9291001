import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_attachments"), ("channels", "0005_sign_offs")]

    operations = [
        migrations.AddField(
            model_name="rawmail",
            name="arrived_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="AwaitedMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rfc_id", models.CharField(db_index=True, max_length=500)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="awaited_mails",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rfc_id", "case"), name="one_row_per_awaited_mail"
                    )
                ],
            },
        ),
    ]
