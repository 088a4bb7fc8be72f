"""Which base and table of Airtable keep the units, and the token that reads them: AIRTABLE_…"""

from dataclasses import dataclass, field

from orgmodel.sources.source import Environment

ADDRESS = "https://api.airtable.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class AirtableSettings:
    """Where Airtable is, what is read there, and who asks."""

    url: str = ADDRESS
    """Origin without a slash at the end."""
    token: str = field(repr=False)
    base: str
    """`app…`"""
    table: str
    """Its id (`tbl…`) or its name."""


def settings(environment: Environment) -> AirtableSettings | None:
    """What AIRTABLE_… say, or None where another source keeps the units. Raises ValueError for half of it."""
    if environment.text("CONTROL_PLANE").lower() != "airtable":
        return None
    because = "CONTROL_PLANE is airtable"
    found = AirtableSettings(
        url=environment.address("AIRTABLE_URL", ADDRESS, origin=True),
        token=environment.needed("AIRTABLE_TOKEN", because),
        base=environment.needed("AIRTABLE_BASE", because),
        table=environment.needed("AIRTABLE_TABLE", because),
    )
    if "/" in found.base:
        raise ValueError("AIRTABLE_BASE must be the id of one base such as app1a2B3c4D5e6F7.")
    return found


def address(environment: Environment) -> str:
    """Where a token would be sent, whether or not units are read from there."""
    return environment.text("AIRTABLE_URL", ADDRESS) if environment.text("AIRTABLE_TOKEN") else ""
