"""Apps given past the groups or not delivered, pushes, and groups that are empty or look alike."""

import pytest

from orgmodel.facts import Fact, OwnerFact, PushFact
from tests.orgmodel.sync.world import account, app, group, member, seat

from .company import OKTA, QUINN, only, tell, without

pytestmark = pytest.mark.django_db


def push(status: str = "active", error: str = "", app: str = "0oapush", target: str = "") -> PushFact:
    return PushFact("gpm1", app, "00gcuc", target, status, error, None)


def test_app_direct_is_one_finding_per_app() -> None:
    by_group = seat("lena", "0oafigma", "GROUP")
    assert tell([*OKTA, seat("nadia", "0oafigma"), seat("quinn", "0oafigma"), by_group]) == {
        "app-direct": [
            "Figma: 2 people have it directly and not through a group; nothing takes it back when they move."
        ]
    }
    assert only().evidence == {"app": "0oafigma", "count": 2, "accounts": ["nadia", "quinn"]}
    assert len(only().people) == 2


def test_an_app_that_is_switched_off_or_held_by_nobody_who_can_sign_in_is_not_direct() -> None:
    off: list[Fact] = [app("0oaold", "Old thing", status="inactive"), seat("quinn", "0oaold")]
    gone: list[Fact] = [
        account("ghost", "Old ghost", status="DEPROVISIONED"),
        seat("ghost", "0oafigma", status="REVOKED"),
    ]
    assert tell([*OKTA, *off, *gone]) == {}


def test_seat_sync_error() -> None:
    failing = seat("quinn", "0oafigma", "GROUP", sync_state="ERROR")
    fine = seat("lena", "0oafigma", "GROUP", sync_state="SYNCHRONIZED")
    assert tell([*OKTA, failing, fine]) == {
        "seat-sync-error": ["Figma: it is assigned to 1 person, but Okta could not deliver it."]
    }


def test_push_error() -> None:
    github = app("0oapush", "GitHub")
    assert tell([*OKTA, github, push("error", "Group could not be linked")]) == {
        "push-error": [
            (
                "team-cucumber: pushing it to GitHub fails (Group could not be linked);"
                " what stands there is not what Okta says."
            )
        ]
    }
    assert tell([*OKTA, github, push()], day=1) == {}


def test_a_push_whose_group_on_the_other_side_is_gone() -> None:
    mirror = group("00gmir", "team-cucumber", kind="imported")
    known = [*OKTA, app("0oapush", "GitHub"), push(target="00gmir")]
    assert tell([*known, mirror]) == {}
    assert tell(known, day=1) == {
        "push-error": [
            (
                "team-cucumber: pushing it to GitHub fails (its group is gone);"
                " what stands there is not what Okta says."
            )
        ]
    }


def test_group_assign_and_push() -> None:
    assert tell([*OKTA, push(app="0oafigma")]) == {
        "group-assign-and-push": [
            (
                "team-cucumber: the same group both gives Figma and is pushed to it;"
                " Okta asks for two groups, or members can be missing there."
            )
        ]
    }


def test_empty_group() -> None:
    assert tell([*OKTA, group("00gemp", "radish-alumni")]) == {
        "empty-group": ["radish-alumni: the group has no members."]
    }
    ghost = account("ghost", "Old ghost", status="DEPROVISIONED")
    assert tell([*OKTA, group("00gemp", "radish-alumni"), ghost, member("ghost", "00gemp")], day=1) == {
        "empty-group": ["radish-alumni: the group has no members but closed accounts."]
    }
    assert tell([*OKTA, group("00gemp", "radish-alumni"), member("quinn", "00gemp")], day=2) == {}


def test_duplicate_group_name() -> None:
    twin: list[Fact] = [group("00gtwin", "staff", kind="imported")]
    assert tell([*OKTA, *twin]) == {"duplicate-group-name": ["staff: 2 groups have this name."]}
    assert only().evidence == {"groups": ["00gall", "00gtwin"]}


@pytest.mark.parametrize("name", ["Staff", "st-aff", "STAFF ", "s.t_a f f"])
def test_near_duplicate_group(name: str) -> None:
    shown = " ".join(name.split())
    assert tell([*OKTA, group("00gtwin", name), member("quinn", "00gtwin")]) == {
        "near-duplicate-group": [f"staff and {shown} are nearly the same name."]
    }


def test_the_owner_of_the_group_owns_the_finding() -> None:
    empty = group("00gemp", "radish-alumni")
    tell([*OKTA, empty, OwnerFact("00gemp", "USER", "lena", "Lena Osei")])
    owner = only().owner
    assert owner is not None
    assert owner.name == "Lena Osei"


def test_two_errors_are_two_findings() -> None:
    facts: list[Fact] = [
        *without(OKTA, QUINN),
        QUINN,
        seat("quinn", "0oafigma", "GROUP", sync_state="ERROR"),
        seat("quinn", "0oastag", "GROUP", sync_state="ERROR"),
    ]
    assert len(tell(facts)["seat-sync-error"]) == 2
