"""What others in a team have and one member does not, or at a lower level; why, in half a sentence each."""

from collections.abc import Sequence
from dataclasses import dataclass

from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef
from orgmodel.queries.rules.rule_evaluation import Proofs, asking_proofs
from orgmodel.queries.together import together
from orgmodel.queries.visibility import Viewer
from orgmodel.why.levels import direction, named
from orgmodel.why.requirements import asked_for

from .holdings import AccessOfPerson
from .my_access import UnitsOfGroups, asking_units_of_groups, groups_behind
from .target import Target
from .team import Team, TeamApp

ONE_BY_ONE = "given to people one by one"
ANOTHER_COUNTS = "you get your level another way"


@dataclass(frozen=True)
class Gap:
    """An app at a level that others in the team hold. `why`: why this person does not."""

    row: TeamApp
    why: str
    held: str | None = None
    """The level at which the person has the app; None where they do not have it."""

    @property
    def level(self) -> str:
        """The level that others have, and the person's own where there is one."""
        level = named(self.row.level)
        return level if self.held is None else f"{level}; you have {self.held}"


def lacking(mine: AccessOfPerson, ours: Team) -> tuple[TeamApp, ...]:
    """What members of the team hold and the person does not, or only at a level that is surely lower."""
    have = {each.app.pk: each.level for each in mine.apps}
    return tuple(
        row
        for row in ours.apps
        if row.held_by
        and (
            direction(have[row.app.pk], row.level) == "raised" if row.app.pk in have else not row.app.for_all
        )
    )


def gaps(
    rows: Sequence[TeamApp], mine: AccessOfPerson, moment: Moment, viewer: Viewer
) -> tuple[UnitsOfGroups, tuple[Gap, ...]]:
    """Why the person lacks these, and the units of the groups through which anybody has them; one query."""
    person = mine.person
    giving = {group.pk: group.native_id for row in rows for group in row.giving}
    units, proof = together(
        asking_units_of_groups(groups_behind(mine) | giving.keys(), person, moment),
        asking_proofs(moment, groups={*giving.values()}, person=person.pk, viewer=viewer.about(person.pk)),
    )
    have, inside = {each.app.pk: each.level for each in mine.apps}, {each.group.pk for each in mine.groups}
    found = []
    for row in rows:
        outside = [group for group in row.giving if group.pk not in inside]
        shared = bool(row.giving) and not outside
        why = ANOTHER_COUNTS if shared else _why(outside, person, units, proof)
        found.append(Gap(row, why, have.get(row.app.pk)))
    return units, tuple(found)


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
                    return f"for {asked_for(explanation)}"
    return ""
