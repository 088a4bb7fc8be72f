"""Nothing outside a source's own folder names it, or uses its own words for how accounts and groups stand."""

import re
from collections import Counter
from pathlib import Path

from orgmodel.sources import registry
from tests.shape import rules

ROOT = Path(__file__).resolve().parents[2]
OWN_WORDS = {
    *("STAGED", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED"),
    *("OKTA_GROUP", "APP_GROUP", "BUILT_IN"),
    *("ACTIVE", "INACTIVE", "INVALID"),
}
ALLOWED = {"orgmodel/facts.py": {"okta": 2}}
"""The evidence `okta` of the JSON answers, which is public (docs/decisions/0043): type and constant."""


def test_no_source_is_named_outside_its_folder() -> None:
    words = {*registry.names(), *OWN_WORDS}
    found: dict[str, Counter[str]] = {}
    for floor in ("notifier", "orgmodel", "portal"):
        for file in (ROOT / floor).rglob("*.py"):
            if "migrations" in file.parts or ROOT / "orgmodel" / "sources" in file.parents:
                continue
            named = rules.names_of_sources(file.read_text(encoding="utf-8"), words)
            if named:
                found[str(file.relative_to(ROOT))] = named
    assert found == ALLOWED


def test_no_template_names_one_either() -> None:
    quoted = re.compile(rf"""(["'])({"|".join(map(re.escape, {*registry.names(), *OWN_WORDS}))})\1""")
    found = {
        str(file.relative_to(ROOT)): [match[1] for match in quoted.findall(file.read_text(encoding="utf-8"))]
        for file in (ROOT / "templates").rglob("*.html")
    }
    evidence = {"templates/components/proof.html": ["okta"], "templates/gallery.html": ["okta"]}
    assert {file: words for file, words in found.items() if words} == evidence
