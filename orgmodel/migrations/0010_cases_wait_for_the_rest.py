"""A case is told once a later read confirms it and its other half has come, and knows when it had not."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0009_former_names")]

    operations = [
        migrations.AddField(
            model_name="move",
            name="looked",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="move",
            name="runs",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="move",
            name="unfinished",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="move",
            name="kind",
            field=models.TextField(
                choices=[
                    ("mover", "Mover"),
                    ("manager", "Manager"),
                    ("joiner", "Joiner"),
                    ("back", "Back"),
                    ("leaver", "Leaver"),
                    ("lost", "Lost"),
                ]
            ),
        ),
        migrations.AddIndex(
            model_name="move",
            index=models.Index(
                condition=models.Q(("unfinished", True)), fields=["person"], name="move_unfinished"
            ),
        ),
    ]
