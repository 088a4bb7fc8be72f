"""Every component with made-up contents: nothing hostile comes through, and nothing stands inline."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from portal.statics import plain
from tests.portal.gallery import HOSTILE, contents

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = sorted(path.name for path in (ROOT / "templates" / "components").glob("*.html"))
STATIC = ROOT / "portal" / "static" / "portal"
FIRST_LOAD = 45_000


@pytest.fixture(scope="module")
def gallery() -> str:
    return render_to_string("gallery.html", contents(), RequestFactory().get("/teams/cucumber/"))


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_in_use(component: str) -> None:
    """On a page, in another component or by a view; the gallery shows all there are and uses none."""
    unlike = {ROOT / "templates" / "gallery.html", ROOT / "templates" / "components" / component}
    others = [path for path in (ROOT / "templates").rglob("*.html") if path not in unlike]
    others += (ROOT / "portal" / "views").glob("*.py")
    assert any(f'"components/{component}"' in path.read_text(encoding="utf-8") for path in others)


def test_hostile_names_come_through_as_short_text(gallery: str) -> None:
    assert "<script>alert" not in gallery
    assert "&lt;script&gt;alert(1)" in gallery
    assert "\u202e" not in gallery
    assert HOSTILE[-1000:] not in gallery


def test_nothing_stands_inline_that_the_policy_forbids(gallery: str) -> None:
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", gallery)
    assert not re.search(r"<script(?![^>]*\ssrc=)", gallery)


def test_ids_are_unique(gallery: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', gallery)
    assert sorted(ids) == sorted(set(ids))


def test_every_icon_in_use_is_drawn(gallery: str) -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    templates = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "templates").rglob("*.html"))
    used = set(re.findall(r'\{% icon "([^"]+)"', templates)) | set(
        re.findall(r"icons\.svg#([\w-]+)", gallery)
    )
    assert used - drawn == set()


def test_the_first_load_is_small(gallery: str) -> None:
    sources = {plain(name) for name in re.findall(r'(?:href|src)="/static/([^"#]+)', gallery)}
    found = [finders.find(source) for source in sources]
    size = sum(len(gzip.compress(Path(path).read_bytes())) for path in found if isinstance(path, str))
    assert "django_htmx/htmx-2.min.js" in sources
    assert size + len(gzip.compress(gallery.encode())) < FIRST_LOAD


def test_no_other_host_is_asked() -> None:
    for path in STATIC.iterdir():
        hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8")))
        assert hosts <= {"www.w3.org"}, path.name


@pytest.mark.parametrize("page", ["400.html", "403.html", "404.html", "500.html", "503.html"])
def test_error_pages_need_no_context(page: str) -> None:
    text = render_to_string(page)
    assert 'id="problem"' in text
    assert "<h1>" in text
