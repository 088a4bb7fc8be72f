"""The settings of Personio: HRIS_… where HRIS is personio."""

from dataclasses import dataclass, field

from orgmodel.sources.source import Environment

BECAUSE = "HRIS is personio"


@dataclass(frozen=True, slots=True)
class PersonioSettings:
    """Where Personio is and who asks. The secret is left out of the representation."""

    url: str
    """Origin without a slash at the end."""
    client_id: str
    secret: str = field(repr=False)


def settings(environment: Environment) -> PersonioSettings | None:
    """What HRIS_… say, or None where another system is chosen. Raises ValueError for half of it."""
    if environment.text("HRIS").lower() != "personio":
        return None
    environment.needed("HRIS_URL", BECAUSE)
    return PersonioSettings(
        url=environment.address("HRIS_URL", origin=True),
        client_id=environment.needed("HRIS_USER", BECAUSE),
        secret=environment.needed("HRIS_TOKEN", BECAUSE),
    )
