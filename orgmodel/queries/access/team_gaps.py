"""What others in a team have and one member does not, and why not: in half a sentence each."""

from collections.abc import Sequence
from dataclasses import dataclass

from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef
from orgmodel.queries.rules.rule_evaluation import Proofs, proofs
from orgmodel.queries.visibility import Viewer

from .holdings import AccessOfPerson
from .my_access import UnitsOfGroups
from .target import Target
from .team import Team, TeamApp

ONE_BY_ONE = "given to people one by one"


@dataclass(frozen=True)
class Gap:
    """An app at a level that others in the team hold. `why`: why this person does not."""

    row: TeamApp
    why: str


def lacking(mine: AccessOfPerson, ours: Team) -> tuple[TeamApp, ...]:
    """What members of the team hold and the person does not."""
    have = {each.app.pk for each in mine.apps}
    return tuple(row for row in ours.apps if row.app.pk not in have and row.held_by and not row.app.for_all)


def gaps(
    rows: Sequence[TeamApp], person: PersonRef, units: UnitsOfGroups, moment: Moment, viewer: Viewer
) -> tuple[Gap, ...]:
    """Why the person does not have these; one query. `units`: of all groups through which others do."""
    natives = {group.native_id for row in rows for group in row.through}
    proofs_of = proofs(moment, groups=natives, person=person.pk, viewer=viewer.about(person.pk))
    return tuple(Gap(row, _why(row.through, person, units, proofs_of)) for row in rows)


def _why(groups: Sequence[Target], person: PersonRef, units: UnitsOfGroups, proofs_of: Proofs) -> str:
    for group in groups:
        for unit, _ in units.get(group.pk, ()):
            if unit in person.units:
                continue
            own = " and ".join(each.name for each in person.units if each.kind == unit.kind)
            return f"comes with the {unit.kind.replace('_', ' ')} {unit.name}" + (own and f"; yours is {own}")
    return next((words for group in groups if (words := _lacking(group, proofs_of))), ONE_BY_ONE)


def _lacking(group: Target, proofs_of: Proofs) -> str:
    """What the first rule into the group asks for and the person is not; empty where no rule tells."""
    for rule in proofs_of.rules.values():
        if rule.status == "active" and group.native_id in rule.targets:
            for account in proofs_of.subjects:
                explanation = proofs_of.of(account, rule.expression)
                if explanation and explanation.value is False and explanation.missing:
                    return f"for people where {' and '.join(clause.words for clause in explanation.missing)}"
    return ""
