"""A real Chromium before a live portal of the small Nordwind, signed in as one of its people."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from orgmodel.models import Run
from tests.portal.company import CONVENTIONS, tell

Enter = Callable[[str], Page]


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """Where the pages are, so that tests name only paths."""
    return str(live_server.url)


@pytest.fixture
def company(live_server: Any, settings: LazySettings) -> None:
    """Nordwind, its sources read just now."""
    settings.SIGHTLINE = replace(settings.SIGHTLINE, conventions=CONVENTIONS)
    tell()
    Run.objects.update(finished=timezone.now())


@pytest.fixture
def enter(company: None, base_url: str, context: BrowserContext, page: Page) -> Enter:
    """A page on which somebody is signed in; whatever the console complains of fails the test."""

    def sign_in(name: str) -> Page:
        user = get_user_model().objects.create_user(name, email=f"{name}@nordwind.example")
        client = Client()
        client.force_login(user)
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}]
        )
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        page.on("console", _refuse)
        page.on("response", _arrived)
        return page

    return sign_in


def _refuse(message: ConsoleMessage) -> None:
    # A page that is not found is said so here too; files that are missing are caught below.
    if message.type == "error" and "Failed to load resource" not in message.text:
        pytest.fail(f"console: {message.text}")


def _arrived(response: Response) -> None:
    if response.status >= 400 and "/static/" in response.url:
        pytest.fail(f"{response.status} {response.url}")
