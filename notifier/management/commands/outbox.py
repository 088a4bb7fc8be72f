"""`manage.py outbox`: every message, its state and its content."""

import json
from typing import Any

from django.core.management.base import CommandParser

from notifier.messages.layout import count
from notifier.models import Outbox
from notifier.outbox import Message, messages, outbox_json
from orgmodel.management.migrated import NeedsTables


class Command(NeedsTables):
    help = "Shows the messages, the newest first: their state, why, and the exact text."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the messages as JSON")
        parser.add_argument("--state", action="append", choices=Outbox.State.values, default=[])

    def handle(self, *_args: Any, **options: Any) -> None:
        found = messages(options["state"])
        if options["json"]:
            self.stdout.write(json.dumps(outbox_json(found), indent=2))
            return
        for message in found:
            self.stdout.write(_printed(message))
        self.stdout.write(count(len(found), "message", "messages"))


def _printed(message: Message) -> str:
    why = f" ({message.reason})" if message.reason else ""
    head = (
        f"{message.state}{why} · {message.kind} · to {message.to} · due {message.not_before:%Y-%m-%d %H:%M}"
    )
    body = "\n".join(f"    {line}" for line in message.text.splitlines())
    return f"{head}\n{body}\n"
