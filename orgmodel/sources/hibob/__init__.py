"""HiBob: people, their history and plans, and the nested lists that may be units. docs/sources/hibob.md."""

from .declared import SOURCE
from .reader import HiBobReader
from .settings import HiBobSettings

__all__ = ["SOURCE", "HiBobReader", "HiBobSettings"]
