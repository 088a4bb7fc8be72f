"""What HR's records say of units, and of who is placed in them. Each step says in words what it did."""

from dataclasses import replace
from datetime import timedelta

from .books import Placed
from .staging import NothingToDo, Stage


def place(on: Stage) -> str:
    """HR places somebody in a chapter, from a day of the past or to come, for ever or not."""
    records = on.world.books.records
    email = on.one([each.email for each in records.values() if each.status == "active"])
    chapter = on.unit("chapter")
    if any(each.unit == chapter.id for each in records[email].placed):
        raise NothingToDo
    since = on.world.books.today + timedelta(days=on.dice.randrange(-3, 6))
    until = since + timedelta(days=on.dice.randrange(1, 20)) if on.dice.random() < 0.5 else None
    records[email].placed.append(Placed(chapter.id, since, until))
    return f"HR places {email} in {chapter.name} from {since} to {until or 'whenever'}"


def displace(on: Stage) -> str:
    """The row of somebody who is placed in a chapter ends, today or on a later day, or is gone.

    The last one stays: a file without any is rightly not believed.
    """
    records = on.world.books.records
    if sum(len(each.placed) for each in records.values()) < 2:
        raise NothingToDo
    email = on.one([each.email for each in records.values() if each.placed])
    placed, day = records[email].placed, on.world.books.today + timedelta(days=on.dice.randrange(4))
    if placed[-1].since < day and on.dice.random() < 0.7:
        placed[-1] = replace(placed[-1], until=day)
        return f"HR ends what places {email} in {placed[-1].unit} on {day}"
    return f"HR no longer knows that {email} was placed in {placed.pop().unit}"


def retire(on: Stage) -> str:
    """A team has a last day; it is merged into another one, or dissolved. Attributes and its group stay."""
    if on.world.feed is None:
        raise NothingToDo
    unit, heir = on.unit("team"), on.unit("team")
    if unit.until is not None or heir.until is not None:
        raise NothingToDo
    unit.until = on.world.books.today + timedelta(days=on.dice.randrange(5))
    unit.heir = heir.id if heir != unit and on.dice.random() < 0.5 else ""
    return f"{unit.name} is no more from {unit.until} on{f', merged into {heir.name}' if unit.heir else ''}"


def stray_group(on: Stage) -> str:
    """Somebody makes a group by hand that looks like a team's, of a team that no record knows."""
    if on.world.feed is None:
        raise NothingToDo
    name = f"ghost{on.world.number()}"
    on.world.add_group(f"team-{name}", f"AUTO team {name.title()}")
    return f"the group team-{name} is made by hand"


def same_name(on: Stage) -> str:
    """A second group of one name, which opens nothing."""
    groups = on.world.books.groups.values()
    name = on.one([each.name for each in groups if not each.unit and not each.everyone])
    if name.startswith("team-") or sum(each.name == name for each in groups) > 1:
        raise NothingToDo
    on.world.add_group(name)
    return f"a second group is called {name}"
