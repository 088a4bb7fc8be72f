"""Where BambooHR is and who asks, for those who chose it by HRIS."""

from dataclasses import dataclass, field

from orgmodel.sources.source import Environment

KIND = "bamboohr"


@dataclass(frozen=True, slots=True)
class BambooSettings:
    """The organisation's own address and an API key, which no representation shows."""

    url: str
    """Origin without a slash at the end: https://acme.bamboohr.com."""
    token: str = field(repr=False)


def settings(environment: Environment) -> BambooSettings | None:
    """What HRIS_URL and HRIS_TOKEN say, or None where another system is chosen. Raises ValueError."""
    if environment.text("HRIS").lower() != KIND:
        return None
    environment.needed("HRIS_URL", "HRIS is bamboohr")
    return BambooSettings(
        environment.address("HRIS_URL", origin=True), environment.needed("HRIS_TOKEN", "HRIS is bamboohr")
    )
