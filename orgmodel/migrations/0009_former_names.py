"""What a group or an app was called before is found at every request: it decides what is confidential."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0008_lookups_and_looks")]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                KeyTextTransform("name", "before"),
                condition=models.Q(("kind", "resource"), ("verb", "changed")),
                name="change_of_name",
            ),
        ),
    ]
