"""The units known so far, and which of them a group, a record or a value means.

One unit may be named by several sources, one after another and in any order: HR by a value, Okta by a
group, a control plane by a record. Who knows more of a unit takes over what was known of it under less:
its members and its past stay with it. So it does not matter who speaks first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from orgmodel.conventions import Conventions
from orgmodel.models import OrgUnit
from orgmodel.recognition import Register, Sign, Unit, slugify
from orgmodel.sources.roles import DIRECTORIES, UNIT_KEEPERS

from .unit_names import distinct_values, former_names

RECORDED = UNIT_KEEPERS
"""Sources that keep units as records of their own."""
BY_GROUPS = DIRECTORIES[0]
"""Whose unit it is that nothing but groups tell of."""
LONGEST_NAME = 320
"""Characters of a value, slug or id that may name a unit: longer ones do not fit into an index."""
LONGEST_TITLE = 500
_STRENGTH = {"profile key": 0, "description": 1, "name": 2}


@dataclass(frozen=True)
class Identity:
    """What a unit is known by, as far as a source tells it."""

    kind: str
    native_id: str
    slug: str
    name: str


class KnownUnits:
    """Units of all kinds. Groups and values add some where no records of the kind exist."""

    def __init__(self, conventions: Conventions, now: Any) -> None:
        self._conventions, self._now = conventions, now
        self._by_native: dict[tuple[str, str], OrgUnit] = {}
        self._by_key: dict[int, OrgUnit] = {}
        self._units: dict[str, list[OrgUnit]] = {}
        for unit in OrgUnit.objects.order_by("id"):
            self._enter(unit)
        self._recorded = {unit.kind for unit in self._all() if unit.ended is None and unit.source in RECORDED}
        self._former = former_names()
        self._carried: dict[int, Sign] = {}

    def link(self, signs: Iterable[Sign]) -> list[tuple[int, int, str]]:
        """Unit, group and evidence of every link; units that only groups carry are made."""
        ordered = sorted(signs, key=lambda sign: (_STRENGTH[sign.evidence], sign.group))
        found: dict[Sign, OrgUnit] = {}
        # Those with an id first: a group that is renamed leaves its name to another.
        for by_id in (True, False):
            called = self._called() if not by_id else {}
            for sign in ordered:
                if sign not in found and (unit := self._meant_by(sign, called, by_id=by_id)):
                    found[sign] = unit
                    self._dress(unit, sign)
        fresh: dict[tuple[str, str], list[Sign]] = {}
        for sign in ordered:
            if sign not in found and sign.kind not in self._recorded:
                fresh.setdefault((sign.kind, _native(sign)), []).append(sign)
        for key, unit in self._begun({key: same[0] for key, same in fresh.items()}).items():
            for sign in fresh[key]:
                found[sign] = unit
                self._dress(unit, sign)
        self._hang()
        return [(found[sign].pk, sign.group, sign.evidence) for sign in ordered if sign in found]

    def values(self) -> list[tuple[str, str, int]]:
        """Attribute, value as JSON text, unit."""
        found = []
        for kind in self._conventions.unit_kinds:
            if not kind.attribute:
                continue
            strong, weak = self._strong(kind.kind), Register(_entries(self._of_values(kind.kind)))
            for value, text in distinct_values(kind.attribute):
                unit = self._called_so(kind.kind, strong, text)
                if unit is None and kind.kind not in self._recorded:
                    unit = self._by_value(kind.kind, weak, text)
                if unit is not None:
                    found.append((kind.attribute, value, unit.pk))
        return found

    def end_unused(self, used: set[int]) -> list[tuple[int, int]]:
        """End the units that no record, group or value mentions any more.

        Returns those of them that go on under a better known identity: the old unit and the new one.
        """
        heirs = []
        for units in self._units.values():
            others = [u for u in units if u.source not in RECORDED and (u.ended is None) != (u.pk in used)]
            left = Register(
                _entries(u for u in units if self._stands(u) and (u.source in RECORDED or u.pk in used))
            )
            for unit in others:
                unit.ended = None if unit.pk in used else self._now
                heir = None if unit.ended is None else left.meant(_spoken(unit))
                unit.merged_into_id = heir.id if heir else None
                unit.save(update_fields=["ended", "merged_into"])
                heirs += [(unit.pk, heir.id)] if heir else []
        return heirs

    def _all(self) -> Iterator[OrgUnit]:
        return (unit for units in self._units.values() for unit in units)

    def _enter(self, unit: OrgUnit) -> None:
        self._units.setdefault(unit.kind, []).append(unit)
        self._by_native[unit.kind, unit.native_id] = unit
        self._by_key[unit.pk] = unit

    def _stands(self, unit: OrgUnit) -> bool:
        """It is current, and nobody knows better which units there are of its kind."""
        return unit.ended is None and (unit.source in RECORDED or unit.kind not in self._recorded)

    def _strong(self, kind: str) -> list[Register]:
        """What is recorded or carried by a group; then what a group carried that is gone."""
        standing = [u for u in self._units.get(kind, ()) if self._stands(u) and u.source != "attribute"]
        sure = {unit.pk for unit in standing if unit.source in RECORDED or unit.pk in self._carried}
        return [
            Register(_entries(unit for unit in standing if unit.pk in sure)),
            Register(_entries(unit for unit in standing if unit.pk not in sure)),
        ]

    def _of_values(self, kind: str) -> list[OrgUnit]:
        return [u for u in self._units.get(kind, ()) if u.ended is None and u.source == "attribute"]

    def _called(self) -> dict[tuple[str, str], list[OrgUnit]]:
        called: dict[tuple[str, str], list[OrgUnit]] = {}
        for unit in self._all():
            if self._stands(unit) and unit.source != "attribute":
                called.setdefault((unit.kind, unit.slug.casefold()), []).append(unit)
        return called

    def _meant_by(
        self, sign: Sign, called: dict[tuple[str, str], list[OrgUnit]], *, by_id: bool
    ) -> OrgUnit | None:
        """The known unit that a group stands for: by the id it carries, else by its name."""
        exact = self._by_native.get((sign.kind, _native(sign)))
        if by_id:
            known = exact if exact and _record(sign) else None
            return known if known and (sign.kind not in self._recorded or self._stands(known)) else None
        if _record(sign) and sign.kind not in self._recorded:
            return None  # Another id is another unit, whatever it is called.
        same = called.get((sign.kind, sign.slug.casefold()), [])
        if len(same) == 1:
            return same[0]
        return exact if sign.kind not in self._recorded else None

    def _begun(self, fresh: dict[tuple[str, str], Sign]) -> dict[tuple[str, str], OrgUnit]:
        """The units that groups carry for the first time; what was known of them by less is theirs."""
        identities = [
            Identity(kind, native, sign.slug[:LONGEST_NAME], sign.name[:LONGEST_TITLE])
            for (kind, native), sign in fresh.items()
        ]
        kinds = {each.kind for each in identities}
        weak: list[OrgUnit] = []
        others: list[OrgUnit] = []
        for unit in self._all():
            if unit.kind in kinds and unit.ended is None:
                by_less = unit.source == "attribute" or unit.native_id.startswith("group:")
                (weak if by_less and unit.pk not in self._carried else others).append(unit)
        taken = take_over(identities, weak, [(unit.kind, _entry(unit)) for unit in others], BY_GROUPS)
        for unit in taken.values():
            self._by_native[unit.kind, unit.native_id] = unit
        return {
            (each.kind, each.native_id): taken.get(each) or self._make(each, BY_GROUPS) for each in identities
        }

    def _called_so(self, kind: str, strong: list[Register], text: str) -> OrgUnit | None:
        for register in strong:
            if found := register.meant(text):
                return self._by_key[found.id]
        # A rename reaches the sources one after another: until then the former name still means the unit.
        former = self._former.get((kind, text.strip().casefold()), ())
        once = [unit for key in former if (unit := self._by_key.get(key)) and self._stands(unit)]
        carried = [unit for unit in once if unit.source != "attribute"]
        return carried[0] if len(carried) == 1 else None

    def _by_value(self, kind: str, weak: Register, text: str) -> OrgUnit | None:
        """The unit that nothing but this value tells of, made or found again; none where it is too long."""
        if len(text) > LONGEST_NAME:
            return None
        if found := weak.meant(text):
            return self._by_key[found.id]
        native = f"value:{text}"
        known = self._by_native.get((kind, native))
        unit = known or self._make(Identity(kind, native, slugify(text), text), "attribute")
        weak.add(_entry(unit))
        return unit

    def _make(self, known: Identity, source: str) -> OrgUnit:
        unit = OrgUnit.objects.create(
            kind=known.kind,
            native_id=known.native_id,
            source=source,
            name=known.name,
            slug=known.slug,
            address=f":{uuid4()}",
            began=self._now,
        )
        self._enter(unit)
        return unit

    def _dress(self, unit: OrgUnit, sign: Sign) -> None:
        """Name and state as the group says; of several groups the one with the strongest sign speaks."""
        if unit.pk in self._carried:
            return
        self._carried[unit.pk] = sign
        if sign.kind in self._recorded:
            return
        face = (BY_GROUPS, sign.name[:LONGEST_TITLE], sign.slug[:LONGEST_NAME], sign.active, None)
        if (unit.source, unit.name, unit.slug, unit.active, unit.ended) != face:
            unit.source, unit.name, unit.slug, unit.active, unit.ended = face
            unit.save(update_fields=["source", "name", "slug", "active", "ended"])

    def _hang(self) -> None:
        by_native: dict[str, set[int]] = {}
        for unit in self._all():
            if self._stands(unit):
                by_native.setdefault(unit.native_id, set()).add(unit.pk)
        for unit in self._all():
            if unit.source not in DIRECTORIES or unit.ended is not None:
                continue
            sign = self._carried.get(unit.pk)
            above = by_native.get(sign.parent if sign else "", set()) - {unit.pk}
            parent = min(above) if len(above) == 1 else None
            if unit.parent_id != parent:
                unit.parent_id = parent
                unit.save(update_fields=["parent"])


def take_over(
    identities: Iterable[Identity], weak: Iterable[OrgUnit], others: Iterable[tuple[str, Unit]], source: str
) -> dict[Identity, OrgUnit]:
    """Units known so far by less, each under the identity that what it is called now means.

    `others`: kinds and units that may be meant as well; a name that fits several takes over nothing.
    """
    registers: dict[str, Register] = {}
    known = list(identities)
    for number, each in enumerate(known, 1):
        entry = Unit(-number, each.native_id, each.slug, each.name)
        registers.setdefault(each.kind, Register()).add(entry)
    for kind, entry in others:
        registers.setdefault(kind, Register()).add(entry)
    taken: dict[Identity, OrgUnit] = {}
    for unit in weak:
        register = registers.get(unit.kind)
        found = register.meant(_spoken(unit)) if register else None
        identity = known[-found.id - 1] if found and found.id < 0 else None
        if identity is not None and identity not in taken:
            unit.native_id, unit.source = identity.native_id, source
            unit.save(update_fields=["native_id", "source"])
            taken[identity] = unit
    return taken


def _record(sign: Sign) -> str:
    return sign.record if len(sign.record) <= LONGEST_NAME else ""


def _native(sign: Sign) -> str:
    return _record(sign) or f"group:{sign.slug[:LONGEST_NAME]}"


def _spoken(unit: OrgUnit) -> str:
    """What a unit without a record is called by the source that knows it."""
    return unit.native_id.removeprefix("value:") if unit.source == "attribute" else unit.slug


def _entry(unit: OrgUnit) -> Unit:
    return Unit(unit.pk, unit.native_id, unit.slug, unit.name)


def _entries(units: Iterable[OrgUnit]) -> Iterator[Unit]:
    return (_entry(unit) for unit in units)
