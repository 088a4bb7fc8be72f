"""The whole tree keeps the rules of tests/shape/rules.py."""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path

from orgmodel.conventions import Notify, People, UnitKind, Visibility
from orgmodel.csv_feed import CsvFeed
from orgmodel.field_names import FieldNames
from orgmodel.kinds import BY_NAME, KINDS, resource_kinds
from orgmodel.sources.registry import _SOURCES as KINDS_OF_SOURCES
from tests.shape import rules

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("benchmarks", "notifier", "orgmodel", "portal", "sandbox", "tests")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def sources(*folders: str, suffixes: Iterable[str] = (".py",)) -> list[Path]:
    return [each for folder in folders for each in (ROOT / folder).rglob("*") if each.suffix in suffixes]


def broken(files: Iterable[Path], rule: Callable[[str], list[str]]) -> list[str]:
    """Sentences of a rule, each with the file it is about."""
    return [
        f"{file.relative_to(ROOT)}: {sentence}"
        for file in files
        for sentence in rule(file.read_text(encoding="utf-8"))
    ]


def test_no_file_is_too_long() -> None:
    written = [each for each in sources(*FLOORS) if each.parent.name != "migrations"]
    assert broken([ROOT / "manage.py", *written], rules.too_long) == []


def test_templates_and_styles_are_written_to_be_read() -> None:
    files = sources("templates", "portal", "sandbox", suffixes=(".html", ".css"))
    assert len(files) > 100
    assert broken(files, rules.too_long) == []
    assert broken(files, rules.too_wide) == []


def test_every_module_is_called_after_what_it_is_for() -> None:
    paths = [str(each.relative_to(ROOT)) for each in sources(*FLOORS)]
    assert [sentence for path in paths for sentence in rules.says_nothing(path)] == []
    product = [path for path in paths if not path.startswith("tests/")]
    assert [sentence for path in product for sentence in rules.is_poetry(path)] == []


def test_no_value_is_called_after_speech() -> None:
    assert (
        broken([each for each in sources(*FLOORS) if each.parent.name != "migrations"], rules.names_of_speech)
        == []
    )


def test_views_only_translate_between_http_and_queries() -> None:
    assert broken(sources("portal/views"), rules.long_views) == []


def test_every_variable_is_documented() -> None:
    read = set[str]().union(
        *(
            rules.variables_read(each.read_text(encoding="utf-8"))
            for each in sources("portal", "orgmodel/sources")
        )
    )
    read |= {each.hook.variable for each in KINDS_OF_SOURCES if each.hook is not None}
    assert {"OKTA_URL", "OKTA_EVENT_HOOK_SECRET", "HRIS_CSV_DIR", "SIGHTLINE_CONFIG", "Q_BROKER"} <= read
    assert rules.undocumented(read, SETTINGS) == []


def test_every_convention_is_documented() -> None:
    names = {
        each.name
        for table in (People, UnitKind, Notify, Visibility, CsvFeed, FieldNames)
        for each in fields(table)
    }
    assert rules.undocumented(names | {"kinds", "attributes", "level_keys", "shrink_share"}, SETTINGS) == []


def test_only_the_settings_read_the_environment() -> None:
    files = sources("notifier", "orgmodel")
    assert broken(files, lambda text: ["reads os.environ"] if "os.environ" in text else []) == []


def test_pages_fetch_from_no_other_host() -> None:
    files = sources("templates", "portal/static", suffixes=(".html", ".css", ".js", ".svg"))
    assert broken(files, rules.foreign_addresses) == []


def test_links_name_their_pages() -> None:
    files = sources("templates", "portal", "notifier", "orgmodel", suffixes=(".html", ".py"))
    own = [each for each in files if not each.is_relative_to(ROOT / "orgmodel" / "sources")]
    written = [each for each in own if each.name not in {"gallery.html", "urls.py"}]
    assert broken(written, rules.written_addresses) == []


def test_pages_hold_no_inline_style_or_script() -> None:
    assert broken(sources("templates", suffixes=(".html",)), rules.inline_content) == []


def test_every_dependency_has_a_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    required = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[\[~=<>]", each)[0] for each in required]
    document = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert "django-q2" in names
    assert [name for name in names if not re.search(rf"[|,] {name}[ ,]", document)] == []


def test_the_lock_names_packages_and_hashes_and_nobody_to_ask() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    strange = [
        each
        for each in lines
        if not re.match(r"[a-z0-9-]+(\[[a-z,-]+\])?==|    --hash=sha256:[0-9a-f]{64}|    +#", each)
    ]
    assert strange == []


KINDS_OF_FACTS = (ROOT / "docs" / "kinds.md").read_text(encoding="utf-8")
ALSO_BY_KIND = {"orgmodel/why/sentences.py": "how a change of each kind is said"}
"""Where something of the module's own stands beside each kind; whoever adds a kind is led there by a test."""


def test_every_kind_is_documented() -> None:
    words = {kind.name: kind.many for kind in KINDS} | {kind.name: kind.many for kind in resource_kinds()}
    assert rules.undocumented(set(words), KINDS_OF_FACTS) == []
    assert [name for name, many in words.items() if f"| `{name}` | {many} |" not in KINDS_OF_FACTS] == []


def test_kinds_are_listed_nowhere_else() -> None:
    files = [
        each
        for each in sources("notifier", "orgmodel", "portal")
        if not {"migrations", "kinds", "sources"} & {*each.parts}
        and str(each.relative_to(ROOT)) not in ALSO_BY_KIND
    ]
    assert broken(files, lambda text: rules.listed_kinds(text, set(BY_NAME))) == []
