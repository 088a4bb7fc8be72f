"""Edges run between any two entitlements, of any sources: with what they are, and at most which level."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0019_who_keeps_a_group")]

    operations = [
        migrations.AddField("edge", "sort", models.TextField(db_default="opens")),
        migrations.AddField("edge", "cap", models.TextField(db_default="")),
        migrations.AddField("edge", "stated_by", models.TextField(db_default="")),
        migrations.RunSQL(
            """
            UPDATE orgmodel_edge e SET stated_by = r.source
            FROM orgmodel_entitlement t JOIN orgmodel_resource r ON r.id = t.resource_id
            WHERE t.id = e.target_id""",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "edge",
            models.CheckConstraint(
                condition=models.Q(sort__in=["opens", "cascades", "contains", "mirrors"]), name="edge_sort"
            ),
        ),
        migrations.AddField("entitlement", "rank", models.SmallIntegerField(null=True)),
        migrations.AddField("resource", "combine", models.TextField(db_default="priority")),
    ]
