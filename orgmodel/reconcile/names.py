"""Group names: duplicate, nearly duplicate, or against the organisation's convention."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from orgmodel.conventions import SLUG, UnitKind
from orgmodel.recognition import described_as, slug_of
from orgmodel.sources.fix import console

from .detectors import Context, Found, detector, listed, rows, short

# The mirror of a pushed group bears its name on purpose.
_NAMED = """
    SELECT r.id, r.name, r.native_id FROM orgmodel_resource r
    WHERE r.kind = 'group' AND r.ended IS NULL AND r.name <> '' AND NOT EXISTS (
        SELECT FROM orgmodel_pushmapping m WHERE m.target_id = r.id AND m.ended IS NULL)
    ORDER BY r.native_id"""
_RENAME = "Directory › Groups › {}: give one of them another name, or merge the two"


@detector("duplicate-group-name", "Two groups with the same name", "medium", "resource", "push")
def same(_: Context) -> Iterable[Found]:
    """Groups of exactly the same name: by name nobody can tell which one is meant."""
    for alike in _alike(rows(_NAMED), lambda name: name):
        natives = [native for _, _, native in alike]
        yield Found(
            tuple(natives),
            f"{short(alike[0][1])}: {len(alike)} groups have this name.",
            resources=tuple(group for group, _, _ in alike),
            evidence={"groups": natives},
            fix=console(_RENAME, natives[-1]),
        )


@detector("near-duplicate-group", "Groups with nearly the same name", "low", "resource", "push")
def nearly(_: Context) -> Iterable[Found]:
    """Groups whose names differ only in case, spaces, hyphens, underscores or dots."""
    for alike in _alike(rows(_NAMED), folded):
        names = list(dict.fromkeys(name for _, name, _ in alike))
        if len(names) > 1:
            natives = [native for _, _, native in alike]
            yield Found(
                tuple(natives),
                f"{listed(names)} are nearly the same name.",
                resources=tuple(group for group, _, _ in alike),
                evidence={"groups": natives},
                fix=console(_RENAME, natives[-1]),
            )


def folded(name: str) -> str:
    """A name without what people overlook: `Team Radish` and `team-radish` are the same."""
    return re.sub(r"[\s._-]+", "", unicodedata.normalize("NFKC", name).casefold()) or name


def _alike(groups: Sequence[Sequence[Any]], how: Any) -> list[list[Sequence[Any]]]:
    found: dict[str, list[Sequence[Any]]] = {}
    for group in groups:
        found.setdefault(how(group[1]), []).append(group)
    return [alike for alike in found.values() if len(alike) > 1]


@detector("naming-convention", "Name and description do not go together", "low", "resource")
def convention(context: Context) -> Iterable[Found]:
    """Groups described as a unit's but named otherwise, and the other way round."""
    kinds = [k for k in context.conventions.unit_kinds if k.group_pattern and k.description_prefix]
    if not kinds:
        return
    groups = rows("""
        SELECT id, name, description, native_id FROM orgmodel_resource
        WHERE kind = 'group' AND ended IS NULL AND type = 'own' ORDER BY native_id""")
    for group, name, description, native in groups:
        named = _strongest((k for k in kinds if slug_of(k.group_pattern or "", name)), "group_pattern")
        described = _strongest(
            (k for k in kinds if described_as(k.description_prefix or "", description)), "description_prefix"
        )
        wrong = _wrong(named, described)
        if wrong:
            yield Found(
                (native,),
                f"{short(name)}: {wrong}.",
                resources=(group,),
                evidence={"group": native, "description": description[:200]},
                fix=console("Directory › Groups › {} › Edit: mend the name or the description", native),
            )


def _strongest(kinds: Iterable[UnitKind], key: str) -> UnitKind | None:
    """The kind with the longest sign: `AUTO team group …` is no `AUTO team`."""
    return max(kinds, key=lambda kind: len(getattr(kind, key)), default=None)


def _wrong(named: UnitKind | None, described: UnitKind | None) -> str:
    if named == described:
        return ""
    if named is None:
        pattern = (described.group_pattern or "").replace(SLUG, "…") if described else ""
        prefix = described.description_prefix if described else ""
        return f"its description says “{prefix}”, but its name is not “{pattern}”"
    if described is None:
        prefix = named.description_prefix
        return f"it is named like {_noun(named)}, but its description does not say “{prefix}”"
    return f"it is named like {_noun(named)} and described as {_noun(described)}"


def _noun(kind: UnitKind) -> str:
    article = "an" if kind.kind[:1] in "aeiou" else "a"
    return f"{article} {kind.kind.replace('_', ' ')}"
