"""The rules find what they are for: each is shown a sample that breaks it and one that does not."""

from pathlib import Path

from tests.shape import rules


def test_a_file_of_301_lines_is_too_long() -> None:
    assert rules.too_long("x\n" * 300) == []
    assert rules.too_long("x\n" * 301) == ["301 lines, more than 300"]


def test_a_line_of_161_characters_is_too_wide() -> None:
    assert rules.too_wide("x\n" + "x" * 160) == []
    assert rules.too_wide("x\n" + "x" * 161) == ["line 2 has 161 characters"]


def test_names_that_say_nothing_are_found_anywhere_in_the_path() -> None:
    assert rules.says_nothing("orgmodel/utils.py") == ["utils says nothing about what is inside"]
    assert rules.says_nothing("portal/services/mail.py") == ["services says nothing about what is inside"]
    assert rules.says_nothing("portal/embedded/base.py") == []
    assert rules.says_nothing("orgmodel/sync/merge.py") == []


def test_names_that_were_given_up_are_found() -> None:
    assert rules.is_poetry("notifier/tales.py") == ["tales is a name that a newcomer has to guess"]
    assert rules.is_poetry("orgmodel/sync/merge.py") == []
    assert rules.is_poetry("orgmodel/queries/history/lately.py") == []


def test_a_view_of_16_lines_is_too_long_and_its_docstring_is_free() -> None:
    body = "    x = 1\n"
    fits = 'def page(request):\n    """Says\n\n    a lot."""\n' + body * 14
    assert rules.long_views(fits) == []
    assert rules.long_views(fits + body) == ["view page has 16 lines, more than 15"]
    assert rules.long_views("def merge(rows):\n" + body * 40) == []


def test_the_variables_a_module_reads() -> None:
    text = 'environment.text("OKTA_URL", "X") or given.flag("DEBUG") or that.text("not one") or f("HRIS")'
    assert rules.variables_read(text) == {"OKTA_URL", "DEBUG"}


def test_a_name_that_is_only_part_of_another_is_not_documented() -> None:
    assert rules.undocumented({"HRIS", "OKTA_URL"}, "`HRIS_URL` and `OKTA_URL`") == ["HRIS is not documented"]


def test_a_source_is_found_as_a_text_and_inside_sql() -> None:
    text = """if name == "okta" or f"a.source = 'okta' AND b {x}": pass  # okta"""
    assert rules.names_of_sources(text, {"okta", "hris"}) == {"okta": 2}
    assert rules.names_of_sources('note = "Okta and okta.users.read"', {"okta"}) == {}


def test_other_hosts_are_found_and_comments_and_namespaces_are_not() -> None:
    assert rules.foreign_addresses('<script src="https://cdn.example/x.js">') == [
        "https://cdn.example/x.js is another host"
    ]
    assert rules.foreign_addresses("url(//fonts.example/a.woff2)") == [
        "//fonts.example/a.woff2 is another host"
    ]
    assert rules.foreign_addresses('<svg xmlns="http://www.w3.org/2000/svg">') == []
    assert rules.foreign_addresses("let a = 1; // e.g. this.one\n// another.one") == []


def test_an_address_that_is_written_out_is_found() -> None:
    text = """<a href="/teams/">, f"{base}/people/{key}/", '/changes.csv', "/drift/?a=b", <form action="/">"""
    assert rules.written_addresses(text) == [
        "/teams/ is a page with a name",
        "/people/{key}/ is a page with a name",
        "/changes.csv is a page with a name",
        "/drift/?a=b is a page with a name",
        "/ is a page with a name",
    ]
    named = """<a href="{% url "teams" %}">, reverse("me"), "/static/portal/base.css", "/healthz", `/apps/`"""
    assert rules.written_addresses(named) == []


def test_inline_styles_and_scripts_are_found() -> None:
    assert rules.inline_content("<style>p{}</style>") == ["a style element"]
    assert rules.inline_content("<script>go()</script>") == ["a script without src"]
    assert rules.inline_content('<p style="{{ x }}" {% if y %}onclick="go()"{% endif %}>') == [
        "attribute style of p",
        "attribute onclick of p",
    ]
    assert rules.inline_content('<a href=" JavaScript:go()">') == ["a javascript: address of a"]
    assert rules.inline_content('<b hx-on:click="go()">') == ["attribute hx-on:click of b"]


def test_what_the_policy_allows_is_allowed() -> None:
    page = """{% include "x.html" with once=1 style=2 %}{# <style> #}
    <script src="{% static 'portal/palette.js' %}" defer></script>
    <script type="application/json">{}</script><p class="one">style="x" is text</p>"""
    assert rules.inline_content(page) == []


def test_a_seventh_kind_of_fact_makes_a_list() -> None:
    kinds = {"grant", "edge", "seat", "rule", "push", "unit", "link"}
    assert rules.listed_kinds('a = ("grant", "edge", "seat", "rule", "push", "unit")', kinds) == []
    assert (
        rules.listed_kinds('a = ("grant", "edge", "seat", "rule", "push", "unit", "link", "x")', kinds) == []
    )
    assert rules.listed_kinds('a = {"grant", "edge", "seat", "rule", "push", "unit", "link"}', kinds) == [
        "lists kinds of facts: grant, edge, seat, rule, push, unit, link"
    ]


def test_a_path_that_is_not_there_is_found_and_a_pattern_is_no_path(tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "urls.py").touch()
    document = (
        "`portal/urls.py`, `portal/`, `portal/views.py`, `sources/<kind>/`, `/apps/`, `Kind` and `a/b c`"
    )
    assert rules.missing_files(document, tmp_path) == ["portal/views.py is not there"]


def test_a_route_that_no_address_follows_is_unvisited() -> None:
    visited = rules.addresses('go("/apps/?q=x", f"/moves/{move}/", "/people/nadia/", "no/address")')
    assert visited == {"/apps/", "/moves/x/", "/people/nadia/"}
    routes = ["apps/", "moves/<int:pk>/", "people/<str:key>/", "people/<str:key>/what-if/", ""]
    assert rules.unvisited(routes, visited) == [
        "no test visits /",
        "no test visits /people/<str:key>/what-if/",
    ]


def test_names_of_speech_are_found() -> None:
    text = "told = 1\ndef _said(asked): ...\nfrom a import b as told\nclass Told:\n    asked: int"
    found = [each.removesuffix(" says nothing about what it is") for each in rules.names_of_speech(text)]
    assert found == [
        "line 1: told",
        "line 2: _said",
        "line 2: asked",
        "line 3: told",
        "line 4: Told",
        "line 5: asked",
    ]
    assert rules.names_of_speech("row.told = said\nsaid(row, told=1)\nretold = asked_by = 2") == []
