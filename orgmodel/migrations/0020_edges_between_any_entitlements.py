"""Edges run between any two entitlements, of any sources: with what they are, and at most which level."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0019_who_keeps_a_group")]

    operations = [
        migrations.AddField("edge", "sort", models.TextField(db_default="opens")),
        migrations.AddField("edge", "cap", models.TextField(db_default="")),
        migrations.AddField("edge", "stated_by", models.TextField(db_default="okta")),
        migrations.AddConstraint(
            "edge",
            models.CheckConstraint(
                condition=models.Q(sort__in=["opens", "cascades", "contains", "mirrors"]), name="edge_sort"
            ),
        ),
        migrations.AddField("entitlement", "rank", models.SmallIntegerField(null=True)),
        migrations.AddField("resource", "combine", models.TextField(db_default="priority")),
    ]
