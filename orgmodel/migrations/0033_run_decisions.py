"""What an admin decided about a quarantined run is a decision, whether it was released or dropped."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0032_run_reviews")]

    operations = [
        migrations.RenameModel("RunRelease", "RunDecision"),
        migrations.AlterField(
            "rundecision",
            "run",
            models.ForeignKey("orgmodel.run", django.db.models.deletion.PROTECT, related_name="decisions"),
        ),
    ]
