"""The settings the notifier follows, taken from `settings.SIGHTLINE` in this one place."""

from dataclasses import dataclass, field
from datetime import time
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings

from orgmodel.configuration import Configuration, Notification

from .slack import Slack, is_loopback

PACE_PER_SECOND = 1.0
"""Messages a second for the whole workspace: what Slack advises to design for."""


def _configuration() -> Configuration:
    found: Configuration = settings.SIGHTLINE
    return found


@dataclass(frozen=True, slots=True)
class Options:
    """`pace_per_second` None: as fast as it goes. `quiet_hours` in the recipient's zone; None: none."""

    notify: Notification
    quiet_hours: tuple[time, time] | None
    time_zone: ZoneInfo
    pace_per_second: float | None
    configuration: Configuration = field(default_factory=_configuration)
    """What messages are composed with, when they are looked at once more."""

    @classmethod
    def from_settings(cls) -> Self:
        """What the organisation wants; a Slack on this machine needs no pacing."""
        configuration = _configuration()
        return cls(
            notify=configuration.notify,
            quiet_hours=configuration.conventions.notify.quiet_hours,
            time_zone=configuration.conventions.notify.time_zone,
            pace_per_second=None if is_loopback(configuration.slack_api_url) else PACE_PER_SECOND,
        )


def slack_from_settings() -> Slack:
    """The workspace of the organisation. Raises ValueError for an address that is not https."""
    return Slack(settings.SIGHTLINE.slack_bot_token, settings.SIGHTLINE.slack_api_url)
