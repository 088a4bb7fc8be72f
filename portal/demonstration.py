"""Lets commands in a second shell talk to the running demo: its addresses stand in a file in the data folder.

The persona switcher is not among them: only SIGHTLINE_DEMO in the environment opens it.
"""

from collections.abc import Mapping
from pathlib import Path

# Whoever names one of these has an organisation of their own in mind.
OWN = ("DATABASE_URL", "OKTA_URL", "HRIS", "HRIS_CSV_DIR", "CONTROL_PLANE", "OIDC_ISSUER", "SLACK_BOT_TOKEN")
FILE = "demo.env"


def demo_defaults(variables: Mapping[str, str], data: Path) -> dict[str, str]:
    """NAME=value lines of the demo's file as defaults; nothing when the environment names a source itself."""
    path = data / FILE
    if any(variables.get(name) or variables.get(f"{name}_FILE") for name in OWN) or not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() != "SIGHTLINE_DEMO"}
