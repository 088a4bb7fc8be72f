"""Since when, in words."""

from datetime import UTC, date, datetime

import pytest

from orgmodel.why.days import day
from orgmodel.why.since import held_since, since
from orgmodel.why.voice import NOBODY, YOU

TODAY = date(2026, 12, 1)
NOVEMBER, EARLIER, BEFORE = (
    (datetime(2026, 11, 20, tzinfo=UTC), False),
    (datetime(2024, 3, 1, tzinfo=UTC), False),
    (datetime(2025, 11, 28, tzinfo=UTC), True),
)


def test_a_day_has_its_year_where_it_is_another() -> None:
    assert (day(TODAY, TODAY), day(TODAY), day(BEFORE[0], TODAY)) == (
        "1 December",
        "1 December 2026",
        "28 November 2025",
    )
    assert since(*NOVEMBER[:1], before=False, today=TODAY) == "since 20 November"


@pytest.mark.parametrize(
    ("level", "at", "had", "words"),
    [
        ("Editor", NOVEMBER, NOVEMBER, "Editor since 20 November"),
        ("", BEFORE, BEFORE, "since before Sightline began (28 November 2025)"),
        (
            *("Editor", NOVEMBER, BEFORE),
            "Editor since 20 November; has had it since before Sightline began, 28 November 2025",
        ),
        ("Editor", NOVEMBER, EARLIER, "Editor since 20 November; has had it since 1 March 2024"),
    ],
)
def test_since_when_somebody_has_it(
    level: str, at: tuple[datetime, bool], had: tuple[datetime, bool], words: str
) -> None:
    assert held_since(NOBODY, level, at, had, TODAY) == words


def test_to_the_person_it_says_you() -> None:
    assert held_since(YOU, "Editor", NOVEMBER, EARLIER, TODAY) == (
        "Editor since 20 November; you have had it since 1 March 2024"
    )
