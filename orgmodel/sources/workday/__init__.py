"""Workday: two custom reports as web services, one of workers and one of organisations."""

from .declared import SOURCE
from .reader import WorkdayReader

__all__ = ["SOURCE", "WorkdayReader"]
