"""The settings of an HR system that takes a user and a password: HRIS_URL, HRIS_USER, HRIS_TOKEN."""

from dataclasses import dataclass, field

from .source import Environment


@dataclass(frozen=True, slots=True)
class BasicLogin:
    """Where the system is and who asks. The secret is left out of the representation."""

    url: str
    """Without a slash at the end; a path may follow the host."""
    user: str
    token: str = field(repr=False)


def basic_login(environment: Environment, kind: str) -> BasicLogin | None:
    """What HRIS_… say where HRIS chooses this kind, else None. Raises ValueError for half of it."""
    if environment.text("HRIS").lower() != kind:
        return None
    because = f"HRIS is {kind}"
    environment.needed("HRIS_URL", because)
    return BasicLogin(
        environment.address("HRIS_URL"),
        environment.needed("HRIS_USER", because),
        environment.needed("HRIS_TOKEN", because),
    )
