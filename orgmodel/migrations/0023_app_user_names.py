"""As whom an app knows an account that is assigned to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0022_states_in_our_words")]

    operations = [
        migrations.AddField("seat", "external_id", models.TextField(default="", db_default="")),
        migrations.AddField("seat", "user_name", models.TextField(default="", db_default="")),
    ]
