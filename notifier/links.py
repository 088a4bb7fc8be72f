"""Addresses in messages: pages of the portal by the names of their routes."""

from urllib.parse import urlencode

from django.urls import reverse


def link(base_url: str, page: str, *about: object, **query: str) -> str:
    """The page of this name at the address of the portal; `about`: what stands in its address."""
    return f"{base_url}{reverse(page, args=about)}{f'?{urlencode(query)}' if query else ''}"
