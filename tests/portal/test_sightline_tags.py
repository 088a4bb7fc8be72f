"""Dates, names, numbers and links as templates write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import HttpRequest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory

from portal.statics import plain
from portal.templatetags import sightline

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def render(source: str, request: HttpRequest | None = None, **values: object) -> str:
    context = RequestContext(request, values) if request else Context(values)
    return Template("{% load sightline %}" + source).render(context)


def test_a_day_is_written_in_full_with_its_machine_form() -> None:
    assert sightline.since(date(2026, 3, 3)) == '<time datetime="2026-03-03">3 March 2026</time>'
    assert sightline.since(None) == ""
    assert (
        sightline.exact(datetime(2026, 3, 3, 5, 30, tzinfo=UTC))
        == '<time datetime="2026-03-03T05:30:00+00:00">3 March 2026, 05:30 UTC</time>'
    )
    assert sightline.exact(None) == ""


@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=2), "2 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=45), "1 month ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(minutes=-5), "in 5 minutes"),
    ],
)
def test_ago_counts_from_the_moment_given(back: timedelta, words: str) -> None:
    assert f">{words}</time>" in sightline.ago(NOW - back, NOW)


def test_ago_of_nothing_is_nothing() -> None:
    assert sightline.ago(None, NOW) == ""


@pytest.mark.parametrize(
    ("count", "words", "expected"),
    [
        (1, "app", "1 app"),
        (2, "app", "2 apps"),
        (0, "person,people", "0 people"),
        (1204, "app", "1,204 apps"),
    ],
)
def test_plural_keeps_number_and_noun_together(count: int, words: str, expected: str) -> None:
    assert sightline.plural(count, words) == expected


def test_a_name_is_isolated_escaped_and_on_one_line() -> None:
    assert sightline.name("Nadia Brandt") == '<bdi class="name">Nadia Brandt</bdi>'
    assert sightline.name("\u202e<b>\nx") == '<bdi class="name">&lt;b&gt; x</bdi>'
    assert sightline.name("") == '<bdi class="name">(no name)</bdi>'


def test_a_name_of_ten_thousand_letters_is_cut() -> None:
    assert sightline.name("x" * 10_000) == f'<bdi class="name">{"x" * 159}…</bdi>'


def test_clip_takes_turning_characters_and_length_away() -> None:
    assert sightline.clip("a\u202eb\tc") == "ab c"
    assert sightline.clip("abcdef", 4) == "abc…"
    assert sightline.clip(None) == ""


@pytest.mark.parametrize(
    ("text", "one", "two"),
    [
        ("Nadia van der Brandt", "N", "NB"),
        ("figma", "F", "F"),
        ("", "·", "·"),
        ("(eu) Snow", "E", "S"),
        (None, "·", "·"),
    ],
)
def test_initials(text: str | None, one: str, two: str) -> None:
    assert (sightline.initial(text), sightline.initials(text)) == (one, two)


def test_a_hue_is_the_same_in_every_process() -> None:
    # The published check value of CRC-32 over these nine digits is 0xCBF43926; the rest by 12 is 2.
    assert sightline.hue("123456789") == 2


@pytest.mark.parametrize(
    ("held", "of", "filled", "drawn"),
    [
        *((4, 9, 4, 9), (0, 3, 0, 3), (1, 16, 1, 16), (2, 16, 2, 16), (3, 16, 3, 16), (15, 16, 15, 16)),
        *((1, 1200, 1, 10), (600, 1200, 5, 10), (601, 1200, 6, 10), (1199, 1200, 9, 10)),
        *((1200, 1200, 10, 10), (0, 1200, 0, 10)),
    ],
)
def test_squares_show_the_share(held: int, of: int, filled: int, drawn: int) -> None:
    squares = sightline.squares(held, of)
    assert (sum(squares), len(squares)) == (filled, drawn)


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert plain(render('{% icon "key" %}')) == (
        '<svg class="icon" aria-hidden="true"><use href="/static/portal/icons.svg#key"/></svg>'
    )
    assert 'role="img" aria-label="Key"' in render('{% icon "key" "Key" %}')


def test_links_keep_the_date_of_the_page() -> None:
    past = RequestFactory().get("/teams/", {"at": "2026-03-01", "q": "a"})
    assert render("{% at_url '/apps/' %}", past) == "/apps/?at=2026-03-01"
    assert render("{% at_url '/apps/?q=x#top' %}", past) == "/apps/?q=x&amp;at=2026-03-01#top"
    assert render("{% at_url '/apps/?at=2025-01-01' %}", past) == "/apps/?at=2025-01-01"
    assert render("{% at_url '/apps/' %}", RequestFactory().get("/teams/")) == "/apps/"
    assert render("{% at_url '/apps/' %}") == "/apps/"


def test_a_form_keeps_the_other_filters() -> None:
    request = RequestFactory().get("/apps/", {"q": '"><script>', "at": "2026-03-01"})
    assert render("{% hidden_query 'at' %}", request) == (
        '<input type="hidden" name="q" value="&quot;&gt;&lt;script&gt;">'
    )


def test_a_column_sorts_and_turns_round() -> None:
    column = '{% column "name" "App" %}'
    assert render(column, RequestFactory().get("/apps/?page=3")) == (
        '<th scope="col"><a href="?sort=name">App </a></th>'
    )
    up = render(column, RequestFactory().get("/apps/?sort=name"))
    assert 'aria-sort="ascending"' in up
    assert "?sort=-name" in up
    down = render(column, RequestFactory().get("/apps/?sort=-name"))
    assert 'aria-sort="descending"' in down
    assert "?sort=name" in down
    assert render('{% column "" "How" "num" %}') == '<th scope="col" class="num">How</th>'


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><x', ""), ("", "")])
def test_only_known_themes_leave_the_cookie(cookie: str, theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert render("{% theme %}", request) == theme
