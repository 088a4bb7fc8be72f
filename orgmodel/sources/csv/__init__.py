"""The CSV feed: people, units and assignments from one folder. A file with a bad row is not applied."""

from .people import PeopleReader
from .units import UnitsReader

__all__ = ["PeopleReader", "UnitsReader"]
