"""What records say today of a later day."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0025_run_releases")]

    operations = [
        migrations.CreateModel(
            name="PlannedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                ("true_began", models.DateTimeField(null=True)),
                ("attribute", models.TextField()),
                ("value", models.TextField()),
                ("valid_from", models.DateField()),
                ("placed", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(
                        "orgmodel.account", django.db.models.deletion.PROTECT, related_name="planned"
                    ),
                ),
                *(
                    (
                        name,
                        models.ForeignKey(
                            to,
                            django.db.models.deletion.PROTECT,
                            null=null,
                            related_name="+",
                            db_index=False,
                        ),
                    )
                    for name, to, null in (
                        ("unit", "orgmodel.orgunit", True),
                        ("manager", "orgmodel.person", True),
                        ("run_began", "orgmodel.run", False),
                        ("run_ended", "orgmodel.run", True),
                    )
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ended=None, run_ended=None)
                        | Q(ended__gt=F("began"), run_ended__isnull=False),
                        name="planned_change_ended_after_began",
                    ),
                    models.UniqueConstraint(
                        condition=Q(ended=None),
                        fields=("account", "attribute", "value", "valid_from"),
                        name="planned_change_one_current",
                    ),
                ],
            },
        ),
    ]
