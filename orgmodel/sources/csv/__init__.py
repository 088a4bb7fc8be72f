"""The CSV feed: people, units and assignments from one folder. docs/csv-feed.md says what it may hold."""

from .cells import Writing
from .declared import PEOPLE, UNITS
from .people import PeopleReader
from .settings import CsvSettings
from .units import UnitsReader

__all__ = ["PEOPLE", "UNITS", "CsvSettings", "PeopleReader", "UnitsReader", "Writing"]
