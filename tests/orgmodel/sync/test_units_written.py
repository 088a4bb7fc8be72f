"""Which rows of stated units a sync writes: those that differ."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from orgmodel.facts import Fact

from .test_units import FENNEL, HERBS, KALE, VEGETABLES, sync
from .world import unit

pytestmark = pytest.mark.django_db


def written_since(before: dict[str, str]) -> set[str]:
    """Which units are another row than they were: those that were written, if only with what they held."""
    return {native for native, row in unit_rows().items() if before.get(native) != row}


def unit_rows() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT native_id, ctid::text FROM orgmodel_orgunit")
        return dict(cursor.fetchall())


def test_of_stated_units_only_those_are_written_that_differ() -> None:
    def stated(**fennel: Any) -> list[Fact]:
        known = {"parent": "recVEG", "lead": "lena", "active_from": date(2024, 1, 1), **fennel}
        merged = unit("team", "recO", "Old", "old", merged_into="recK", active_to=date(2025, 1, 1))
        return [FENNEL._replace(**known), KALE, VEGETABLES, merged]

    sync(stated(), 0, "control")
    before = unit_rows()
    assert set(before) == {"recF", "recK", "recVEG", "recO"}
    sync(stated(), 1, "control")
    assert written_since(before) == set()
    turns: list[dict[str, Any]] = [
        {"name": "Fennels"},
        {"parent": ""},
        {"lead": "ana"},
        {"active": False},
        {"merged_into": "recK"},
    ]
    for day, fennel in enumerate(turns, 2):
        sync(stated(**fennel), day, "control")
        assert written_since(before) == {"recF"}, fennel
        sync(stated(), day + 0.5, "control")
        before = unit_rows()
    sync(stated()[1:], 8, "control")
    assert written_since(before) == {"recF"}
    before = unit_rows()
    sync(stated(), 9, "control")
    assert written_since(before) == {"recF"}


def test_a_unit_counts_once_however_much_of_it_is_new_or_changed() -> None:
    assert sync([FENNEL, KALE, VEGETABLES], 0, "control").counts["unit"]["began"] == 3
    renamed = FENNEL._replace(name="Dill", slug="dill", parent="recVEG", active=False)
    counts = sync([renamed, KALE, VEGETABLES, HERBS], 1, "control").counts["unit"]
    assert {verb: counts[verb] for verb in ("began", "changed", "ended")} == {
        "began": 1,
        "changed": 1,
        "ended": 0,
    }
    assert sync([KALE, VEGETABLES, HERBS], 2, "control").counts["unit"]["ended"] == 1
