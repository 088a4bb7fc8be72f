"""Webhooks of Airtable: a ping that something in the base has changed, and no more than that."""

import base64
import hashlib
import hmac
from typing import Any

from orgmodel.sources.hooks import EVERYTHING, Contents, Delivery, Hook, Secrets, signature_of

SIGNATURE = "X-Airtable-Content-MAC"
SCHEME = b"hmac-sha256="


def verify(secrets: Secrets, delivery: Delivery) -> bool:
    """Whether the MAC is that of the body."""
    return signature_of(delivery, SIGNATURE, lambda secret: _mac(secret, delivery.body), secrets)


def contents(_: Any) -> Contents:
    """Everything: a ping carries no data, and what it stands for must be asked for."""
    return Contents(frozenset({EVERYTHING}))


def key(written: str) -> bytes:
    """macSecretBase64, as Airtable showed it once → the key. Raises ValueError."""
    return base64.b64decode(written, validate=True)


def _mac(secret: bytes, body: bytes) -> bytes:
    return SCHEME + hmac.digest(secret, body, hashlib.sha256).hex().encode()


HOOK = Hook(path="airtable", variable="AIRTABLE_WEBHOOK_SECRET", verify=verify, contents=contents, key=key)
