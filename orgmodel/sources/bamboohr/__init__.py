"""BambooHR as the source of people: employees and their history; see docs/sources/bamboohr.md."""

from .declared import SOURCE
from .reader import BambooReader
from .settings import BambooSettings

__all__ = ["SOURCE", "BambooReader", "BambooSettings"]
