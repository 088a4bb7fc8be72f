"""A path from a reason to an entitlement, step by step, and the sentence that says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from orgmodel.facts import STATED, EdgeSort, Evidence, Origin
from orgmodel.rules.explain import Clause

from .relations import RELATIONS, relation_of
from .rule_causes import asks_for_groups
from .voice import Voice, opened, started

RuleState = Literal["active", "inactive", "invalid", "deleted", "let_go", "no_match"]
"""let_go: Okta no longer says that the rule keeps the person in the group. no_match: it does, though the rule
does not match any more."""
StepKind = Literal["attribute", "rule", "group", "app", "direct"]


@dataclass(frozen=True)
class Step:
    """One step of a path. `level`: of an app step its level, of an attribute step the person's value."""

    kind: StepKind
    name: str
    native_id: str = ""
    level: str = ""
    expression: str = ""
    clauses: tuple[Clause, ...] = ()
    state: RuleState = "active"
    """Of a rule."""
    source: str = ""
    """Of a group or app: what people call the system that it belongs to, where the path has several."""
    sort: EdgeSort | None = None
    """Of a group or app: what the step to it is; None for what is granted."""
    limited: bool = False
    """A cap made the level lower than it was one step before."""
    key: str = ""
    """Of a rule: what stands in its address; empty where it is not known any more."""
    ended: str = ""
    """The day on which a rule was deleted, as people write it."""
    today: str = ""
    """Of a rule: what it is called now, where that is another name."""

    @property
    def called(self) -> str:
        """A rule by name in a sentence that goes on; a former name is marked as one."""
        named = quoted(self.name or self.native_id)
        return f"{quoted(self.today)}, then called {named}," if self.today else named


@dataclass(frozen=True)
class Path:
    """How a person reaches an entitlement, with the kind of proof there is."""

    steps: tuple[Step, ...]
    sentence: str
    evidence: Evidence
    origin: Origin = "unknown"
    by_itself: bool = False
    """Okta keeps everybody in the group."""
    explained: bool | None = None
    """True: a live rule or automation keeps it so; False: nothing does; None: not known."""
    actor: str = ""
    """By name: who or what put the person there, where no rule did and it is known."""
    from_the_first: bool = False
    """The person was there when Sightline first read, and nothing tells since when."""


def quoted(name: str) -> str:
    """A name in a sentence, so that its end can be seen."""
    return f"“{name}”"


UNREAD_RULE = "a rule that Sightline has not read"
"""One that Okta or its log names, made since the rules were read, or gone before they were."""


def the_rule(name: str) -> str:
    """A rule in a sentence; without a name where Sightline has not read it."""
    return f"the rule {quoted(name)}" if name else UNREAD_RULE


def path_sentence(
    person: Voice,
    steps: Sequence[Step],
    origin: Origin,
    actor: str,
    evidence: Evidence,
    *,
    by_itself: bool = False,
    app: str = "",
) -> str:
    """The path in words a person would use.

    `by_itself`: Okta keeps everybody in the group. `app`: the one that the group comes from.

    >>> path_sentence(Voice("Nadia"), [Step("direct", "Figma"), Step("app", "Figma", level="Editor")],
    ...               "unknown", "", STATED)
    'Nadia has Figma as Editor, assigned directly and not through a group.'
    """
    places = [step for step in steps if step.kind in {"app", "group"}]
    rules = [step for step in steps if step.kind == "rule"]
    if places[0].kind == "app":
        by = f" by {actor}" if actor else ""
        granted = [*takewhile(lambda place: not place.sort, places)]
        had = f"{_does(person, 'has', 'have')} {' and '.join(map(_opened, granted))}"
        opening = "".join(_onward(place) for place in places[len(granted) :])
        return f"{had}, assigned directly{by} and not through a group{opening}."
    opening = "".join(_onward(place) for place in places[1:])
    first = _first(places[0])
    if any(rule.state == "active" for rule in rules):
        return _by_rules(person, [step for step in steps if step.state == "active"], f"{first}{opening}")
    if rules:
        return _left_behind(person, rules[0], first, opening)
    if by_itself:
        return f"{_does(person, 'is', 'are')} in {first}, as everybody is{opening}."
    if origin == "app":
        source = f"{first} comes from {app or 'an app'}, which decides who is in it."
        return f"{_does(person, 'is', 'are')} in {first}{opening}. {source}"
    entry, unknown = _entry(person, origin, actor, evidence, first)
    return f"{entry}{opening}{unknown}."


def _does(person: Voice, one: str, you: str) -> str:
    """The beginning of a sentence."""
    return started(person.does(one, you), person)


def _opened(place: Step) -> str:
    return place.name + (f" as {place.level}" if place.level not in {"", "assigned"} else "")


def _first(group: Step) -> str:
    """The group that somebody is in, with its system and the level where they are worth saying."""
    named = f"the {group.source} group {group.name}" if group.source else group.name
    return f"{named} as {group.level}" if group.level else named


def _onward(place: Step) -> str:
    """How the path goes on to a place, after what leads to it.

    >>> _onward(Step("group", "cucumber", source="GitHub", sort="mirrors"))
    ', which GitHub mirrors as cucumber'
    """
    limit = ", the most that is passed on" if place.limited else ""
    if place.sort == "mirrors":
        return f", which {place.source or 'another system'} mirrors as {_opened(place)}{limit}"
    words = RELATIONS[relation_of(place.sort or "", place.kind)].holds
    return f", which {words} {_opened(place)}{limit}"


def _by_rules(person: Voice, steps: Sequence[Step], into: str) -> str:
    """A live rule puts and keeps the person there; `steps` hold no other rule."""
    rules = [step for step in steps if step.kind == "rule"]
    facts = [step for step in steps if step.kind == "attribute" and step.level]
    known = " and ".join(dict.fromkeys(_fact(person, step) for step in facts))
    belongs = [memberships(words, person) for words in member_clauses(steps)]
    parts = [*([person.whose(known)] if known else []), *belongs]
    premise = f"{started(' and '.join(parts), person)}. " if parts else ""
    named = [rule.called for rule in rules if rule.name]
    which = f"the rule{'s' if len(named) > 1 else ''} {' and '.join(named)}" if named else UNREAD_RULE
    if named and len(named) < len(rules):
        which += " and another that Sightline has not read"
    puts = "put" if len(rules) > 1 else "puts"
    return f"{premise}{opened(which)} {puts} {person.subject} into {into}."


def _fact(person: Voice, step: Step) -> str:
    """An attribute and its value: team is Cucumber."""
    spoken = person.spoken
    return f"{spoken.attribute(step.name)} is {spoken.value(step.name, step.level)}"


_THE_PERSON = "the person is "


def member_clauses(steps: Sequence[Step]) -> tuple[str, ...]:
    """Of a path by rules what decided besides attributes, in words: "the person is in the group crew"."""
    clauses = (clause for step in steps if step.kind == "rule" for clause in step.clauses)
    deciding = (each.words for each in clauses if each.decides and each.holds and asks_for_groups(each.text))
    return tuple(dict.fromkeys(words for words in deciding if words.startswith(_THE_PERSON)))


def memberships(words: str, person: Voice) -> str:
    """One of `member_clauses` said of somebody.

    >>> memberships("the person is in the group crew", Voice(own=True))
    'you are in the group crew'
    """
    return f"{person.does('is', 'are')} {words.removeprefix(_THE_PERSON)}"


def _left_behind(person: Voice, rule: Step, group: str, opening: str) -> str:
    """A rule put the person there and does so no more: in Okta that removes nobody."""
    which = f"The rule {rule.called}" if rule.name else opened(UNREAD_RULE)
    put = f"{which} put {person.subject} into {group}{opening}"
    comma = "," if opening else ""
    if rule.state == "let_go":
        return f"{put}. Okta no longer attributes that to the rule, so nothing removes {person.subject}."
    if rule.state == "no_match":
        return f"{put}. It does not match any more, but Okta has not removed {person.subject}."
    if rule.state == "deleted":
        when = f" on {rule.ended}" if rule.ended else ""
        return f"{put}{comma} before it was deleted{when}. Nothing removes {person.subject} now."
    now, then = ("invalid", "valid") if rule.state == "invalid" else ("inactive", "active")
    return f"{put}{comma} while it was {then}. It is {now} now, so nothing removes {person.subject}."


def _entry(person: Voice, origin: Origin, actor: str, evidence: Evidence, group: str) -> tuple[str, str]:
    """How the person got into the group, and what is not known of it."""
    was = _does(person, "was", "were")
    if origin == "admin":
        return f"{was} added to {group} by hand" + (f" by {actor}" if actor else ""), ""
    if origin == "automation":
        return f"{was} put into {group} by " + (f"the automation {actor}" if actor else "an automation"), ""
    if origin == "request":
        return f"{was} given {group} on request", ""
    if evidence == STATED:
        return f"{was} added to {group} directly", "; who did it is not known"
    return f"{_does(person, 'is', 'are')} in {group}", "; why is not known"
