"""Nothing outside a source's own folder names it, or uses its own words for how accounts and groups stand."""

from collections import Counter
from pathlib import Path

from orgmodel.sources import registry
from tests.shape import rules

ROOT = Path(__file__).resolve().parents[2]
OWN_WORDS = {
    *("STAGED", "PROVISIONED", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED"),
    *("OKTA_GROUP", "APP_GROUP", "BUILT_IN"),
}
SAYS_OKTA_TOLD = {"okta": 1}
"""The evidence `okta` of the JSON answers: the source itself said so."""
STILL: dict[str, dict[str, int]] = {
    "orgmodel/configuration.py": {"okta": 1},
    "orgmodel/facts.py": SAYS_OKTA_TOLD,
    "orgmodel/queries/access/reasons.py": {"okta": 3},
    "orgmodel/queries/history/diff.py": {"PROVISIONED": 1},
    "orgmodel/queries/why/answer.py": SAYS_OKTA_TOLD,
    "orgmodel/queries/why/evidence.py": SAYS_OKTA_TOLD,
    "orgmodel/queries/why/last_change.py": SAYS_OKTA_TOLD,
    "orgmodel/reconcile/leavers.py": {"DEPROVISIONED": 1},
    "orgmodel/reconcile/memberships.py": SAYS_OKTA_TOLD,
    "orgmodel/rules/population.py": {
        "DEPROVISIONED": 1,
        "PROVISIONED": 1,
        "RECOVERY": 1,
        "PASSWORD_EXPIRED": 1,
        "LOCKED_OUT": 1,
    },
    "orgmodel/sync/causes.py": {"okta": 2, "DEPROVISIONED": 1, "SUSPENDED": 1, "LOCKED_OUT": 1},
    "orgmodel/sync/graph.py": {"okta": 2},
    "orgmodel/sync/rule_causes.py": SAYS_OKTA_TOLD,
    "orgmodel/why/attribute_change.py": {"okta": 1, "hris": 1},
    "orgmodel/why/audit.py": SAYS_OKTA_TOLD,
    "orgmodel/why/caveats.py": {
        "SUSPENDED": 3,
        "DEPROVISIONED": 2,
        "STAGED": 3,
        "PROVISIONED": 1,
        "RECOVERY": 1,
        "PASSWORD_EXPIRED": 1,
        "LOCKED_OUT": 1,
    },
    "orgmodel/why/obstacles.py": {
        "DEPROVISIONED": 2,
        "STAGED": 1,
        "PROVISIONED": 1,
        "SUSPENDED": 2,
        "LOCKED_OUT": 1,
    },
    "orgmodel/why/paths.py": {"okta": 2},
    "orgmodel/why/sentences.py": {"okta": 1, "hris": 1},
    "portal/configure.py": {"okta": 2},
    "portal/management/commands/demo.py": {"okta": 1, "control": 1},
}
"""Modules that still do, with how often: this list only gets shorter."""


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
    assert found == STILL
