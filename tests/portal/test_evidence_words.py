"""Evidence of findings as people read it; JSON keeps the keys and values of the contract."""

from zoneinfo import ZoneInfo

import pytest

from portal.evidence_words import in_words

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_evidence_of_a_leaver_is_said_in_words() -> None:
    evidence = {
        "account": "00u1",
        "status": "ACTIVE",
        "since": "2025-11-29T23:00:00+00:00",
        "end_date": "2025-11-30",
        "minutes": 526343,
        "clock_minutes": 15,
        "overdue": True,
        "vanished": False,
    }
    assert [(each.name, each.value, each.code) for each in in_words(evidence, BERLIN)] == [
        ("Account", "00u1", True),
        ("Status", "active", False),
        ("Since", "30 November 2025, 00:00 CET", False),
        ("Last day", "29 November 2025", False),
        ("Still open after", "365 days", False),
        ("Should be closed within", "15 minutes", False),
        ("Overdue", "yes", False),
    ]


@pytest.mark.parametrize(
    ("evidence", "name", "value"),
    [
        ({"vanished": True}, "No longer in the HR records", "yes"),
        ({"overdue": False}, "Overdue", "no"),
        ({"since": None}, "Since", "not known"),
        ({"since": "2026-03-01"}, "Since", "1 March 2026"),
        ({"since": "long ago"}, "Since", "long ago"),
        ({"minutes": 1}, "Still open after", "1 minute"),
        ({"minutes": 119}, "Still open after", "119 minutes"),
        ({"minutes": 120}, "Still open after", "2 hours"),
        ({"minutes": 2879}, "Still open after", "47 hours"),
        ({"minutes": 2880}, "Still open after", "2 days"),
        ({"source": "okta"}, "Source", "Okta"),
        ({"worker_type": "Contractor"}, "Worker type", "Contractor"),
        ({"apps": ["0oa1", "0oa2"]}, "Apps", "0oa1, 0oa2"),
        ({"direct": []}, "Direct", "none"),
        ({"members": 4}, "Members", "4"),
        ({"state": "PASSWORD_EXPIRED"}, "State", "password expired"),
        ({"kind": "never", "rules": [], "move": 35, "members": 0}, "Members", "0"),
        (
            {"fields": {"team": {"hris": None, "okta": "radish"}}},
            "Fields",
            "team: empty in HR, “radish” in Okta",
        ),
    ],
)
def test_each_kind_of_evidence_has_its_words(evidence: dict[str, object], name: str, value: str) -> None:
    (piece,) = in_words(evidence, BERLIN)
    assert (piece.name, piece.value) == (name, value)


def test_what_says_nothing_is_left_out() -> None:
    assert (
        list(in_words({"end_date": None, "minutes": None, "vanished": False, "column": None}, BERLIN)) == []
    )


def test_ids_stand_behind_the_names_of_what_they_are() -> None:
    evidence = {"group": "00g1", "apps": ["0oa1", "0oa2"], "mapping": "gPm1", "accounts": ["00u1", "00u9"]}
    names = {"00g1": "team-cucumber", "0oa1": "Figma", "0oa2": "Jira", "00u1": "Nadia Brandt"}
    assert [(each.name, each.value, each.code) for each in in_words(evidence, BERLIN, names)] == [
        ("Group", "team-cucumber (00g1)", False),
        ("Apps", "Figma, Jira", False),
        ("Mapping", "gPm1", True),
        ("Accounts", "00u1, 00u9", True),
    ]


def test_what_was_there_at_the_first_sync_began_before_it() -> None:
    given = {"since": "2025-11-30T09:12:00+00:00", "since_before": True}
    assert [(each.name, each.value) for each in in_words(given, ZoneInfo("Europe/Berlin"))] == [
        ("Since", "before Sightline began (30 November 2025)")
    ]
