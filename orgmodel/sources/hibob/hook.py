"""Webhooks of HiBob, version 2: they name an employee, and what is new has to be read.

Deleting a row of a table sends nothing, so the timetable's syncs are needed all the same. Nothing tells a
delivery from its replay but its body.
"""

import base64
import hashlib
import hmac
from typing import Any

from orgmodel.sources.hooks import (
    Contents,
    Delivery,
    Hook,
    Named,
    Secrets,
    fields_of,
    signature_of,
    text_of,
)

SIGNATURE = "Bob-Signature"


def verify(secrets: Secrets, delivery: Delivery) -> bool:
    """Whether the signature is that of the body."""
    return signature_of(delivery, SIGNATURE, lambda secret: _signature(secret, delivery.body), secrets)


def contents(body: Any) -> Contents:
    """The employee, whatever is said of them: a changed row of a table also changes the person."""
    employee = text_of(fields_of(fields_of(body).get("data")).get("employeeId"))
    return Contents(frozenset({Named("account", employee)} if employee else ()))


def _signature(secret: bytes, body: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret, body, hashlib.sha512))


HOOK = Hook(path="hris/hibob", variable="HRIS_WEBHOOK_SECRET", verify=verify, contents=contents)
