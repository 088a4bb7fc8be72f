"""The portal as a Django app; it puts the recurring jobs into the queue's timetable."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

LONGEST_READ = 7200
"""Seconds: a full read waits for Okta's rate windows, so the queue's short limit is not for it."""
TIMETABLE = (
    ("read the sources", "portal.jobs.read", 5, f"q_options={{'timeout': {LONGEST_READ}}}"),
    ("plan and deliver", "portal.jobs.notify", 1, ""),
)
"""Name, function, minutes between two wakings, options of the task."""


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(keep_timetable, sender=self)


def keep_timetable(**kwargs: Any) -> None:
    """Make the timetable's rows what they should be, however often this runs."""
    from django_q.models import Schedule

    for name, function, minutes, options in TIMETABLE:
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": function,
                "schedule_type": Schedule.MINUTES,
                "minutes": minutes,
                "repeats": -1,
                "kwargs": options,
            },
        )
