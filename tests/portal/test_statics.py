"""Static files as a browser gets them: packed, kept for a year, and under a new address once they change."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from portal import statics
from portal.statics import StampedFinder, Statics, StaticsMiddleware, plain, stamped
from tests.portal.conftest import SignIn

# A finished answer lets old connections of the database go.
pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|src)="(/static/[^"#]+)')
FIRST_LOAD = 45_000
YEAR = "max-age=31536000, public, immutable"
# sha256sum of "a { color: red }" and "a { color: blue }"
RED, BLUE = "2c7bc03c8b66", "b8ce74db053f"


@pytest.fixture
def style(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """One file, found as style.css, which a test may change."""
    path = tmp_path / "style.css"
    path.write_text("a { color: red }")
    monkeypatch.setattr(statics, "find", lambda name: str(path) if name == "style.css" else None)
    stamped.cache_clear()
    return path


def body(response: HttpResponseBase) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    content = b"".join(response)
    response.close()
    return content


def test_a_files_address_is_that_of_its_content(style: Path) -> None:
    assert Statics().url("style.css") == f"/static/style.{RED}.css"
    style.write_text("a { color: blue }")
    stamped.cache_clear()
    assert Statics().url("style.css") == f"/static/style.{BLUE}.css"


def test_what_is_not_there_keeps_its_name() -> None:
    assert Statics().url("portal/nowhere.css") == "/static/portal/nowhere.css"
    assert Statics().url("portal/") == "/static/portal/"


def test_while_developing_files_keep_their_names(settings: LazySettings) -> None:
    settings.DEBUG = True
    assert Statics().url("portal/base.css") == "/static/portal/base.css"


def test_whoever_serves_files_by_finders_finds_them_by_their_stamps() -> None:
    finder = StampedFinder()
    assert Path(finder.find(stamped("portal/base.css"))).name == "base.css"
    assert finder.find("portal/base.css") == []
    assert [*finder.list(None)] == []


@pytest.mark.usefixtures("nordwind")
def test_a_page_and_all_it_links_to_are_packed_small_and_kept_for_a_year(as_person: SignIn) -> None:
    client = as_person("lena")
    page = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert page.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(page.content).decode()
    links = set(LINK.findall(text)) | set(re.findall(r'<use href="(/static/[^"#]+)', text))
    assert {"/static/portal/base.css", "/static/portal/icons.svg"} < {*map(plain, links)}
    size = len(page.content)
    for link in links:
        answer = client.get(link, headers={"Accept-Encoding": "gzip, br"})
        assert answer.headers["Cache-Control"] == YEAR, link
        content = body(answer)
        assert int(answer.headers["Content-Length"]) == len(content)
        if answer.headers.get("Content-Encoding") == "gzip":
            assert len(gzip.decompress(content)) > len(content)
        size += len(content)
    assert size < FIRST_LOAD


def test_a_browser_that_cannot_unpack_gets_the_file_itself(client: Client) -> None:
    link, path = Statics().url("portal/base.css"), Path("portal/static/portal/base.css")
    answer = client.get(link)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert body(answer) == path.read_bytes()
    assert gzip.decompress(body(client.get(link, headers={"Accept-Encoding": "gzip"}))) == path.read_bytes()


def test_heads_parts_and_repeats_are_answered(client: Client) -> None:
    link = Statics().url("portal/base.css")
    packed = client.get(link, headers={"Accept-Encoding": "gzip"})
    head = client.head(link, headers={"Accept-Encoding": "gzip"})
    assert head.headers["Content-Length"] == packed.headers["Content-Length"]
    assert body(head) == b""
    part = client.get(link, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-3"})
    assert (part.status_code, body(part)) == (206, Path("portal/static/portal/base.css").read_bytes()[:4])
    again = client.get(link, headers={"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, YEAR)
    assert client.post(link).status_code == 405


def test_a_stamp_of_another_version_gets_todays_file_for_a_minute(client: Client) -> None:
    answer = client.get("/static/portal/base.0123456789ab.css")
    assert answer.headers["Cache-Control"] == "max-age=60, public"
    assert body(answer) == Path("portal/static/portal/base.css").read_bytes()
    assert client.get("/static/portal/nowhere.0123456789ab.css").status_code == 404


def test_while_developing_a_change_is_seen_at_once(settings: LazySettings) -> None:
    settings.WHITENOISE_AUTOREFRESH = True
    settings.DEBUG = True

    def nothing(_: HttpRequest) -> HttpResponseBase:
        return HttpResponse(status=404)

    answer = StaticsMiddleware(nothing)(RequestFactory().get("/static/portal/base.css"))
    assert answer.headers["Cache-Control"] == "max-age=0, public"
    assert body(answer) == Path("portal/static/portal/base.css").read_bytes()
