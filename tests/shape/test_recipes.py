"""The recipes of CONTRIBUTING.md are true, and everything that was added by one has all its parts."""

import re
from pathlib import Path

from notifier.models import Outbox
from orgmodel.reconcile import DETECTORS
from orgmodel.sources import registry
from portal.templatetags import outbox_words
from portal.urls import urlpatterns
from tests.shape import rules

ROOT = Path(__file__).resolve().parents[2]
RECIPES = [
    "A system",
    "An HR connector",
    "A detector",
    "A kind of message",
    "A page",
    "A question",
    "A setting",
]


def text(*names: str) -> str:
    """All these files; of a folder its modules."""
    paths = [ROOT / name for name in names]
    files = [file for path in paths for file in (sorted(path.glob("*.py")) if path.is_dir() else [path])]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def pages() -> list[str]:
    """The routes of the pages that are CSV and JSON as well."""
    names = {str(each.name) for each in urlpatterns if hasattr(each, "name")}
    return [str(each.pattern) for each in urlpatterns if f"{getattr(each, 'name', '')}.csv" in names]


def test_there_is_a_recipe_for_each_and_its_files_exist() -> None:
    document = text("CONTRIBUTING.md")
    assert re.findall("^### (.+)$", document, re.MULTILINE) == RECIPES
    assert "orgmodel/sources/registry.py" in rules.CODE.findall(document)
    assert rules.missing_files(document, ROOT) == []


def test_every_source_has_its_modules_its_tests_and_its_settings() -> None:
    assert {each.kind for each in registry.sources()} >= {"okta", "csv"}
    documented = text("docs/settings.md")
    for source in registry.sources():
        folder = ROOT / "orgmodel" / "sources" / source.kind
        assert {"settings.py", "declared.py"} <= {each.name for each in folder.glob("*.py")}, source.name
        assert list((ROOT / "tests/orgmodel/sources").glob(f"test_{source.kind}*.py")), source.name
        assert rules.undocumented(set(rules.VARIABLE_IN_TEXT.findall(source.set_up)), documented) == []


def test_every_detector_is_documented_and_has_a_test() -> None:
    documented, tested = text("docs/reconciliation.md"), text("tests/orgmodel/reconcile", "tests/flows")
    assert rules.undocumented(set(DETECTORS), documented) == []
    assert [name for name in DETECTORS if f'"{name}"' not in tested] == []


def test_every_kind_of_message_is_documented_and_has_its_words() -> None:
    kinds = set(Outbox.Kind.values)
    _, _, described = text("docs/messages.md").partition("## The nine kinds")
    assert rules.undocumented(kinds, text("docs/messages.md").partition("## When it is told")[0]) == []
    assert [kind for kind in sorted(kinds) if f"**`{kind}`**" not in described] == []
    assert set(outbox_words.KINDS) == kinds


def test_every_page_is_opened_in_a_browser() -> None:
    assert {"", "apps/<str:key>/", "drift/", "rehearsals/<uuid:key>/actual/"} <= set(pages())
    assert rules.unvisited(pages(), rules.addresses(text("tests/browser"))) == []
