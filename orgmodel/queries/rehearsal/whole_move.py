"""What follows from a move to a unit: the units above it and its lead, as Okta’s profiles spell them."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from orgmodel.queries.nearest import nearest
from orgmodel.queries.people import NotFound
from orgmodel.queries.quoting import quoted
from orgmodel.queries.rules.unit_values import UnitValues

from .move_facts import MOSTLY, Boss, MoveFacts, Unit

MANAGER = "manager"
MOST_PLACES = 2_000
"""Units that a form offers."""


class SeveralUnits(NotFound):
    """The text means several units; `candidates` tells them apart."""

    def __init__(self, text: str, candidates: Iterable[tuple[str, str]]) -> None:
        self.candidates = tuple(candidates)
        """What to write instead, and what it is."""
        listed = "; ".join(f"{written} for {described}" for written, described in self.candidates)
        LookupError.__init__(self, f"{quoted(text)} means several units. Write {listed}.")
        self.text = text
        self.near = tuple(written for written, _ in self.candidates)


class NoWayIn(ValueError):
    """No attribute of the profile says who is in the unit."""


@dataclass(frozen=True)
class Follow:
    """An attribute that a move sets beside the unit's own. `what`: the kind of unit, or manager."""

    attribute: str
    value: str
    shown: str
    """What people call it."""
    what: str
    because: str


@dataclass(frozen=True)
class Brought:
    """A move to a unit. `left`: what does not follow or is not certain, and why, as sentences."""

    unit: Unit
    attribute: str
    value: str
    follows: tuple[Follow, ...]
    left: tuple[str, ...]


def unit_called(text: str, facts: MoveFacts) -> Unit:
    """The unit with this id, address, `kind:slug`, slug, (former) name. Raises NotFound, or SeveralUnits."""
    name, folded = text.strip(), text.strip().casefold()
    units = facts.units.values()
    exact = [
        unit for unit in units if name == unit.native_id or folded == f"{unit.kind}:{unit.slug}".casefold()
    ]
    named = [
        unit
        for unit in units
        if folded in {unit.slug.casefold(), unit.name.casefold(), unit.address.casefold()}
    ]
    found = exact or [unit for unit in named if unit.active] or named
    found = found or [unit for unit in units if folded in unit.former]
    if len(found) == 1:
        return found[0]
    if found:
        several = sorted(found, key=lambda unit: (unit.kind, unit.slug, unit.native_id))
        slugs = [f"{unit.kind}:{unit.slug}" for unit in several]
        raise SeveralUnits(
            text,
            (
                (slug if slugs.count(slug) == 1 else unit.native_id, described(unit, facts))
                for slug, unit in zip(slugs, several, strict=True)
            ),
        )
    names = [(name, unit.name) for unit in units if unit.active for name in (unit.name, unit.slug)]
    raise NotFound("team or unit", text, nearest(text, names))


def places(units: Collection[Unit]) -> tuple[tuple[str, str], ...]:
    """Where somebody may move: what to write, and the kind of unit; by name, of very many only some."""
    active = sorted((unit for unit in units if unit.active), key=lambda unit: (unit.name.casefold(), unit.pk))
    counts = Counter(text for unit in active for text in {unit.name.casefold(), unit.slug.casefold()})
    return tuple(
        (
            unit.name if counts[unit.name.casefold()] == 1 else f"{unit.kind}:{unit.slug}",
            f"{kind_words(unit.kind)} {unit.name}",
        )
        for unit in active[:MOST_PLACES]
    )


def unit_places() -> tuple[tuple[str, str], ...]:
    """The same where no move is asked about; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, native_id, kind, name, slug, address, parent_id, lead_id, active"
            " FROM orgmodel_orgunit WHERE ended IS NULL"
        )
        return places([Unit(*row) for row in cursor.fetchall()])


def described(unit: Unit, facts: MoveFacts) -> str:
    """A unit with what tells it from another of its name."""
    parent = facts.units.get(unit.parent or 0)
    lead = facts.bosses.get(unit.lead or 0)
    more = (
        f" in {parent.name}" if parent else "",
        f", led by {lead.name}" if lead else "",
        "" if unit.active else ", retired",
    )
    return f"the {kind_words(unit.kind)} {unit.name}{''.join(more)}"


def kind_words(kind: str) -> str:
    """A kind as people write it."""
    return kind.replace("_", " ")


def brought(
    unit: Unit, facts: MoveFacts, written: UnitValues, manager: str, mover: int | None = None
) -> Brought:
    """What a move to the unit sets. `manager`: the attribute that names a manager. Raises NoWayIn."""
    own = written.attribute(unit.kind)
    if own is None:
        raise NoWayIn(
            f"No attribute of the Okta profile that Sightline knows says who is in {unit.name},"
            " so what a move there would do cannot be worked out."
        )
    follows, left = _structure(unit, own, facts, written), []
    for attribute in written.kinds:
        if attribute != own and attribute not in follows:
            found = _by_members(unit, own, attribute, facts, written)
            if isinstance(found, Follow):
                follows[attribute] = found
            elif found:
                left.append(found)
    led = _manager(unit, facts, written, manager, mover) if manager not in {own, *follows} else ""
    if isinstance(led, Follow):
        follows[manager] = led
    elif led:
        left.append(led)
    if written.is_assumed(unit):
        left.append(
            f"Nobody’s profile names {unit.name} and no rule asks for it: that it would be written as"
            f" {quoted(written.value(unit))} is assumed."
        )
    return Brought(unit, own, written.value(unit), tuple(follows.values()), tuple(left))


def _structure(unit: Unit, own: str, facts: MoveFacts, written: UnitValues) -> dict[str, Follow]:
    """By the units above, nearest first."""
    found: dict[str, Follow] = {}
    for above in facts.above(unit):
        attribute = written.attribute(above.kind)
        if attribute and attribute != own and attribute not in found:
            because = f"{unit.name} belongs to {above.name}."
            found[attribute] = Follow(
                attribute, written.value(above), above.name, kind_words(above.kind), because
            )
    return found


def _by_members(unit: Unit, own: str, attribute: str, facts: MoveFacts, written: UnitValues) -> Follow | str:
    """By what the people there have, where nearly all units have one value; else why not."""
    if own not in written.declared or facts.follows.share(own, attribute, written.kinds) < MOSTLY:
        return ""
    kind = written.kinds[attribute]
    what, size = kind_words(kind), facts.sizes.get(unit.pk, 0)
    counted = facts.members.get(unit.pk, {}).get(attribute, [])
    names = {name: each.name for each in facts.units.values() if each.kind == kind for name in each.names}
    if not counted:
        return f"The {what} does not follow: nobody in {unit.name} has one."
    shown = [(names.get(text.casefold(), text), count) for text, count in counted]
    if counted[0][1] < MOSTLY * size:
        some = " and ".join(f"{name} ({count} of {size})" for name, count in shown)
        return f"The {what} does not follow: people in {unit.name} have {some}."
    because = f"{_share(counted[0][1], size)} in {unit.name} have it."
    return Follow(attribute, counted[0][0], shown[0][0], what, because)


def _manager(
    unit: Unit, facts: MoveFacts, written: UnitValues, attribute: str, mover: int | None
) -> Follow | str:
    boss, because = _boss(unit, facts)
    if boss is None:
        return f"The manager does not follow: {because}"
    if boss.pk == mover:
        return f"The manager does not follow: {boss.name} leads {unit.name}."
    if not boss.here:
        return f"The manager does not follow: {boss.name}, who leads {unit.name} on record, has left."
    value = written.reference(boss)
    if not value:
        return f"The manager does not follow: how Okta’s profiles name {boss.name} is not known."
    return Follow(attribute, value, boss.name, MANAGER, because)


def _boss(unit: Unit, facts: MoveFacts) -> tuple[Boss | None, str]:
    """Whoever leads the unit, else whom nearly all its people report to; and why, or why nobody."""
    lead = facts.bosses.get(unit.lead or 0)
    if lead:
        return lead, f"{lead.name} leads {unit.name}."
    lines = facts.lines.get(unit.pk, [])
    if not lines:
        return None, f"no lead of {unit.name} is on record, and its people have no manager."
    manager, count, inside = lines[0]
    others = facts.sizes.get(unit.pk, 0) - inside
    if count < MOSTLY * others:
        return None, f"no lead of {unit.name} is on record, and its people report to several managers."
    boss = facts.bosses[manager]
    return boss, f"{_share(count, others)} in {unit.name} report to {boss.name}."


def _share(count: int, size: int) -> str:
    people = "person" if size == 1 else "people"
    return f"{count} of {size} {people}"
