"""Who decided a mass change stands with it, also where nothing of it was held yet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifier", "0003_gathered")]

    operations = [
        migrations.AddField(
            "outboxact",
            "mass",
            models.ForeignKey(
                "notifier.masschange",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="acts",
                db_index=False,
            ),
        ),
    ]
