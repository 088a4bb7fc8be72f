"""From a change in HR on the wire to the direct message on the wire: one test per row of the notice table."""

import pytest

from .conftest import TOMAS, Nordwind

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_move_tells_the_person_the_old_and_the_new_manager(nordwind: Nordwind) -> None:
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"team": "cucumber", "managerId": "1"})
    (outcome,) = nordwind.sync()
    assert outcome["counts"]["grant"]["began"] == 1
    nordwind.notify()
    said = nordwind.dms()
    assert sorted(said) == ["lena", "nadia", "radovan"]
    print(said)
