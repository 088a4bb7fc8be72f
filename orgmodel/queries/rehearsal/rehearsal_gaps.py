"""What a proposed reorganisation overlooks: groups, rules and units."""

from collections.abc import Iterable, Sequence

from django.db import connection

from orgmodel.conventions import UnitKind
from orgmodel.queries.rules.rulebook import Book
from orgmodel.recognition import slugify
from orgmodel.rules.batch_index import Look
from orgmodel.rules.population import Expected, Population, Rule

from .proposal import Proposal


def emptied(
    rules: Iterable[Rule], whole: Population, moved: set[int], was: Expected, will: Expected, known: Book
) -> tuple[str, ...]:
    """Rules that fit somebody now and would fit nobody."""
    look = Look(whole)
    return tuple(
        known.rules[rule.native_id].name
        for rule in rules
        if rule.node is not None
        and not rule.calls
        and was.fits[rule.native_id].people
        and not will.fits[rule.native_id].people
        and look.fit(rule).people <= moved
    )


def gaps(
    proposal: Proposal, kinds: Sequence[UnitKind], known: Book
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Units that people would come into and that no group stands for; their groups that no rule feeds;
    groups of units that end.
    """
    groups = _unit_groups()
    fed = {target for rule in known.rules.values() for target in rule.targets}
    new = {(kind, slugify(name)): name for kind, name in proposal.created}
    pairs = {
        (kind.kind, str(value))
        for kind in kinds
        for values in proposal.values.values()
        if kind.attribute and (value := values.get(kind.attribute))
    }
    without_group = {name for key, name in new.items() if key not in groups}
    without_rule: set[str] = set()
    for kind_name, value in pairs:
        linked = groups.get((kind_name, value)) or groups.get((kind_name, slugify(value)))
        if not linked:
            without_group.add(new.get((kind_name, slugify(value)), value))
        without_rule.update(name for native, name in linked or () if native not in fed)
    retired = {name for unit in proposal.ended for _, name in groups.get((unit.kind, unit.slug), ())}
    return tuple(sorted(without_group)), tuple(sorted(without_rule)), tuple(sorted(retired))


def _unit_groups() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Kind and slug, name or id of a unit → the groups that stand for it."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.kind, u.slug, u.name, u.native_id, r.native_id, r.name FROM orgmodel_orgunit u
            LEFT JOIN orgmodel_unitlink l ON l.unit_id = u.id AND l.ended IS NULL
            LEFT JOIN orgmodel_resource r ON r.id = l.group_id AND r.ended IS NULL WHERE u.ended IS NULL"""
        )
        for kind, slug, name, native, group, label in cursor.fetchall():
            for form in {slug, name, native}:
                linked = found.setdefault((kind, form), [])
                if group:
                    linked.append((group, label))
    return found
