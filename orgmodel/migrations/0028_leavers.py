"""Runs by which a day passed, and how leavers are found every minute without reading everybody."""

from django.db import migrations, models
from django.db.models import Q

OUTCOMES = ("running", "applied", "unchanged", "quarantined", "failed", "passed")


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0027_hooks")]

    operations = [
        migrations.AlterField(
            "run",
            "outcome",
            models.TextField(choices=[(each, each.title()) for each in OUTCOMES], default="running"),
        ),
        migrations.AddIndex(
            "finding",
            models.Index(fields=["detector"], condition=~Q(state="resolved"), name="finding_standing"),
        ),
        migrations.AddIndex(
            "person",
            models.Index(fields=["end_date"], condition=~Q(status="ended"), name="person_leaving"),
        ),
    ]
