"""Where intent and reality part: detectors that read the graph and say what they find. They write nothing."""

from . import access, groups, people, units
from .found import DETECTORS, Context, Detector, Found

__all__ = ["DETECTORS", "Context", "Detector", "Found", "access", "groups", "people", "units"]
