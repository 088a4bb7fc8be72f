"""Nordwind: a pretend company of any size, founded the same way for the same seed, with its mess."""

from collections.abc import Callable
from datetime import datetime

from .apps import found_apps
from .bulk import fill, place_everybody
from .firm import Firm, real_time
from .founding import found_groups, found_people, found_units
from .mess import JOINERS, make_mess
from .sizes import SIZES

SIGHTLINE_TOML = """\
# The conventions of the pretend company Nordwind.
[moves]
attributes = ["team", "department", "manager"]

[[units.kinds]]
kind = "team"
attribute = "team"
group_pattern = "team-<slug>"
description_prefix = "AUTO team"
id_key = "airtableId"
parent_key = "parentId"
active_key = "active"

[[units.kinds]]
kind = "department"
attribute = "department"
group_pattern = "dept-<slug>"
description_prefix = "AUTO department"
id_key = "recordId"

[[units.kinds]]
kind = "team_group"
group_pattern = "area-<slug>"

[[units.kinds]]
kind = "specialisation"
attribute = "specialisation"
description_prefix = "AUTO specialisation"

[notify]
settle_minutes = 0
quiet_hours = ""
time_zone = "Europe/Berlin"

[visibility]
admins_group = "sightline-admins"
confidential_groups = ["aws-admins"]
"""


class Company(Firm):
    """The company as it stands. `size`: demo (220 people), S (2,200), L (10,000) or XL (100,000)."""

    def __init__(self, seed: int = 7, size: str = "demo", now: Callable[[], datetime] = real_time) -> None:
        super().__init__(seed, now)
        self.played = 0
        """How many scenes of the year have been played."""
        self.tenant.quiet = True
        found_units(self, SIZES[size])
        found_people(self, SIZES[size].people - len(JOINERS))
        found_groups(self)
        found_apps(self.tenant)
        place_everybody(self.tenant)
        self.tenant.quiet = False
        make_mess(self)
        self.tenant.quiet = True
        fill(self, SIZES[size])
        self.tenant.quiet = False

    @staticmethod
    def sightline_toml() -> str:
        """What sightline.toml says at this company."""
        return SIGHTLINE_TOML
