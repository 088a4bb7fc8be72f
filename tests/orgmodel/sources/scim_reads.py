"""Reads of a pretend SCIM service provider."""

from typing import Any

from orgmodel.sources.scim import ScimReader, ScimSettings
from sandbox.hris.records import HrUnit, Records
from sandbox.hris.scim import ScimServer

from .hr_reads import NOW, QUICK, Read, reading, someone

TEAMS = 'people.fields = {team = "groups:team-<slug>"}'
CONFIG, USERS, GROUPS = "GET /ServiceProviderConfig", "GET /Users", "GET /Groups"


def read(server: ScimServer, settings: str = "", *, units: bool = False, **client: Any) -> Read:
    """One read under these lines of sightline.toml. `units`: another source keeps the org units."""
    given = ScimSettings(server.url, server.token)
    return Read(ScimReader(given, reading(settings, units=units), **{**QUICK, **client}))


def nordwind() -> Records:
    """Five people: Bo leads; Inès and Ida are in Radish below Engineering, Omar in Cucumber; Uma has left."""
    records = Records(now=lambda: NOW)
    records.units["g1"] = HrUnit("g1", "team", "Engineering", "engineering")
    records.units["g2"] = HrUnit("g2", "team", "Radish", "radish", parent_id="g1")
    records.add(someone("u1", "Bo Lind", team="engineering"))
    ines = someone("u2", "Inès Ørsted", manager_id="u1", department="Product", employee_number="0042")
    ines.time_zone, ines.specialisation = "Europe/Lisbon", "Backend"
    records.add(ines)
    records.add(someone("u3", "Ida Holm", manager_id="u1"))
    records.add(someone("u4", "Omar Haddad", team="cucumber"))
    records.add(someone("u5", "Uma Rao", team="", status="ended"))
    return records


def numbered(count: int) -> Records:
    """So many people, u001 and on."""
    records = Records(now=lambda: NOW)
    for number in range(1, count + 1):
        records.add(someone(f"u{number:03}"))
    return records
