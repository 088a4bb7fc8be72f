"""What a run that is held back would have done, that it may be dropped, and columns that nobody reads."""

from django.db import migrations, models

OUTCOMES = ("running", "applied", "unchanged", "quarantined", "dropped", "failed", "passed")
ACTS = ("released", "dropped")


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0031_settled")]

    operations = [
        migrations.AddField("run", "ignored", models.JSONField(db_default={}, default=dict)),
        migrations.AddField("run", "would", models.JSONField(db_default={}, default=dict)),
        migrations.AddField(
            "runrelease",
            "act",
            models.TextField(
                choices=[(each, each.title()) for each in ACTS], db_default="released", default="released"
            ),
        ),
        migrations.AlterField(
            "run",
            "outcome",
            models.TextField(choices=[(each, each.title()) for each in OUTCOMES], default="running"),
        ),
    ]
