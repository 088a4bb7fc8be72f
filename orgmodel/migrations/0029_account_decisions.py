"""What admins decided about whose an account is, and when accounts went from one person to another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orgmodel", "0028_leavers"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.TextField(choices=[("link", "Link"), ("unlink", "Unlink"), ("undo", "Undo")])),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("match", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="person_merged",
            ),
        ),
        migrations.AddField(
            model_name="accountdecision",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="orgmodel.account",
            ),
        ),
        migrations.AddField(
            model_name="accountdecision",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgmodel.person",
            ),
        ),
        migrations.AddField(
            model_name="accountdecision",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgmodel.person",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handovers",
                to="orgmodel.account",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="after",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgmodel.person",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="before",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orgmodel.person",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="decision",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="orgmodel.accountdecision",
            ),
        ),
        migrations.AddIndex(
            model_name="accountdecision",
            index=models.Index(fields=["account", "-id"], name="decision_by_account"),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["account", "at"], name="handover_by_account"),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["before"], name="handover_by_person"),
        ),
    ]
