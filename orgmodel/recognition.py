"""Which unit a group stands for, and which unit an attribute value means. Pure.

The strongest sign wins: a key that only one kind has in the group's profile, then a description that begins
as agreed, then the naming pattern; of two that fit, the longer one. A look-alike is no link.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from orgmodel.conventions import UnitKind

JOINS = frozenset("-\u2010\u2011/.&+'’")
"""What makes one word of two where no blank stands after it."""
Evidence = Literal["profile key", "description", "name"]


@dataclass(frozen=True)
class Group:
    """A group as far as recognition needs it."""

    id: int
    name: str
    description: str
    profile: Mapping[str, Any]


@dataclass(frozen=True)
class Sign:
    """What a group says of the unit it stands for."""

    kind: str
    group: int
    evidence: Evidence
    record: str
    """The control plane's record id, or empty."""
    slug: str
    name: str
    parent: str
    active: bool


def slugify(text: str) -> str:
    """A name as it is written in addresses and group names: `Data Platform` → `data-platform`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug or "u" + format(sum(ord(letter) * 31**i for i, letter in enumerate(text)) % 16**8, "x")


def slug_of(pattern: str, name: str) -> str:
    """The part of a group name that stands for <slug> in the pattern, or empty."""
    head, _, tail = pattern.partition("<slug>")
    if not pattern or not name.startswith(head) or not name.endswith(tail):
        return ""
    return name[len(head) : len(name) - len(tail)] if len(name) > len(head) + len(tail) else ""


def described_as(prefix: str, description: str) -> bool:
    """Whether a description begins with the prefix as whole words: not `AUTO team_group` and not
    `AUTO team-lead` with `AUTO team`.
    """
    following, then = description[len(prefix) : len(prefix) + 1], description[len(prefix) + 1 :][:1]
    goes_on = _in_word(following) or (following in JOINS and _in_word(then))
    return bool(prefix) and description.startswith(prefix) and not (_in_word(prefix[-1:]) and goes_on)


def sign_of(kind: UnitKind, group: Group) -> Sign | None:
    """What the group says of a unit of this kind; None when it bears no sign of the kind."""
    slug = slug_of(kind.group_pattern or "", group.name)
    prefix = kind.description_prefix or ""
    described = described_as(prefix, group.description)
    record = str(group.profile.get(kind.id_key) or "") if kind.id_key else ""
    if record and not (slug or described or not (kind.group_pattern or kind.description_prefix)):
        record = ""  # The key is shared by kinds: the name or description says which kind it is.
    if not (record or described or slug):
        return None
    spoken = group.description[len(prefix) :].strip(" :-–") if described else ""
    spoken = spoken if any(map(str.isalnum, spoken)) else ""
    return Sign(
        kind=kind.kind,
        group=group.id,
        evidence="profile key" if record else "description" if described else "name",
        record=record,
        slug=slug or slugify(spoken or group.name),
        name=(spoken.splitlines()[0].strip() if spoken else "") or _title(slug or group.name),
        parent=str(group.profile.get(kind.parent_key) or "") if kind.parent_key else "",
        active=_truth(group.profile.get(kind.active_key)) if kind.active_key else True,
    )


def signs(kinds: Iterable[UnitKind], groups: Iterable[Group]) -> list[Sign]:
    """The sign of every group that bears one; of several the strongest, and the longest, then the first."""
    known = list(kinds)
    found = []
    for group in groups:
        candidates = [(_rank(kind, sign, group), sign) for kind in known if (sign := sign_of(kind, group))]
        if candidates:
            found.append(min(candidates, key=lambda each: each[0])[1])
    return found


def _rank(kind: UnitKind, sign: Sign, group: Group) -> tuple[int, int, int]:
    """Lower is stronger. A key that kinds share tells which unit it is, and not of which kind."""
    weak = 0 if sign.evidence == "profile key" else 1
    if not (kind.group_pattern or kind.description_prefix):
        return 0, 0, weak
    if described_as(kind.description_prefix or "", group.description):
        return 1, -len(kind.description_prefix or ""), weak
    return 2, -len(kind.group_pattern or ""), weak


@dataclass(frozen=True)
class Unit:
    """A unit as far as matching a value needs it."""

    id: int
    native_id: str
    slug: str
    name: str


class Register:
    """Units by everything a value may call them: by id, by slug, by name."""

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self._by_id: dict[str, list[Unit]] = {}
        self._by_slug: dict[str, list[Unit]] = {}
        self._by_name: dict[str, list[Unit]] = {}
        for unit in units:
            self.add(unit)

    def add(self, unit: Unit) -> None:
        """Enter a unit under its id, slug and name."""
        self._by_id.setdefault(unit.native_id, []).append(unit)
        self._by_slug.setdefault(unit.slug.casefold(), []).append(unit)
        self._by_name.setdefault(unit.name.casefold(), []).append(unit)

    def meant(self, value: str) -> Unit | None:
        """The unit that an attribute value means; None when none or several fit."""
        folded = value.strip().casefold()
        for fits in (self._by_id.get(value), self._by_slug.get(folded), self._by_name.get(folded)):
            if fits and len(fits) == 1:
                return fits[0]
        return None


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _title(slug: str) -> str:
    words = re.split(r"[-_\s]+", slug)
    return " ".join(word[:1].upper() + word[1:] for word in words if word) or slug


def _truth(value: Any) -> bool:
    return value is None or value is True or str(value).strip().casefold() in {"true", "1", "yes", "active"}
