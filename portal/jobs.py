"""What the queue wakes: read the sources, plan, deliver. Tasks carry no data and may be lost or doubled.

The only place that knows the order sync → plan → deliver.
"""

import logging

from django.conf import settings
from django.utils import timezone

from notifier.deliver import deliver
from notifier.options import slack_from_settings
from notifier.plan import plan
from orgmodel.sync.configured import NotConfigured, sync

logger = logging.getLogger(__name__)


def read() -> str:
    """Read every source that is set up, then plan. A source that fails keeps its old data."""
    configuration = settings.SIGHTLINE
    try:
        outcomes = list(sync(configuration))
    except NotConfigured as error:
        return str(error)
    notify()
    return ", ".join(f"{outcome.source} {outcome.outcome}" for outcome in outcomes)


def notify() -> str:
    """Plan what has settled and deliver what is due."""
    now = timezone.now()
    planned = plan(settings.SIGHTLINE, now)
    if not settings.SIGHTLINE.slack_bot_token:
        return f"planned {planned.messages}; no Slack token, nothing sent"
    delivered = deliver(now, slack_from_settings())
    logger.info("planned %d, sent %d, failed %d", planned.messages, delivered.sent, delivered.failed)
    return f"planned {planned.messages}, sent {delivered.sent}"
