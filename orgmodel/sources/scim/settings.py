"""The settings of a SCIM service provider: HRIS_… where HRIS is scim."""

from dataclasses import dataclass, field

from orgmodel.sources.source import Environment

BECAUSE = "HRIS is scim"


@dataclass(frozen=True, slots=True)
class ScimSettings:
    """Where the service provider is and who asks. The token is left out of the representation."""

    url: str
    """The base address, such as https://acme.example/scim/v2, without a slash at the end."""
    token: str = field(repr=False)


def settings(environment: Environment) -> ScimSettings | None:
    """What HRIS_… say, or None where another system is chosen. Raises ValueError for half of it."""
    if environment.text("HRIS").lower() != "scim":
        return None
    environment.needed("HRIS_URL", BECAUSE)
    token = environment.needed("HRIS_TOKEN", BECAUSE)
    if not token.isascii() or not token.isprintable():
        raise ValueError("HRIS_TOKEN must be a bearer token: letters, digits and signs on one line.")
    return ScimSettings(environment.address("HRIS_URL"), token)
