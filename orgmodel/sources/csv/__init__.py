"""The CSV feed: people, units and assignments from one folder. docs/csv-feed.md says what it may hold."""

from .cells import Writing
from .people import PeopleReader
from .units import UnitsReader

__all__ = ["PeopleReader", "UnitsReader", "Writing"]
