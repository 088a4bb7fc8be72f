"""The rows of the portal itself: its worker's sign of life, and those of the door."""

from django.db import models

from .door.models import Identity, Session, Tally

__all__ = ["Identity", "Session", "Tally", "Wake"]


class Wake(models.Model):
    """When a task of the timetable last began in a worker, by the database's clock."""

    task = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task} {self.at:%Y-%m-%d %H:%M:%S}"
