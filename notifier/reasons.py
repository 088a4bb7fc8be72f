"""Why somebody has, got, lost or keeps an app: how a line of a message begins.

Each function chooses one reason for one app, so that everybody who is told of the app reads the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.access.reasons import EVERYBODY
from orgmodel.queries.access.routes import Route
from orgmodel.queries.people import UnitRef
from orgmodel.why.causes import Cause
from orgmodel.why.paths import UNREAD_RULE, Path, member_clauses, memberships, quoted
from orgmodel.why.voice import Voice, opened

from .naming import Naming, whose

TEAM, UNIT, ROLE, OWN, EVERYONE, UNKNOWN = range(6)
"""How particular a reason is to the person, most particular first: the order in which apps are listed."""
GIVEN = {
    "admin",
    "request",
    "certification",
    "governance",
    "automation",
    "import",
    "app_active",
    "reactivated",
}
MOST_FACTS = 2
"""More of them together say less than the name of their rule."""
_READS = re.compile(r"\buser\.(\w+)")
WAITS = {
    "ERROR": "Okta reports an error while setting it up",
    "OUT_OF_SYNC": "Okta and the app do not agree yet",
    "SYNCING": "Okta is still setting it up",
}


@dataclass(frozen=True, order=True)
class Because:
    """The beginning of a line, its proof by the name that the systems give it, and how particular it is."""

    rank: int
    words: str
    proof: str = ""

    @property
    def text(self) -> str:
        return f"{self.words} ({self.proof})" if self.proof else self.words


@dataclass(frozen=True)
class Teller:
    """Says reasons in the voice of one reader, with the names of one person's surroundings."""

    voice: Voice
    names: Naming
    year: int = 0

    def held(self, each: Access) -> Because:
        """Why somebody has an app at its level: the most particular of the ways that give it."""
        ways = zip(each.routes, each.paths, strict=True)
        return min(
            (self._way(each, way, path) for way, path in ways if way.end.level == each.level),
            key=lambda reason: reason.rank,
        )

    def came(self, each: Access) -> Because:
        """Why somebody got an app: what is true of them now, or who gave it."""
        cause = each.cause
        if cause.kind == "rule" and cause.attribute:
            return self._flip(cause)
        if cause.kind in GIVEN and not cause.of_edge:
            return Because(OWN, self._done(cause))
        held = self.held(each)
        if cause.of_edge and cause.verb == "began" and held.rank != EVERYONE:
            return Because(held.rank, f"{opened(self._opener(each, cause))} has it now")
        return held

    def went(self, each: Access, cause: Cause) -> Because:
        """Why somebody lost an app, or a level of it: what it came with, or who or what took it."""
        if unit := self._left(each, cause):
            return Because(_rank(unit.kind), f"Came with {whose(unit, self.voice)}")
        if cause.kind == "rule" and cause.attribute:
            return self._flip(cause)
        if cause.of_edge:
            return Because(OWN, self._closed(each, cause))
        if cause.named or cause.kind not in {"", "unknown", "path"}:
            return Because(OWN, self._done(cause))
        return Because(UNKNOWN, opened(cause.phrase(self.voice)))

    def changed(self, each: LevelChange) -> Because:
        """Why somebody has an app at another level."""
        cause = each.now.cause
        if cause.verb == "began" and cause.of_edge:
            return Because(OWN, f"{opened(self._opener(each.now, cause))} gives this level now")
        if cause.verb == "began":
            return self.came(each.now)
        # What a unit that was left gave had the lower level: the higher one does not come with that unit.
        if each.direction == "raised" and self._left(each.was, cause):
            return self.held(each.now)
        return self.went(each.was, cause)

    def kept(self, each: Access) -> Because:
        """How something came about that no rule gives, and since when."""
        path = each.paths[0]
        since = each.routes[0].hops[0].since
        year = "" if since.year == self.year else f" {since.year}"
        when = "before Sightline began" if path.from_the_first else f"in {since:%B}{year}"
        if path.origin == "rule":
            by = f"by the {_rules(_rules_of(path))}, which is no longer active"
            return Because(OWN, f"Added {when} {by}")
        how = {
            "admin": f"Added by {path.actor or 'an admin'}",
            "request": "Given on request",
            "automation": "Added by an automation",
        }.get(path.origin, "Assigned directly" if path.steps[0].kind == "direct" else "Added directly")
        return Because(OWN, f"{how} {when}")

    def waits(self, each: Access) -> Because:
        """What something that is not there yet waits for."""
        cause = each.cause
        if cause.kind == "will_come":
            return Because(TEAM, "Okta has not applied it yet", _rules(cause.rules))
        waits = f"Okta has not set it up yet ({cause.waits})" if cause.waits else "Okta has not set it up yet"
        return Because(OWN, WAITS.get(cause.waits, waits))

    def _way(self, each: Access, way: Route, path: Path) -> Because:
        if path.origin in {"admin", "request"} or path.steps[0].kind == "direct":
            return Because(OWN, self._given(path))
        if any(hop.place.everyone for hop in way.hops):
            whole = any(hop.place.type == EVERYBODY for hop in way.hops)
            return Because(EVERYONE, "Everyone has it" if whole else "Nearly everyone has it")
        unit = next((found for hop in way.hops if (found := self.names.current.get(hop.resource))), None)
        if unit:
            return Because(_rank(unit.kind), f"Comes with {whose(unit, self.voice)}")
        if path.origin == "rule" and path.explained is False:
            return Because(OWN, f"Added by the {_rules(_rules_of(path))}, which is no longer active")
        if path.origin == "rule":
            return self._by_rule(path)
        return Because(OWN, f"Comes with the group {way.hops[0].place.name}")

    def _given(self, path: Path) -> str:
        if path.origin == "admin":
            return f"Added by {path.actor or 'an admin'}"
        if path.origin == "request":
            return "Given on request"
        return "Assigned to you directly" if self.voice.own else "Assigned directly"

    def _by_rule(self, path: Path) -> Because:
        """What a rule looks at in the person; by the name of the rule where that says too much or nothing."""
        facts = [(step.name, step.level) for step in path.steps if step.kind == "attribute" and step.level]
        deciding = {name for clause in _deciding(path) for name in _READS.findall(clause)}
        facts = [fact for fact in dict.fromkeys(facts) if not deciding or fact[0] in deciding]
        proof = _rules(_rules_of(path))
        if not facts or len(facts) > MOST_FACTS:
            return Because(ROLE, f"Because of the {proof}")
        units = [self.names.unit(name, value) for name, value in facts]
        if len(facts) == 1 and units[0] and not member_clauses(path.steps):
            return Because(_rank(units[0].kind), f"Comes with {whose(units[0], self.voice)}")
        conditions = [f"{self._of(name)} is {self.names.value(name, value)}" for name, value in facts]
        conditions += [memberships(words, self.voice) for words in member_clauses(path.steps)]
        return Because(ROLE, f"Because {' and '.join(conditions)}", proof)

    def _left(self, each: Access, cause: Cause) -> UnitRef | None:
        """The unit with which it came, where it ended because somebody is no longer in that unit."""
        if cause.kind == "rule" and cause.attribute:
            return self.names.unit(cause.attribute, cause.before)
        if cause.of_edge or cause.named or cause.kind not in {"", "unknown", "path"}:
            return None
        former = (self.names.former.get(hop.resource) for way in each.routes for hop in way.hops)
        return next((unit for unit in former if unit), None)

    def _flip(self, cause: Cause) -> Because:
        """The attribute that changed a rule's mind, as it is now."""
        proof = _rules((cause.rule_name,))
        kind = self.names.kinds.get(cause.attribute)
        rank = _rank(kind) if kind else ROLE
        if cause.after in (None, "", ()):
            was = self.names.value(cause.attribute, cause.before)
            return Because(rank, f"Because {self._of(cause.attribute)} is no longer {was}", proof)
        now = self.names.value(cause.attribute, cause.after)
        return Because(rank, f"Because {self._of(cause.attribute)} is now {now}", proof)

    def _of(self, attribute: str) -> str:
        """An attribute of the person: your team, the team."""
        return f"{'your' if self.voice.own else 'the'} {self.names.attribute(attribute)}"

    def _opener(self, each: Access, cause: Cause) -> str:
        """The group that began, or ceased, to open the app: by the unit it stands for, or by its name."""
        units = {**self.names.former, **self.names.current}
        for way in each.routes:
            for hop in way.hops:
                unit = units.get(hop.resource)
                if unit and hop.place.name == cause.group:
                    return whose(unit, self.voice)
        return f"the group {cause.group}"

    def _closed(self, each: Access, cause: Cause) -> str:
        """A group opens the app no more; who took the app from it, where that is known."""
        where = self._opener(each, cause)
        if cause.kind == "admin":
            return f"Removed from {where} by {cause.actor or 'an admin'}"
        if cause.kind == "automation":
            by = f"the automation {cause.actor}" if cause.actor else "an automation"
            return f"Removed from {where} by {by}"
        return f"{opened(where)} no longer has it"

    def _done(self, cause: Cause) -> str:
        """Who or what did it; somebody named needs no "by hand"."""
        if cause.kind == "admin" and cause.actor:
            return f"{'Removed' if cause.verb == 'ended' else 'Added'} by {cause.actor}"
        return opened(cause.phrase(self.voice))


def _rank(kind: str) -> int:
    return TEAM if kind == "team" else UNIT


def _rules(names: Sequence[str]) -> str:
    named = [each for each in names if each]
    if not named:
        return UNREAD_RULE
    return f"{'rules' if len(named) > 1 else 'rule'} {' and '.join(map(quoted, named))}"


def _rules_of(path: Path) -> list[str]:
    return [step.name for step in path.steps if step.kind == "rule"]


def _deciding(path: Path) -> Iterator[str]:
    """The clauses that make a rule match, as they are written."""
    for step in path.steps:
        yield from (clause.text for clause in step.clauses if clause.decides and clause.holds)
