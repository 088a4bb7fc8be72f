import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgmodel", "0007_runs_by_id"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="account",
            index=models.Index(django.db.models.functions.text.Lower("login"), name="account_by_any_login"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["native_id"], name="account_by_native"),
        ),
        migrations.AddIndex(
            model_name="attribute",
            index=models.Index(
                condition=models.Q(("ended", None)), fields=["name"], name="attribute_by_name"
            ),
        ),
        migrations.AddIndex(
            model_name="attribute",
            index=models.Index(
                django.db.models.functions.text.Lower(
                    models.Func(
                        "value", output_field=models.TextField(), template="(%(expressions)s #>> '{}')"
                    )
                ),
                condition=models.Q(("name__in", ["name", "slug"])),
                name="attribute_called",
            ),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(django.db.models.functions.text.Lower("name"), name="resource_by_any_name"),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["name"], name="resource_by_exact_name"),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["native_id"], name="resource_by_native"),
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("detector", models.TextField(unique=True)),
                ("at", models.DateTimeField()),
                ("reads", models.IntegerField(default=1)),
            ],
        ),
        migrations.AddField(
            model_name="finding",
            name="reads",
            field=models.IntegerField(default=0),
        ),
    ]
