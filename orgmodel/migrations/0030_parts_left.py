"""What a complete read that goes on in slices has still to read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0029_account_decisions")]

    operations = [
        migrations.CreateModel(
            name="PartLeft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.TextField()),
                ("kind", models.TextField()),
                ("owner", models.TextField()),
                ("note", models.TextField(default="")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "kind", "owner"), name="part_left_once")
                ],
            },
        ),
    ]
