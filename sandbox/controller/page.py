"""The controller's one page: a form per scene and per fault, links to what shows the effect."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from sandbox.box import Sandbox
from sandbox.scenario import SCENES

from .faults import SWITCHES

STYLE = (Path(__file__).parent / "controller.css").read_text(encoding="utf-8")


def page(box: Sandbox, portal: str, message: str = "", *, refused: bool = False) -> str:
    """The page; `message` is what came of the last form."""
    now = f"{box.clock():%-d %B %Y, %H:%M} UTC"
    on = ", ".join(box.okta.faults.on) or "none"
    shade = "said refused" if refused else "said"
    note = f'<p class="{shade}" role="status">{escape(message)}</p>' if message else ""
    people = len(box.company.people)
    links = (
        f'<a href="{escape(portal)}">the portal</a> · '
        f'<a href="{escape(box.slack.url)}dms/">everybody’s Slack messages</a>'
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Nordwind · controller</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/style.css"></head><body><main>'
        f"<h1>What happens at Nordwind?</h1><p>{people} people; it is {now}. See {links}.</p>{note}"
        f"<h2>Time</h2>{_time(box)}"
        f"<h2>Scenes</h2>{_scenes()}"
        f"<h2>Faults</h2><p>On now: {escape(on)}.</p>{_faults()}</main></body></html>"
    )


def _time(box: Sandbox) -> str:
    at = box.clock.at.isoformat() if box.clock.at else ""
    return _form("/year/next", "Play the next scene of the year", {}, "Play") + _form(
        "/clock", "Stand still at a moment; empty: follow real time", {"at": at}, "Set"
    )


def _scenes() -> str:
    return "".join(
        _form(f"/play/{name}", scene.title, scene.sample, "Play") for name, scene in SCENES.items()
    )


def _faults() -> str:
    return "".join(
        _form(f"/fault/{name}", switch.title, switch.sample, "Switch") for name, switch in SWITCHES.items()
    )


def _form(action: str, title: str, fields: Mapping[str, str], button: str) -> str:
    return (
        f'<form method="post" action="{escape(action)}"><b>{escape(title)}</b>'
        + "".join(
            f'<label>{escape(key)}<input name="{escape(key)}" value="{escape(value)}"></label>'
            for key, value in fields.items()
        )
        + f"<button>{escape(button)}</button></form>"
    )
