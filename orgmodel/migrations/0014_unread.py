"""Which parts of a group or an app the last read could not see."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgmodel", "0011_event_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="unread",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), db_default=[], default=list, size=None
            ),
        ),
    ]
