"""What the sources, the notifier and the portal are told by the settings: one frozen value, secrets included.

Pure, so that every floor may take it. portal/environment.py fills it; it is reached as `settings.SIGHTLINE`.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from orgmodel.conventions import Conventions

HrisKind = Literal[
    "okta", "csv", "hibob", "humaans", "workday", "bamboohr", "personio", "successfactors", "scim"
]
ControlPlane = Literal["", "csv", "airtable"]
Notification = Literal["off", "hold", "on"]
Entrance = Literal["closed", "oidc", "demo", "tests"]
"""Who may enter the portal: nobody, people logged in by OIDC, a persona of the pretend company, the tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Addresses, tokens and switches as the environment gave them, validated; empty text: not set.

    Secrets are left out of the representation, so that it may stand in a log or an error.
    """

    base_url: str = "http://127.0.0.1:8000"
    """Without a slash at the end; used in links sent by Slack."""
    entrance: Entrance = "closed"
    conventions: Conventions = field(default_factory=Conventions)

    okta_url: str = ""
    """Origin without a slash at the end, or empty."""
    okta_token: str = field(default="", repr=False)
    okta_client_id: str = ""
    okta_private_key: str = field(default="", repr=False)
    """PEM or JWK, as it was given."""
    okta_key_id: str = ""
    okta_dpop: bool = False
    okta_budget: float = 0.5
    """Share of each rate bucket we may use, above 0, at most 1."""
    okta_event_hook_secret: str = field(default="", repr=False)

    hris: HrisKind = "okta"
    hris_url: str = ""
    hris_user: str = ""
    hris_token: str = field(default="", repr=False)
    hris_csv_dir: Path | None = None
    """Folder of people.csv, units.csv and assignments.csv; set whenever HRIS or CONTROL_PLANE is csv."""
    hris_webhook_secret: str = field(default="", repr=False)

    control_plane: ControlPlane = ""
    airtable_url: str = "https://api.airtable.com"
    airtable_token: str = field(default="", repr=False)
    airtable_base: str = ""
    airtable_table: str = ""

    slack_bot_token: str = field(default="", repr=False)
    slack_signing_secret: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_api_url: str = "https://slack.com/api/"
    """With a slash at the end."""
    notify: Notification = "hold"

    oidc_issuer: str = ""
    """Without a slash at the end."""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_trust_email: bool = False
    """Addresses count even where the issuer does not call them verified."""

    @property
    def demo(self) -> bool:
        """True only for the pretend company started by `manage.py demo`."""
        return self.entrance == "demo"
