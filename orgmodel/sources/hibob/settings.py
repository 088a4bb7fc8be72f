"""The settings of one HiBob company, for those who chose it by HRIS."""

from dataclasses import dataclass, field

from orgmodel.sources.source import Environment

ADDRESS = "https://api.hibob.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class HiBobSettings:
    """Where HiBob is and who asks. Secrets are left out of the representation."""

    url: str = ADDRESS
    """Without a slash at the end; the version belongs to it."""
    user: str
    """The id of the service user."""
    token: str = field(repr=False)


def settings(environment: Environment) -> HiBobSettings | None:
    """What HRIS_… say, or None where HRIS is another. Raises ValueError for half of it."""
    if environment.text("HRIS").lower() != "hibob":
        return None
    return HiBobSettings(
        url=environment.address("HRIS_URL", ADDRESS),
        user=environment.needed("HRIS_USER", "HRIS is hibob"),
        token=environment.needed("HRIS_TOKEN", "HRIS is hibob"),
    )
