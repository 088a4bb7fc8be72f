"""Plans the messages of settled moves and delivers what is due, once."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils import timezone

from notifier.deliver import deliver
from notifier.options import slack_from_settings
from notifier.plan import plan
from orgmodel.management.migrated import NeedsTables
from orgmodel.sources.registry import truth
from orgmodel.sync.passing_time import pass_time


class Command(NeedsTables):
    help = "Plans and delivers due messages once; both when neither is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", action="store_true", help="only plan the messages of settled moves")
        parser.add_argument("--deliver", action="store_true", help="only send what is due")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        both = options["plan"] == options["deliver"]
        report: dict[str, Any] = {}
        if both or options["plan"]:
            configuration, now = settings.SIGHTLINE, timezone.now()
            pass_time(configuration.conventions, truth(configuration), now)
            report["planned"] = asdict(plan(configuration, now))
        if both or options["deliver"]:
            delivered = asdict(deliver(timezone.now(), slack_from_settings()))
            again = delivered.pop("again_at")
            report["delivered"] = {**delivered, "again_at": again.isoformat() if again else None}
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2))
            return
        for name, numbers in report.items():
            words = ", ".join(f"{value} {key}" for key, value in numbers.items() if value)
            self.stdout.write(f"{name}: {words or 'nothing to do'}")
