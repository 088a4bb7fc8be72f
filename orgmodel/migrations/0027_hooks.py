"""What the hooks of sources have named, which deliveries are known, and how each hook is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0026_planned_changes")]

    operations = [
        migrations.CreateModel(
            name="HookHint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.TextField()),
                ("kind", models.TextField()),
                ("native_id", models.TextField()),
                ("received", models.DateTimeField()),
                ("count", models.BigIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "kind", "native_id"), name="hook_hint_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.TextField()),
                ("key", models.TextField()),
                ("received", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "key"), name="hook_delivery_once")],
            },
        ),
        migrations.CreateModel(
            name="HookState",
            fields=[
                ("source", models.TextField(primary_key=True, serialize=False)),
                ("accepted", models.BigIntegerField(default=0)),
                ("received", models.DateTimeField(null=True)),
                ("refused", models.BigIntegerField(default=0)),
                ("refused_at", models.DateTimeField(null=True)),
                ("waiting_since", models.DateTimeField(null=True)),
            ],
        ),
    ]
