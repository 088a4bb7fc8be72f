"""The settings of the sources, the notifier and the portal: one frozen value, secrets included.

Pure, so that every floor may take it. portal/environment.py fills it; it is reached as `settings.SIGHTLINE`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from orgmodel.conventions import Conventions

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

    hris: str = ""
    """The kind of source that speaks for people; empty: the one that they sign in with."""
    control_plane: str = ""
    """The kind of source that keeps the org units; empty: the records and groups themselves name them."""
    sources: Mapping[str, Any] = field(default_factory=dict)
    """The settings of each source that is set up, by its name; what they hold is the source's own affair."""

    hook_secrets: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict, repr=False)
    """By the name of a source: what may vouch for the deliveries of its hook."""

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
