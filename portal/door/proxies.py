"""Which proxies are trusted about the client's address and https."""

import ipaddress
import logging
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

logger = logging.getLogger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SAYS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")
UNTRUSTED = (
    "TRUSTED_PROXIES does not name the proxy in front of Sightline, so what it says of https is not believed:"
    " set TRUSTED_PROXIES to the proxy's address."
)
SILENT = (
    "The proxy in front of Sightline does not say whether it was asked by https: let it send"
    " X-Forwarded-Proto."
)


class Proxies:
    """Drops what an untrusted peer claims; says in one sentence what would otherwise redirect for ever."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        headers = {name: str(request.META[name]) for name in SAYS if name in request.META}
        believed = trusted(str(request.META.get("REMOTE_ADDR", "")))
        if not believed:
            for name in headers:
                del request.META[name]
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and headers:
            proto = headers.get("HTTP_X_FORWARDED_PROTO", "")
            if not believed and proto.strip().lower() == "https":
                return _misconfigured(UNTRUSTED)
            if believed and not proto and "HTTP_X_FORWARDED_FOR" in headers:
                return _misconfigured(SILENT)
        return self.get_response(request)


def trusted(address: str) -> bool:
    """Whether this peer is a proxy of ours; a unix socket has no address and was opened by us."""
    if not address:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return any((mapped or found) in network for network in settings.TRUSTED_PROXIES)


def client_address(request: HttpRequest) -> str:
    """Where the request comes from, the trusted proxies left out; of IPv6 the network that one client has."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = [each.strip() for each in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    for hop in [peer, *reversed([each for each in hops if each])]:
        if not trusted(hop):
            peer = hop
            break
    try:
        found = ipaddress.ip_address(peer)
    except ValueError:
        return peer[:64]
    return str(ipaddress.ip_network((found, 64), strict=False) if found.version == 6 else found)  # noqa: PLR2004


def _misconfigured(sentence: str) -> HttpResponseBase:
    _tell_once(sentence)
    return HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", status=503)


@lru_cache(maxsize=4)
def _tell_once(sentence: str) -> None:
    logger.error(sentence)
