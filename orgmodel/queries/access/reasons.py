"""What turns a raw route into a path with a reason: rules, attribute values, actors, causes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from orgmodel.facts import MEMBER, STATED, EdgeSort, Evidence, Origin
from orgmodel.queries.moments import Moment, now
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rule_evaluation import Proofs, RuleText, asking_proofs, deciding_attributes
from orgmodel.queries.together import Lasting, Question, ask
from orgmodel.queries.visibility import OPERATOR, Viewer
from orgmodel.rules.explain import Explanation
from orgmodel.rules.spoken import AS_WRITTEN, Spoken, shown
from orgmodel.sources import registry
from orgmodel.why.causes import Cause
from orgmodel.why.days import day
from orgmodel.why.paths import Path, RuleState, Step, path_sentence
from orgmodel.why.relations import relation_of
from orgmodel.why.voice import Voice

from .routes import Hop, Route

EVERYBODY, IMPORTED = "built-in", "imported"
"""The types of the groups that their source fills by itself, and of those that come from an app."""


@dataclass(frozen=True)
class Entry:
    """How a grant came to be as it was at the moment: its cause, and the rules that Okta named for it.

    `former`: the rules that it named before, where it names none any more.
    """

    cause: Cause = field(default_factory=Cause)
    rules: tuple[str, ...] | None = None
    former: tuple[str, ...] = ()
    found: datetime | None = None
    """When the first read found it there."""


@dataclass(frozen=True)
class Reasons:
    """Everything the paths of some routes need, fetched set-wise."""

    names: Mapping[int, str]
    """Person → name."""
    proofs: Proofs = field(default_factory=Proofs)
    entries: Mapping[int, Entry] = field(default_factory=dict)
    """Grant → how it came to be."""
    edges: Mapping[tuple[int, int], Cause] = field(default_factory=dict)
    """Pair of entitlements → cause of the beginning of the edge, if that was seen."""
    own: int | None = None
    """The person who reads it, and is called *you*."""
    hidden: frozenset[int] = frozenset()
    """What may not be named."""
    moment: Moment = field(default_factory=now)
    spoken: Spoken = AS_WRITTEN

    def path(self, route: Route) -> Path:
        """The route as steps and a sentence."""
        rules, evidence = self._attribution(route)
        place = route.hops[0].place
        imported = place.type == IMPORTED and not rules and route.origin in {"unknown", "app"}
        origin = cast(Origin, "rule" if rules else "app" if imported else route.origin)
        steps = [*self._rule_steps(route, rules), *self._hops(route)]
        actor = "" if rules else self.began(route).actor
        alone = place.type == EVERYBODY
        voice = Voice(self.names[route.person], own=route.person == self.own, spoken=self.spoken)
        app = place.comes_from(self.hidden)
        return Path(
            steps=tuple(steps),
            sentence=path_sentence(voice, steps, origin, actor, evidence, by_itself=alone, app=app),
            evidence=evidence,
            origin=origin,
            by_itself=alone,
            explained=self._explained(route, steps),
            actor=actor,
            from_the_first=self.from_the_first(route),
        )

    def rules_of(self, route: Route) -> tuple[str, ...]:
        """The rules that Okta named for the grant at the moment."""
        stated = self.entries.get(route.grant, Entry()).rules
        return route.rules if stated is None else stated

    def began(self, route: Route) -> Cause:
        """The cause of the beginning of the grant."""
        cause = self.entries.get(route.grant, Entry()).cause
        rule = self.proofs.rules.get(cause.rule)
        return cause.renamed(rule.today or rule.name) if rule else cause

    def from_the_first(self, route: Route) -> bool:
        """The grant was there when Sightline first read, and nothing tells since when."""
        return self.entries.get(route.grant, Entry()).found == route.hops[0].since

    def cause(self, route: Route) -> Cause:
        """Why the route is open, by whatever made it so last: the grant, or the edge behind it."""
        newest = max(route.hops, key=lambda hop: hop.since)
        if newest is not route.hops[0]:
            at = route.hops.index(newest)
            before = route.hops[at - 1]
            if cause := self.edges.get((before.entitlement, newest.entitlement)):
                relation = relation_of(newest.sort, newest.place.kind)
                return replace(cause, group=before.place.name, app=newest.place.name, relation=relation)
        return self.began(route)

    def _attribution(self, route: Route) -> tuple[tuple[str, ...], Evidence]:
        """The rules behind a grant and who says so: Okta itself, else its log, else our own evaluation."""
        if rules := self.rules_of(route):
            return rules, STATED
        entry = self.entries.get(route.grant, Entry())
        if entry.former and route.origin == "unknown":
            return entry.former, cast(Evidence, route.evidence)
        if route.evidence == STATED:
            return (), STATED
        if entry.cause.event:
            return ((entry.cause.rule,) if entry.cause.rule else ()), "log"
        fitting = tuple(rule.native_id for rule in self._fitting(route))
        return (fitting, "evaluated") if fitting else ((), cast(Evidence, route.evidence))

    def _fitting(self, route: Route) -> Iterator[RuleText]:
        """The live rules into the group that fit the account and do not leave it out."""
        group, subject = route.hops[0].place.native_id, self.proofs.subjects.get(route.account)
        for rule in self.proofs.rules.values() if subject else ():
            if rule.status != "active" or group not in rule.targets:
                continue
            if subject and subject.native_id not in rule.excluded:
                explanation = self.proofs.of(route.account, rule.expression)
                if explanation and explanation.value:
                    yield rule

    def _rule_steps(self, route: Route, rules: Sequence[str]) -> list[Step]:
        steps: list[Step] = []
        subject = self.proofs.subjects.get(route.account)
        for native in rules:
            rule = self.proofs.rules.get(native, RuleText(native, "", "active", ""))
            explanation = self.proofs.of(route.account, rule.expression)
            state = self._state(route, rule, explanation)
            for name in deciding_attributes(rule, explanation) if state == "active" else ():
                value = subject.profile.get(name) if subject else None
                steps.append(Step("attribute", name, level=shown(value) if value is not None else ""))
            clauses = explanation.clauses if explanation else ()
            ended = day(rule.ended) if rule.ended else ""
            step = Step("rule", rule.name, native, "", rule.expression, clauses, state)
            steps.append(replace(step, key=rule.key, ended=ended, today=rule.today))
        return steps

    def _state(self, route: Route, rule: RuleText, explanation: Explanation | None) -> RuleState:
        """Whether the rule still keeps the person there."""
        if rule.status != "active":
            return cast(RuleState, rule.status)
        if rule.native_id in self.entries.get(route.grant, Entry()).former and not self.rules_of(route):
            return "let_go"
        return "no_match" if explanation and explanation.value is False else "active"

    def _hops(self, route: Route) -> list[Step]:
        steps: list[Step] = []
        several = len({hop.place.source for hop in route.hops}) > 1
        before: Hop | None = None
        for hop in route.hops:
            place = hop.place
            if place.kind == "app" and before is None:
                steps.append(Step("direct", place.name, place.native_id, hop.level))
            grouped = place.kind == "group"
            step = Step(
                "group" if grouped else "app",
                place.name,
                place.native_id,
                "" if grouped and hop.level == MEMBER else hop.level,
                source=registry.label(place.source) if several else "",
                sort=cast(EdgeSort, hop.sort) if before else None,
                limited=before is not None and _lower(before, hop),
            )
            steps.append(step)
            before = hop
        return steps

    def _explained(self, route: Route, steps: Sequence[Step]) -> bool | None:
        rules = [step for step in steps if step.kind == "rule"]
        if rules:
            rule_steps = (step for step in rules if step.state in {"active", "no_match"})
            return any(step.native_id in self.proofs.rules for step in rule_steps)
        if route.origin in {"automation", "app"} or route.hops[0].place.type in {EVERYBODY, IMPORTED}:
            return True
        if route.evidence == "none":
            return None
        return False


def reasons(
    routes: Sequence[Route],
    names: Mapping[int, str],
    moment: Moment,
    *,
    viewer: Viewer = OPERATOR,
    own: int | None = None,
    beside: Iterable[Route] = (),
) -> Reasons:
    """What the paths of these routes need, in two queries.

    `own`: the person who is called *you*; `beside`: other routes, of which the rules alone are needed.
    """
    return ask(asking_reasons(routes, names, moment, viewer=viewer, own=own, beside=beside))


def asking_reasons(
    routes: Sequence[Route],
    names: Mapping[int, str],
    moment: Moment,
    *,
    viewer: Viewer = OPERATOR,
    own: int | None = None,
    beside: Iterable[Route] = (),
) -> Question[Reasons]:
    """The same as a question."""
    entries, edges = yield from _entries(routes, moment, viewer)
    causes = [entry.cause for entry in entries.values()]
    natives = {cause.rule for cause in causes if cause.rule and cause.event}
    natives.update(native for entry in entries.values() for native in (*(entry.rules or ()), *entry.former))
    natives.update(native for some in (routes, beside) for route in some for native in route.rules)
    bare = {route: route.hops[0].place for route in routes if _unattributed(route)}
    groups = {place.native_id for place in bare.values()}
    ruled = {grant for grant, entry in entries.items() if entry.rules or entry.former or entry.cause.event}
    accounts = {route.account for route in routes if route.rules or route in bare or route.grant in ruled}
    proof = yield from asking_proofs(moment, rules=natives, groups=groups, accounts=accounts, viewer=viewer)
    return Reasons(names, proof, entries, edges, own, viewer.hidden, moment, viewer.spoken)


def _lower(before: Hop, after: Hop) -> bool:
    """A level went down on its way within one tree or share."""
    if after.sort != "cascades" or before.rank is None or after.rank is None:
        return False
    return after.rank < before.rank


def _unattributed(route: Route) -> bool:
    """A membership of which the source does not say how it came about."""
    place = route.hops[0].place
    return route.evidence == "none" and place.kind == "group" and place.type != EVERYBODY


Entries = dict[int, Entry]
EdgeCauses = dict[tuple[int, int], Cause]


def _entries(routes: Sequence[Route], moment: Moment, viewer: Viewer) -> Question[tuple[Entries, EdgeCauses]]:
    """How the grants of these routes came to be as they were, and why the edges began."""
    pairs = {
        (before.entitlement, after.entitlement)
        for route in routes
        for before, after in zip(route.hops, route.hops[1:], strict=False)
    }
    if not routes:
        return {}, {}
    rows = yield (
        Lasting("""
        SELECT fact, NULL::bigint, NULL::bigint, cause, baseline, verb, at, before -> 'rules', id
        FROM orgmodel_change WHERE kind = 'grant' AND fact = ANY(%(grants)s) AND verb <> 'ended'
        UNION ALL
        SELECT NULL, e.source_id, e.target_id, c.cause, c.baseline, '', c.at, NULL, c.id
        FROM orgmodel_edge e
        JOIN orgmodel_change c ON c.kind = 'edge' AND c.fact = e.id AND c.verb = 'began'
        WHERE (e.source_id, e.target_id) IN (SELECT * FROM unnest(%(from)s::bigint[], %(to)s::bigint[]))
        ORDER BY 7, 9"""),
        {
            "grants": sorted({route.grant for route in routes}),
            "from": [pair[0] for pair in pairs],
            "to": [pair[1] for pair in pairs],
        },
    )
    entries: Entries = {}
    edges: EdgeCauses = {}
    for grant, source, target, raw, baseline, verb, at, rules, _ in rows:
        cause = Cause.read(viewer.secrets.cause(json_value(raw)))
        if grant is None:
            edges.update({} if baseline or at > moment.at else {(source, target): cause})
            continue
        if baseline and not cause.named:
            cause = replace(cause, kind="before")
        before = tuple(json_value(rules) or ()) if verb == "changed" else ()
        entry = entries.get(grant, Entry(found=at if baseline else None))
        entries[grant] = _next(entry, cause, before, verb, at > moment.at)
    return entries, edges


def _next(entry: Entry, cause: Cause, before: tuple[str, ...], verb: str, later: bool) -> Entry:
    """The entry with one more change of its grant; of what came later only what was before it counts."""
    if later:
        stated = before if verb == "changed" and entry.rules is None else entry.rules
        return replace(entry, rules=stated)
    # That the rule is still the one says less than what had turned it.
    news = cause.turned or cause.how or (cause.kind, cause.rule) != ("rule", entry.cause.rule)
    known = cause if verb == "began" or (cause.known and news) else entry.cause
    return replace(entry, cause=known, former=before or entry.former)
