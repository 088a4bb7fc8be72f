"""Humaans as the source of people: people, job roles and custom fields; see docs/sources/humaans.md."""

from .declared import SOURCE
from .reader import HumaansReader
from .settings import HumaansSettings

__all__ = ["SOURCE", "HumaansReader", "HumaansSettings"]
