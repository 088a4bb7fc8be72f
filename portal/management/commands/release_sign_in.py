"""Lets an address be used by another account of the issuer, after somebody has looked whose it is."""

import json
from argparse import ArgumentParser
from getpass import getuser
from typing import Any

from django.core.management.base import CommandError

from orgmodel.management.migrated import NeedsTables
from orgmodel.queries.people import NotFound, find_person
from portal.door.identity import release


class Command(NeedsTables):
    help = "Releases a person's old sign-in, so that another account of the issuer may stand for them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", help="e-mail address or id")
        parser.add_argument("--reason", required=True, help="what was checked; kept with your account's name")
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        reason = options["reason"].strip()
        if not reason:
            raise CommandError("Say with --reason what was checked.", returncode=2)
        try:
            released = release(find_person(options["person"]), getuser(), reason)
        except NotFound as error:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(error)}, indent=2, ensure_ascii=False))
            raise CommandError(str(error), returncode=1) from error
        if options["json"]:
            self.stdout.write(json.dumps({"released": released}))
        elif released:
            accounts = "1 sign-in" if released == 1 else f"{released} sign-ins"
            self.stdout.write(f"Released {accounts} of this person; the sessions begun there have ended.")
        else:
            self.stdout.write("No sign-in of this person was known: there was nothing to release.")
