"""What would change for a person if something about them changed: evaluated here, no source is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orgmodel.conventions import Conventions
from orgmodel.queries.access.holdings import Access, access, apps_of, visible
from orgmodel.queries.access.level_choice import winning
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.access.reasons import Reasons
from orgmodel.queries.access.routes import Route, onward
from orgmodel.queries.moments import now
from orgmodel.queries.people import PersonRef
from orgmodel.queries.refusals import NoAnswer
from orgmodel.queries.rules.rule_evaluation import Proofs
from orgmodel.queries.rules.rulebook import standpoint
from orgmodel.queries.visibility import Viewer
from orgmodel.rules.population import DEACTIVATED
from orgmodel.sources.registry import direction
from orgmodel.sources.roles import DIRECTORIES

from .evaluation import Evaluation, Uncertain, Values, apart_from_rules
from .move_facts import FACTS, WITH, facts_in, parameters
from .supposition import WhatIfQuestion, suppose
from .whole_move import Brought, places


class NoAccount(NoAnswer):
    """No rule looks at the person: there is no Okta account, or it is deactivated."""


@dataclass(frozen=True)
class WhatIf:
    """What a change would do. `comes` and `goes` are groups by name; `notes` say what to look at again."""

    person: PersonRef
    set: Values
    gains: tuple[Access, ...]
    loses: tuple[Access, ...]
    keeps: tuple[Access, ...]
    unknown: tuple[Uncertain, ...]
    level_changed: tuple[LevelChange, ...] = ()
    """Apps that would be held at another level: neither gained nor lost."""
    follows: Values = field(default_factory=dict)
    """What a move brings along."""
    brought: Brought | None = None
    comes: tuple[str, ...] = ()
    goes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    """Units to move to: what to write, and what it is."""

    @property
    def values(self) -> Values:
        """Everything of the profile that would be another."""
        return {**self.follows, **self.set}

    @property
    def changed(self) -> bool:
        """Whether an app or a group comes or goes, or a level changes."""
        return bool(self.gains or self.loses or self.level_changed or self.comes or self.goes)

    def as_json(self) -> dict[str, Any]:
        return {
            "person": self.person.as_json(),
            "set": dict(self.set),
            "follows": dict(self.follows),
            "level_changed": [each.as_json() for each in self.level_changed],
            "gains": [each.as_json() for each in self.gains],
            "loses": [each.as_json() for each in self.loses],
            "keeps": [each.as_json() for each in self.keeps],
            "unknown": [each.as_json() for each in self.unknown],
            "groups_gained": list(self.comes),
            "groups_lost": list(self.goes),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class _Held:
    """An app with the group whose way to it decides."""

    access: Access

    @property
    def level(self) -> str:
        return self.access.level

    @property
    def group(self) -> str:
        return _first(winning(self.access.routes))


def what_if(
    who: int,
    wanted: Mapping[str, str] | WhatIfQuestion,
    viewer: Viewer,
    conventions: Conventions | None = None,
) -> WhatIf:
    """What the person would gain and lose by a move, or with these attributes; "" takes an attribute away.

    Raises NoAccount, CannotSuppose for what cannot be worked out, and NotFound for an attribute that does
    not exist.
    """
    question = wanted if isinstance(wanted, WhatIfQuestion) else WhatIfQuestion(dict(wanted))
    custom, moment = conventions or Conventions(), now()
    held, reader = access(who, moment, viewer), viewer.about(who)
    texts = parameters(question.texts, [who], question.set, custom)
    where = standpoint(who, moment, reader, beside=(WITH, f"UNION ALL {FACTS}", texts))
    account, subject, known = where.account, where.subject, where.book
    if subject is None:
        raise NoAccount(f"{held.person.name} has no Okta account, so no rule looks at them.")
    if subject.state == DEACTIVATED:
        raise NoAccount(f"{held.person.name}’s Okta account is deactivated, so no rule looks at it.")
    facts = facts_in(where.rows)
    supposition = suppose(question, where, facts, held.person, custom)
    rules = {each.group.native_id: each.kept_by for each in held.granted}
    names = {**known.names, **{each.group.native_id: each.group.name for each in held.granted}}
    bare = apart_from_rules(subject, rules, names)
    profile = {**subject.profile, **supposition.values}
    changed = replace(bare, profile={name: value for name, value in profile.items() if value is not None})
    before, after = (known.rulebook.standing(each) for each in (bare, changed))
    evaluation = Evaluation(known, names, rules, before, after, supposition.values)
    comes, goes = evaluation.comes, evaluation.goes
    opened = visible(onward(comes, who, account, moment), reader.hidden) if comes else []
    routes = [
        *(route for each in held.apps for route in each.routes if _first(route) not in goes),
        *(replace(route, rules=comes[_first(route)]) for route in opened),
    ]
    reasons = Reasons({who: held.person.name}, Proofs(known.rules, {account: changed}, known.names))
    had, will = (
        {each.app.pk: _Held(each) for each in apps} for apps in (held.apps, apps_of(routes, reasons))
    )
    turned = evaluation.turned(had, will)
    return WhatIf(
        person=held.person,
        set=supposition.set,
        follows=supposition.follows,
        brought=supposition.brought,
        level_changed=tuple(
            level_change(had[app].access, replace(will[app].access, cause=cause, spoken=viewer.spoken))
            for app, cause in turned.levels.items()
        ),
        gains=tuple(
            replace(will[app].access, cause=cause, spoken=viewer.spoken)
            for app, cause in turned.gains.items()
        ),
        loses=tuple(replace(had[app].access, cause=cause) for app, cause in turned.loses.items()),
        keeps=tuple(had[app].access for app in turned.keeps),
        unknown=(
            *evaluation.unknown(),
            *(Uncertain("", reason, group) for group, reason in supposition.unforeseen),
        ),
        comes=evaluation.called(comes),
        goes=evaluation.called(goes),
        notes=supposition.notes,
        places=places(facts.units.values()),
    )


def level_change(was: Access, will: Access) -> LevelChange:
    """An app at another level; `will` says why."""
    return LevelChange(was, will, direction(will.app.source, was.level, will.level))


def _first(route: Route) -> str:
    """The group in which the route begins."""
    place = route.hops[0].place
    return place.native_id if place.kind == "group" and place.source in DIRECTORIES else ""
