"""Where Humaans is and who asks, for those who chose it by HRIS."""

from dataclasses import dataclass, field

from orgmodel.sources.source import Environment

KIND = "humaans"
ADDRESS = "https://app.humaans.io"


@dataclass(frozen=True, slots=True)
class HumaansSettings:
    """The address, the same for every organisation, and an access token, which no representation shows."""

    url: str
    """Origin without a slash at the end."""
    token: str = field(repr=False)


def settings(environment: Environment) -> HumaansSettings | None:
    """What HRIS_URL and HRIS_TOKEN say, or None where another system is chosen. Raises ValueError."""
    if environment.text("HRIS").lower() != KIND:
        return None
    return HumaansSettings(
        environment.address("HRIS_URL", ADDRESS, origin=True),
        environment.needed("HRIS_TOKEN", "HRIS is humaans"),
    )
