"""Addresses name people by keys of our own; native ids in old ones lead there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0023_app_user_names")]

    operations = [
        migrations.AddField(
            "person",
            "merged_into",
            models.ForeignKey(
                "orgmodel.person",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="merged",
                db_index=False,
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE orgmodel_person p SET key = left(encode(sha256(convert_to(coalesce(
                (SELECT a.source || ' ' || a.native_id FROM orgmodel_account a WHERE a.person_id = p.id
                 ORDER BY a.match <> 'own record', a.id LIMIT 1), 'person ' || p.id), 'UTF8')), 'hex'), 16)""",
            migrations.RunSQL.noop,
        ),
    ]
