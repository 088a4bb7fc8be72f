"""The looks at why-not, findings, namesakes and held messages: each must see what it is there for."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from . import asking, lacking, leftovers, namesakes
from .books import GONE, Account, App, Books, Group, Record, Rule, Unit
from .conditions import Is
from .holding import REASON, WHO, Held
from .ledger import Stood
from .test_hearing import message

NADIA, LENA = "nadia@nordwind.example", "lena@nordwind.example"


def books() -> Books:
    """Lena leads Okra and is in its group, which opens Figma; Nadia is in Leek and has nothing."""
    found = Books(groups={"g": Group("g", "team-okra", "recokra")})
    found.units["recokra"] = Unit("recokra", "team", "okra", "Okra", "okra", lead=LENA)
    found.rules["r"] = Rule("r", Is("team", "okra"), ["g"], name="Okra people")
    found.apps["figma"] = App("figma", "Figma", opens={"g": (0, "Editor")})
    for email, team in ((NADIA, "leek"), (LENA, "okra")):
        found.accounts[email] = Account(f"u-{email}", email, {"team": team})
        found.records[email] = Record(email[:2], email, email, {"team": team})
    found.accounts[LENA].ruled["g"] = {"r"}
    return found


def way(sentence: str = "would match", holds: bool = False, rule: str = "Okra people") -> dict[str, Any]:
    """A way into Figma as an answer tells it."""
    clause = {"text": 'user.team == "okra"', "value": "leek", "holds": holds}
    steps = [
        {"kind": "rule", "name": rule, "native_id": "r", "clauses": [clause]},
        {"kind": "group", "name": "team-okra", "native_id": "g"},
        {"kind": "app", "name": "Figma", "native_id": "figma"},
    ]
    return {"steps": steps, "sentence": f"The rule {sentence}"}


ACTIVATE = {"steps": [{"kind": "app", "name": "Figma"}], "sentence": "Someone must activate Figma in Okta."}
BY_HAND = {
    "steps": [{"kind": "group", "native_id": "g"}],
    "sentence": "Someone must add them to it manually.",
}


def why_not(monkeypatch: pytest.MonkeyPatch, *ways: Any, ask: str = LENA, where: Books | None = None) -> str:
    """What is said against an answer that gives these ways."""
    given = {"has": False, "would_take": list(ways), "more_ways": 0, "ask": [{"email": ask}] if ask else []}
    monkeypatch.setattr(lacking, "ask", lambda *words, at=None: given)
    return " ".join(map(str, lacking.check_why_not(where or books(), NADIA, "figma")))


def test_a_right_why_not_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_not(monkeypatch, way()) == ""


@pytest.mark.parametrize(
    ("ways", "ask", "sentence"),
    [
        ([], LENA, "ways"),
        ([way(rule="Leek people")], LENA, "ways"),
        ([way(), BY_HAND], LENA, "ways"),
        ([way("matches")], LENA, "should say “would match”"),
        ([way(holds=True)], LENA, "is False, told True"),
        ([way("is one of which she is excluded")], LENA, "should say “would match”"),
        ([way(), ACTIVATE], LENA, "must activate: not so"),
        ([way()], "", "ask"),
        ([way()], NADIA, "ask"),
    ],
)
def test_what_is_wrong_with_a_why_not(
    monkeypatch: pytest.MonkeyPatch, ways: list[Any], ask: str, sentence: str
) -> None:
    assert sentence in why_not(monkeypatch, *ways, ask=ask)


def test_what_stands_in_the_way_must_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    shut = books()
    shut.apps["figma"].active = False
    assert "must activate: missing" in why_not(monkeypatch, way(), where=shut)
    assert why_not(monkeypatch, ACTIVATE, way(), where=shut) == ""
    shut.accounts[NADIA].status = GONE
    assert "must reactivate: missing" in why_not(monkeypatch, ACTIVATE, way(), where=shut)


def drift(monkeypatch: pytest.MonkeyPatch, detector: str, where: Books, *found: Any) -> str:
    monkeypatch.setattr(asking, "findings", lambda name: list(found))
    return " ".join(map(str, leftovers.check_leftovers(where, detector)))


def test_findings_that_are_missing_and_that_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    left = books()
    active = {"people": [NADIA], "evidence": {"account": f"u-{NADIA}"}}
    assert "too" in drift(monkeypatch, "leaver-active", left, active)
    left.records[NADIA].status = "ended"
    assert "among them" in drift(monkeypatch, "leaver-active", left)
    assert drift(monkeypatch, "leaver-active", left, active) == ""


def test_who_was_added_by_a_human_must_be_found_and_by_an_automation_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added = books()
    added.accounts[NADIA].hand.add("g")
    found = {"people": [NADIA], "evidence": {"group": "g"}}
    assert drift(monkeypatch, "hand-made-member", added) == drift(
        monkeypatch, "hand-made-member", added, found
    )
    added.accounts[NADIA].by_human["g"] = True
    assert "among them" in drift(monkeypatch, "hand-made-member", added)
    assert drift(monkeypatch, "hand-made-member", added, found) == ""


def test_a_retired_unit_needs_no_group_and_its_group_should_open_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = books()
    old.units["recokra"].until = old.today = date(2026, 3, 9)
    grants = {"evidence": {"group": "g", "unit": "recokra"}}
    assert "among them" in drift(monkeypatch, "retired-unit-grants", old)
    assert drift(monkeypatch, "retired-unit-grants", old, grants) == ""
    assert "too" in drift(monkeypatch, "unit-without-group", old, {"evidence": {"unit": "recokra"}})


def test_a_name_of_two_must_be_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    twins = Books(
        groups={"a": Group("a", "club"), "b": Group("b", "club"), "e": Group("e", "All", everyone=True)}
    )
    monkeypatch.setattr(namesakes, "ask", lambda *words: {"target": {"native_id": "a"}, "apps": []} | WHO_IS)
    problems = " ".join(map(str, namesakes.check_namesakes(twins)))
    assert "who club: expected a choice of {a, b}" in problems
    assert "who b, target" in problems
    assert "access front.desk@nordwind.example: expected a choice" in problems


WHO_IS = {"person": {"name": "Desk1 Shared", "email": "front.desk@nordwind.example"}}


def test_what_is_sent_while_it_is_held_or_after_it_was_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    stood = Stood(datetime(2026, 3, 2, tzinfo=UTC), books(), books())
    posts: list[Any] = []
    row = {"id": "1", "kind": "lost", "to": NADIA, "state": "sent", "text": "", "blocks": []}
    monkeypatch.setattr(asking, "decide", lambda *args, **more: None)
    monkeypatch.setattr(asking, "messages", lambda: [row])
    monkeypatch.setattr(asking, "acts", lambda each: [(WHO, "why not")])

    def nothing() -> None:
        """Nothing happens."""

    held = Held([stood, stood], lambda: posts, nothing, nothing, str, lambda text: None)
    assert [str(each) for each in held.silent(0, [])] == []
    problems = " ".join(map(str, held.decided([row], 0, let_go=False)))
    assert "dropped: expected suppressed, got sent" in problems
    assert f"expected {WHO}: {REASON}" in problems
    posts.append(type("Post", (), {"text": "Your access ended."}))
    assert "expected nothing sent" in " ".join(map(str, held.silent(0, [])))
    app = next(iter(stood.books.apps.values()))
    about = {**row, "state": "held", "text": f"Gone: {app.label}"}
    assert list(held.silent(0, [about], app.id)) == []
    posts.append(type("Post", (), {"text": f"You have {app.label} again."}))
    assert list(held.silent(0, [row], app.id)) == []
    assert "expected nothing sent" in " ".join(map(str, held.silent(0, [about], app.id)))


def test_what_is_released_though_it_is_no_longer_true(monkeypatch: pytest.MonkeyPatch) -> None:
    stood = Stood(datetime(2026, 3, 2, tzinfo=UTC), books(), books())
    row = message("lost", LENA, "Your access ended.", Gone="Figma")
    held = Held([stood, stood], list, lambda: None, lambda: None, str, lambda text: None)
    assert "Figma under gone: expected not held now" in " ".join(map(str, held.true(row)))
