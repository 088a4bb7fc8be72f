"""Lines about reviews and governance name the cause of what stands in their transaction, as requests do."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0010_cases_wait_for_the_rest")]

    operations = [
        migrations.RemoveIndex(model_name="logevent", name="event_together"),
        migrations.AddIndex(
            model_name="logevent",
            index=models.Index(
                fields=["transaction_id"],
                condition=Q(type__startswith="access.request.")
                | Q(type__startswith="access.review.")
                | Q(type__startswith="app.access_request.")
                | Q(type__startswith="certification.")
                | Q(type__startswith="governance.")
                | Q(type__startswith="system.identity_sources.")
                | Q(type__startswith="system.import."),
                name="event_together",
            ),
        ),
    ]
