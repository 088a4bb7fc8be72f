"""Webhooks of BambooHR: they name an employee when a change takes effect, not when it is entered."""

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
    is_fresh,
    signature_of,
    text_of,
)

SIGNATURE = "X-BambooHR-Signature"
TIMESTAMP = "X-BambooHR-Timestamp"


def verify(secrets: Secrets, delivery: Delivery) -> bool:
    """Whether the signature is that of the body followed by the timestamp, and that is of now."""
    moment = delivery.headers.get(TIMESTAMP, "")
    signed = delivery.body + moment.encode("latin-1", "backslashreplace")
    good = signature_of(delivery, SIGNATURE, lambda secret: _signature(secret, signed), secrets)
    return good and is_fresh(moment, delivery.at)


def contents(body: Any) -> Contents:
    """The employee."""
    employee = text_of(fields_of(fields_of(body).get("data")).get("employeeId"))
    return Contents(frozenset({Named("account", employee)} if employee else ()))


def _signature(secret: bytes, signed: bytes) -> bytes:
    return hmac.digest(secret, signed, hashlib.sha256).hex().encode()


HOOK = Hook(path="hris/bamboohr", variable="HRIS_WEBHOOK_SECRET", verify=verify, contents=contents)
