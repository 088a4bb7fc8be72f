"""HR says itself since when somebody is where they are, and where they will be: it is told on the day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orgmodel.facts import AccountFact, Fact, PlannedFact
from orgmodel.models import Change, Move, Person, PlannedChange
from orgmodel.queries.history.by_day import Filter, history
from orgmodel.queries.history.lately import lately
from orgmodel.queries.moments import now
from orgmodel.queries.visibility import OPERATOR
from orgmodel.sources.csv.people import PeopleReader
from tests.configurations import feed_in

from .conftest import Nordwind
from .feed import Feed, feed_of
from .hearing import today
from .test_waiting import move, received

pytestmark = pytest.mark.django_db(transaction=True)


def ago(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=days)


def words(day: date) -> str:
    """A day as messages say it."""
    year = "" if day.year == datetime.now(UTC).year else f" {day.year}"
    return f"{day:%-d %B}{year}"


@dataclass
class History:
    """What HR knows beyond the files, by first name: since when values hold, and what is planned."""

    feed: Feed
    dated: dict[str, dict[str, date]] = field(default_factory=dict)
    planned: list[tuple[str, str, str, date]] = field(default_factory=list)

    def id_of(self, name: str) -> str:
        return self.feed.rows[name]["id"]

    def with_days(self, batch: Sequence[Fact]) -> list[Fact]:
        """The facts of a batch, with their days."""
        days = {
            self.id_of(name): {key: day.isoformat() for key, day in known.items()}
            for name, known in self.dated.items()
        }
        return [
            each._replace(dated=days.get(each.native_id, {})) if isinstance(each, AccountFact) else each
            for each in batch
        ]

    def plans(self) -> list[PlannedFact]:
        return [PlannedFact(self.id_of(name), what, value, day) for name, what, value, day in self.planned]


@pytest.fixture
def hr(nordwind: Nordwind, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    """HR speaks for people, by files and what it knows beyond them."""
    known = History(feed_of(nordwind, tmp_path))
    plain = PeopleReader.batches

    def batches(reader: PeopleReader) -> Iterator[Sequence[Fact]]:
        for batch in plain(reader):
            yield known.with_days(batch)
        yield known.plans()

    monkeypatch.setattr(PeopleReader, "batches", batches)
    fed = settings.SIGHTLINE.sources | feed_in(tmp_path, units=False)
    settings.SIGHTLINE = replace(settings.SIGHTLINE, hris="csv", sources=fed)
    nordwind.sync()
    nordwind.sync()
    assert received(nordwind) == {}
    return known


def moves_to_cucumber(hr: History, nordwind: Nordwind, since: date) -> None:
    hr.dated["nadia"] = {"team": since, "manager": since}
    hr.feed.set("nadia", team="Cucumber", manager_id="1")
    move(nordwind)
    nordwind.sync()


@pytest.mark.parametrize(
    ("days", "seen"),
    [(0, "HR"), (2, "HR"), (10, "HR, seen on {today}")],
    ids=["on the day", "after a weekend", "long afterwards"],
)
def test_a_mover_is_told_with_the_day_that_hr_gives(
    days: int, seen: str, hr: History, nordwind: Nordwind
) -> None:
    moves_to_cucumber(hr, nordwind, ago(days))
    on = f"on {words(ago(days))} ({seen.format(today=today())})"
    assert received(nordwind) == {
        "nadia": [f"You moved from Radish to Cucumber {on}."],
        "radovan": [f"Nadia Brandt left your team Radish {on}."],
        "lena": [f"Nadia Brandt joined your team Cucumber, from Radish, {on}."],
    }


def test_a_new_manager_hears_since_when(hr: History, nordwind: Nordwind) -> None:
    hr.dated["nadia"] = {"manager": ago(10)}
    hr.feed.set("nadia", manager_id="1")
    nordwind.tenant.set_profile(nordwind.users["nadia"], {"managerId": "1"})
    nordwind.sync()
    on = f"on {words(ago(10))} (seen on {today()})"
    assert received(nordwind)["lena"] == [f"Nadia Brandt started reporting to you {on}."]


def test_a_leaver_has_left_today_whatever_else_hr_puts_right(hr: History, nordwind: Nordwind) -> None:
    hr.dated["nadia"] = {"manager": ago(30)}
    hr.feed.set("nadia", status="left", manager_id="1")
    nordwind.tenant.deactivate(nordwind.users["nadia"])
    nordwind.sync()
    assert received(nordwind)["lena"] == [f"Nadia Brandt left on {today()} (HR)."]


def test_a_retroactive_move_stands_on_its_day_and_says_when_it_was_seen(
    hr: History, nordwind: Nordwind
) -> None:
    moves_to_cucumber(hr, nordwind, ago(10))
    received(nordwind)
    nadia = Person.objects.get(name="Nadia Brandt")
    units = [each for each in history(Filter(person=nadia.pk), OPERATOR) if " the team " in each.sentence]
    assert [(each.sentence, each.at.date(), each.seen and each.seen.date()) for each in units] == [
        ("left the team Radish.", ago(10), ago(0)),
        ("joined the team Cucumber.", ago(10), ago(0)),
    ]
    mine = lately(nadia.pk, {}, now(), OPERATOR)
    assert mine.move is not None
    assert (mine.move.sentence, mine.move.at.date()) == ("You moved from Radish to Cucumber", ago(10))


def test_a_planned_move_is_told_to_nobody_until_its_day(hr: History, nordwind: Nordwind) -> None:
    hr.planned = [("nadia", "team", "Cucumber", ago(-10))]
    nordwind.sync()
    assert PlannedChange.objects.filter(ended=None).count() == 1
    assert received(nordwind) == {}
    assert not Move.objects.exists()
    hr.planned = []
    moves_to_cucumber(hr, nordwind, ago(0))
    assert not PlannedChange.objects.filter(ended=None).exists()
    assert received(nordwind)["nadia"] == [f"You moved from Radish to Cucumber on {today()} (HR)."]


def test_a_planned_move_that_is_called_off_vanishes_without_a_word(hr: History, nordwind: Nordwind) -> None:
    hr.planned = [("nadia", "team", "Cucumber", ago(-10)), ("nadia", "status", "ended", ago(-20))]
    nordwind.sync()
    hr.planned = []
    nordwind.sync()
    assert not PlannedChange.objects.filter(ended=None).exists()
    assert received(nordwind) == {}
    assert not Change.objects.filter(baseline=False).exists()
