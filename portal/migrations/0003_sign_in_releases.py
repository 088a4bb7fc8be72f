"""Who released an old sign-in, when and why."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_sessions"), ("orgmodel", "0024_keys_of_people")]

    operations = [
        migrations.CreateModel(
            name="SignInRelease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("who", models.TextField()),
                ("reason", models.TextField()),
                (
                    "person",
                    models.ForeignKey("orgmodel.person", django.db.models.deletion.PROTECT, related_name="+"),
                ),
            ],
        ),
    ]
