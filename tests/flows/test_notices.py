"""What holds for every message: told once, a burst is one, nothing from a doubtful run, names harmless.

The rows of the notice table, word for word, are in test_rows.
"""

import pytest

from .conftest import Nordwind

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_move_is_told_once(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    for _ in range(3):
        nordwind.sync()
        nordwind.notify()
    assert {name: len(texts) for name, texts in nordwind.dms().items()} == {
        "nadia": 1,
        "radovan": 1,
        "lena": 1,
    }


def test_managers_learn_no_app_on_the_lock_screen(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.sync()
    nordwind.notify()
    messages = nordwind.dms()
    for name in ("radovan", "lena"):
        assert not any(app in messages[name][0] for app in ("Figma", "staging", "on-call", "Slack"))


def test_hr_that_errs_and_corrects_itself_tells_nobody(nordwind: Nordwind) -> None:
    for team in ("cucumber", "radish"):
        nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": team})
        nordwind.sync()
    nordwind.notify()
    assert nordwind.dms() == {}


def test_a_burst_is_one_message(nordwind: Nordwind) -> None:
    for values in ({"team": "it"}, {"title": "Engineer"}, {"team": "cucumber", "managerId": "1"}):
        nordwind.tenant.set_profile(nordwind.users["nadia"], values)
        nordwind.sync()
    nordwind.notify()
    assert {name: len(texts) for name, texts in nordwind.dms().items()} == {
        "nadia": 1,
        "radovan": 1,
        "lena": 1,
    }


@pytest.mark.parametrize("what", ["users", "groups", "members"])
def test_an_empty_answer_tells_nobody_and_changes_nothing(nordwind: Nordwind, what: str) -> None:
    nordwind.okta.faults.empty(what)
    (outcome,) = nordwind.read("--full")
    assert outcome["outcome"] == "quarantined"
    nordwind.notify()
    assert nordwind.dms() == {}
    nordwind.okta.faults.clear()
    (again,) = nordwind.sync()
    assert (again["outcome"], again["mode"]) == ("unchanged", "full"), "only the whole can be judged"


@pytest.mark.parametrize("what", ["users", "groups"])
def test_a_list_of_what_changed_that_is_empty_by_mistake_is_not_believed(
    nordwind: Nordwind, what: str
) -> None:
    nordwind.okta.faults.empty(what)
    (outcome,) = nordwind.sync()
    assert (outcome["outcome"], outcome["mode"]) == ("quarantined", "full")


def test_members_of_a_changed_group_that_are_empty_by_mistake_are_not_believed(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.okta.faults.empty("members")
    (outcome,) = nordwind.sync()
    assert (outcome["outcome"], outcome["mode"]) == ("quarantined", "full")
    nordwind.notify()
    assert nordwind.dms() == {}
    nordwind.okta.faults.clear()
    nordwind.sync()
    nordwind.notify()
    assert sorted(nordwind.dms()) == ["lena", "nadia", "radovan"]


def test_hostile_names_arrive_as_plain_text(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(
        nordwind.users["nadia"],
        {"displayName": "<!channel> *Nadia* & @here", "team": "cucumber", "managerId": "1"},
    )
    nordwind.sync()
    nordwind.notify()
    for post in nordwind.slack.posts:
        assert "<!channel>" not in post.text
        assert all(
            "<!channel>" not in str(block) or block["type"] in {"header", "rich_text"}
            for block in post.blocks
        )
    assert len(nordwind.slack.posts) == 3


def test_revoked_token_says_what_to_do_and_keeps_the_old_data(nordwind: Nordwind) -> None:
    nordwind.okta.faults.revoke_token()
    (outcome,) = nordwind.sync()
    assert outcome["outcome"] == "failed"
    assert outcome["reason"].startswith("Okta refused the token (E0000011). Make a new one")
    nordwind.okta.faults.clear()
    assert nordwind.sync()[0]["outcome"] == "unchanged"
