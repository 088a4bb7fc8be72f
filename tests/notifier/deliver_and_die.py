"""Delivers once in a process of its own and kills itself at the named step, as a power cut would.

Arguments: name of the database, address of Slack, step.
"""

import os
import signal
import sys
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import django

DATABASE, SLACK, STEP = sys.argv[1:]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = DATABASE
    django.setup()

    from notifier import claims, deliver
    from notifier.slack import Sent, Slack
    from tests.notifier.conftest import NOW, ON

    class Mortal(Slack):
        def post(self, *arguments: Any, **more: Any) -> Sent:
            if STEP == "before the post":
                die()
            sent = super().post(*arguments, **more)
            if STEP == "after the post":
                die()
            return sent

    written = claims.settle

    def settle(outcomes: Sequence[tuple[Any, Any]]) -> int:
        if STEP == "before the outcome":
            die()
        count = written(outcomes)
        die()
        return count

    with patch.object(claims, "settle", settle):
        deliver.deliver(NOW, Mortal("xoxb-sandbox", SLACK), options=ON)


main()
