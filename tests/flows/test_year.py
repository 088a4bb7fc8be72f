"""The demo's year: every scene through the real sync, then a scene of today."""

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from orgmodel.configuration import Configuration
from orgmodel.models import Finding, Move, Run
from portal.configure import load_conventions
from portal.demo_year import play_year
from portal.environment import Environment
from sandbox.box import Sandbox
from sandbox.controller.server import Controller
from tests.configurations import feed_in, okta_at

pytestmark = pytest.mark.django_db(transaction=True)


def configured(box: Sandbox) -> Configuration:
    """Sightline as the demo sets it up for this sandbox."""
    environment = Environment({"SIGHTLINE_CONFIG": str(box.folder / "sightline.toml")})
    return replace(
        Configuration(entrance="demo"),
        conventions=load_conventions(environment, box.folder),
        hris="csv",
        sources={**okta_at(box.okta), **feed_in(box.feed)},
        slack_bot_token=box.slack.token,
        slack_api_url=box.slack.api_url,
        notify="on",
    )


def test_a_year_is_played_and_today_goes_on(tmp_path: Path, settings: Any) -> None:
    with Sandbox(tmp_path) as box, Controller(box, "http://127.0.0.1:8000") as controller:
        settings.SIGHTLINE = configured(box)
        play_year(controller.url)
        assert set(Run.objects.values_list("outcome", flat=True)) <= {"applied", "unchanged"}
        assert Move.objects.filter(person__name="Nadia Brandt", kind="mover").count() == 1
        assert {
            "leaver-active",
            "push-error",
            "hris-okta-mismatch",
            "unit-without-group",
            "app-direct",
        } <= set(Finding.objects.exclude(state="resolved").values_list("detector", flat=True))
        before = len(box.slack.posts)
        box.play(
            "manager_change", person="nadia.brandt@nordwind.example", manager="pia.lund@nordwind.example"
        )
        for _ in range(2):
            call_command("sync", stdout=StringIO())
        call_command("notify", stdout=StringIO())
        (messages,) = box.slack.posts[before:]
        assert messages.text.startswith("Nadia Brandt started reporting to you")
        out = StringIO()
        call_command("why", "nadia.brandt@nordwind.example", "Figma", "--json", stdout=out)
        assert json.loads(out.getvalue())["has"] is True
    with Sandbox(tmp_path) as again:
        assert again.company.person("nadia.brandt@nordwind.example").team == "cucumber"
