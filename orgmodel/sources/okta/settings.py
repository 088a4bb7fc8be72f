"""The settings of one Okta organisation: OKTA_…"""

from dataclasses import dataclass, field

from orgmodel.sources.source import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class OktaSettings:
    """Where Okta is and who asks; empty text: not set. Secrets are left out of the representation."""

    url: str = ""
    """Origin without a slash at the end."""
    token: str = field(default="", repr=False)
    client_id: str = ""
    private_key: str = field(default="", repr=False)
    """PEM or JWK, as it was given."""
    key_id: str = ""
    dpop: bool = False
    budget: float = 0.5
    """Share of each rate bucket we may use, above 0, at most 1."""


def settings(environment: Environment) -> OktaSettings | None:
    """What OKTA_… say, or None where there is no Okta. Raises ValueError for half of it."""
    found = OktaSettings(
        url=environment.address("OKTA_URL", origin=True),
        token=environment.text("OKTA_TOKEN"),
        client_id=environment.text("OKTA_CLIENT_ID"),
        private_key=environment.text("OKTA_PRIVATE_KEY"),
        key_id=environment.text("OKTA_KEY_ID"),
        dpop=environment.flag("OKTA_DPOP"),
        budget=environment.share("OKTA_BUDGET", OktaSettings().budget),
    )
    if found.token and found.client_id:
        raise ValueError("OKTA_TOKEN and OKTA_CLIENT_ID are both set; keep one of them.")
    if found.url and not (found.token or found.client_id):
        raise ValueError("OKTA_TOKEN or OKTA_CLIENT_ID is missing: OKTA_URL is set.")
    if found.token or found.client_id:
        environment.needed("OKTA_URL", "OKTA_TOKEN or OKTA_CLIENT_ID is set")
    if found.client_id:
        environment.needed("OKTA_PRIVATE_KEY", "OKTA_CLIENT_ID is set")
        environment.needed("OKTA_KEY_ID", "OKTA_CLIENT_ID is set")
    return found if found.url else None
