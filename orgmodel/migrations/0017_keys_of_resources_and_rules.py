"""Addresses name groups, apps and rules by keys of our own; native ids in old ones lead there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0016_move_summary")]

    operations = [
        migrations.AddField("resource", "key", models.TextField(default="")),
        migrations.AddField("rule", "key", models.TextField(default="")),
        migrations.RunSQL(
            [
                """
                UPDATE orgmodel_resource SET key = concat_ws(
                    '-',
                    nullif(trim('-' FROM left(regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g'), 40)), ''),
                    left(encode(sha256(convert_to(source || ' ' || native_id, 'UTF8')), 'hex'), 10))""",
                """
                UPDATE orgmodel_rule
                SET key = left(encode(sha256(convert_to(source || ' ' || native_id, 'UTF8')), 'hex'), 10)""",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("resource", "key", models.TextField(unique=True)),
        migrations.AlterField("rule", "key", models.TextField(unique=True)),
    ]
