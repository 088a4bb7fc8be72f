"""Where access differs from policy: detectors read the graph and say what they find. They write nothing."""

from . import (
    accounts,
    apps,
    groups,
    hierarchy,
    leavers,
    lint,
    memberships,
    mirrors,
    names,
    profiles,
    reporting,
    rules,
    staleness,
    unapplied,
    units,
)
from .detectors import DETECTORS, Context, Detector, Found

__all__ = [
    "DETECTORS",
    "Context",
    "Detector",
    "Found",
    "accounts",
    "apps",
    "groups",
    "hierarchy",
    "leavers",
    "lint",
    "memberships",
    "mirrors",
    "names",
    "profiles",
    "reporting",
    "rules",
    "staleness",
    "unapplied",
    "units",
]
