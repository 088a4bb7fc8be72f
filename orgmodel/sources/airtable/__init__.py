"""Airtable as the control plane: org units from the tables of one base. docs/sources/airtable.md says how."""

from .declared import UNITS
from .reader import AirtableReader
from .settings import AirtableSettings

__all__ = ["UNITS", "AirtableReader", "AirtableSettings"]
