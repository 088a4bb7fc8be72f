"""Personio (API v2): persons with their employments, and the teams and departments they belong to."""

from .declared import SOURCE
from .reader import PersonioReader
from .settings import PersonioSettings

__all__ = ["SOURCE", "PersonioReader", "PersonioSettings"]
