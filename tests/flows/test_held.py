"""What is held: which messages wait after a mass change, and a move inside an answer that looks wrong."""

from dataclasses import replace
from typing import Any

import pytest

from .conftest import Nordwind
from .hearing import heard

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mass_change_sends_nothing_to_anybody_it_is_about(nordwind: Nordwind, settings: Any) -> None:
    known = settings.SIGHTLINE
    limits = replace(known.conventions.notify, mass_change_people=1)
    settings.SIGHTLINE = replace(known, conventions=replace(known.conventions, notify=limits))
    for name in ("nadia", "radovan"):
        nordwind.tenant.set_profile(nordwind.users[name], {"team": "cucumber"})
    assert heard(nordwind) == {}
    assert heard(nordwind) == {}, "held stays held"
    assert sorted((each["state"], each["kind"], each["to"]) for each in nordwind.outbox()) == [
        ("held", "mover", "nadia@nordwind.example"),
        ("held", "mover", "radovan@nordwind.example"),
    ], "their managers had them before and have them still"


def test_a_move_in_an_answer_that_looks_wrong_is_told_once_it_is_well(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    nordwind.okta.faults.empty("members")
    assert heard(nordwind) == {}
    assert nordwind.outbox() == []
    nordwind.okta.faults.clear()
    assert {name: len(messages) for name, messages in heard(nordwind).items()} == {
        "nadia": 1,
        "radovan": 1,
        "lena": 1,
    }
