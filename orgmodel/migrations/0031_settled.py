"""Whether anything can still follow from what is known, and what each detector looked at last."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0030_parts_left")]

    operations = [
        migrations.CreateModel(
            name="Settled",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("basis", models.TextField(default="")),
                ("writes", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField("look", "basis", models.TextField(default="")),
    ]
