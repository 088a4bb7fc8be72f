"""The controller's one page: a form per scene and per fault, links to what shows the effect."""

from html import escape
from pathlib import Path

from sandbox.box import Sandbox
from sandbox.scenario import SCENES

STYLE = (Path(__file__).parent / "controller.css").read_text(encoding="utf-8")
FAULTS = {
    "users": "Okta answers no users",
    "groups": "Okta answers no groups",
    "members": "Okta answers no members",
    "refuse": "Okta refuses the next ten calls with 429",
    "revoked": "Okta refuses the token",
    "slow": "Okta takes 0.2 s for every answer",
    "clear": "Everything is well again",
}


def page(box: Sandbox, portal: str, said: str = "", *, refused: bool = False) -> str:
    """The page; `said` is what came of the last form."""
    now = f"{box.clock():%-d %B %Y, %H:%M} UTC"
    on = ", ".join(box.okta.faults.on) or "none"
    shade = "said refused" if refused else "said"
    note = f'<p class="{shade}" role="status">{escape(said)}</p>' if said else ""
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
        f"<h2>Scenes</h2>{_scenes()}"
        f"<h2>Faults</h2><p>On now: {escape(on)}.</p>{_faults()}</main></body></html>"
    )


def _scenes() -> str:
    return "".join(
        f'<form method="post" action="/play/{name}"><b>{escape(scene.title)}</b>'
        + "".join(
            f'<label>{escape(key)}<input name="{escape(key)}" value="{escape(value)}"></label>'
            for key, value in scene.sample.items()
        )
        + "<button>Play</button></form>"
        for name, scene in SCENES.items()
    )


def _faults() -> str:
    return "".join(
        f'<form method="post" action="/fault/{name}"><b>{escape(title)}</b><button>Switch</button></form>'
        for name, title in FAULTS.items()
    )
