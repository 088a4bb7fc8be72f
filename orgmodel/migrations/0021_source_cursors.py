from django.db import migrations, models

TO_ROWS = """
    INSERT INTO orgmodel_sourcecursor (source, stream, value)
    SELECT source, 'log', cursor FROM (
        SELECT DISTINCT ON (source) source, cursor FROM orgmodel_run
        WHERE outcome IN ('applied', 'unchanged') ORDER BY source, id DESC
    ) newest WHERE cursor <> ''"""
TO_RUNS = """
    UPDATE orgmodel_run r SET cursor = c.value FROM orgmodel_sourcecursor c
    WHERE c.stream = 'log' AND r.id = (
        SELECT max(n.id) FROM orgmodel_run n
        WHERE n.source = c.source AND n.outcome IN ('applied', 'unchanged'))"""


class Migration(migrations.Migration):
    """Where a log stands is a row of its own, no longer told by the run that read it."""

    dependencies = [
        ("orgmodel", "0020_edges_between_any_entitlements"),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceCursor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.TextField()),
                ("stream", models.TextField()),
                ("value", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "stream"), name="cursor_of_stream")
                ],
            },
        ),
        migrations.RunSQL(TO_ROWS, TO_RUNS),
        migrations.RemoveField(model_name="run", name="cursor"),
    ]
