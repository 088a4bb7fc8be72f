"""Who let the answer of a quarantined run through, when and why."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0024_keys_of_people")]

    operations = [
        migrations.CreateModel(
            name="RunRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
                (
                    "actor",
                    models.ForeignKey(
                        "orgmodel.person", django.db.models.deletion.PROTECT, null=True, related_name="+"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        "orgmodel.run", django.db.models.deletion.PROTECT, related_name="releases"
                    ),
                ),
            ],
        ),
    ]
