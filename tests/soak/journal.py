"""What truly began and ended, act by act, and which lines of the log each act wrote."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.okta.tenant import Tenant

from .facts import Fact, Facts, of_tenant


@dataclass(frozen=True)
class Turn:
    """The fact began, or ended, with the act of this number."""

    act: int
    held: bool


@dataclass(frozen=True)
class Line:
    """A line of the log. `about`: native ids, and attributes that changed."""

    type: str
    about: frozenset[str]
    names_somebody: bool
    """Or a rule: who did it is not just the system."""


@dataclass
class Journal:
    """Watches a tenant. Acts are numbered from 1; what was there before them began with act 0."""

    tenant: Tenant
    acts: int = 0
    turns: dict[Fact, list[Turn]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Line of the log, by its uuid → the act that wrote it."""
    written: dict[int, list[Line]] = field(default_factory=dict)
    """Act → its lines."""
    rules: list[dict[str, tuple[str, ...]]] = field(default_factory=list)
    """By act: the rules that were there before it or after it → the groups that they fill."""
    words: list[str] = field(default_factory=lambda: ["the company was founded"])

    def __post_init__(self) -> None:
        self._facts: Facts = {}
        self._lines = 0
        self._note()

    @property
    def facts(self) -> Facts:
        """As it is now."""
        return self._facts

    def act(self, do: Callable[[], str]) -> None:
        """Let something happen, which says in words what it was."""
        with self.tenant.lock:
            self.acts += 1
            self.words.append(do())
            self._note()

    def _note(self) -> None:
        now, before = of_tenant(self.tenant), self._facts
        # Of an attribute the value belongs to what began, or ended.
        for fact in {*_valued(now)} ^ {*_valued(before)}:
            self.turns.setdefault(fact, []).append(Turn(self.acts, fact in _valued(now)))
        filled = {
            fact[1]: value[3] for facts in (before, now) for fact, value in facts.items() if fact[0] == "rule"
        }
        self.rules.append(filled)
        self._facts = now
        for event in self.tenant.log.events[self._lines :]:
            self.lines[event["uuid"]] = self.acts
            about = {target["id"] for target in event["target"]}
            debug = event["debugContext"]["debugData"]
            about |= {*debug.get("changedAttributes", "").split(",")}
            somebody = event["actor"]["type"] != "SystemPrincipal" or "triggeredByGroupRuleId" in debug
            line = Line(event["eventType"], frozenset(about), somebody)
            self.written.setdefault(self.acts, []).append(line)
        self._lines = len(self.tenant.log.events)


def _valued(facts: Facts) -> set[Fact]:
    return {(*fact, str(value)) if fact[0] == "attribute" else fact for fact, value in facts.items()}
