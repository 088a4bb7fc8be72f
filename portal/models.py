"""What the portal itself keeps; the company is in orgmodel, messages are in notifier."""

from django.db import models


class Wake(models.Model):
    """When a task of the timetable last began in a worker, by the database's clock."""

    task = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task} {self.at:%Y-%m-%d %H:%M:%S}"
