"""Whether what is known is what is so, and whether the feed told each change once and with its cause."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .facts import SELDOM, Fact, Facts
from .journal import Journal, Line, Turn
from .known import FED, FeedRow

MISSING = object()
LINES: Mapping[str, tuple[str, ...]] = {
    "member": ("group.user_membership.add", "group.user_membership.remove"),
    "direct": ("application.user_membership.",),
    "edge": ("group.application_assignment.",),
    "attribute": ("user.account.update_profile",),
    "group": ("group.lifecycle.delete",),
    "app": ("application.lifecycle.delete",),
    "account": ("user.lifecycle.delete.completed",),
}
"""Kind of a fact → how the types of lines begin that tell of its beginning, or of its end."""


LEVELLED = frozenset({"direct", "edge"})
"""Kinds of facts of which one level takes the place of another."""
GREATER: Mapping[str, str] = {
    "account_deleted": "user.lifecycle.delete.",
    "deactivated": "user.lifecycle.deactivate",
    "group_deleted": "group.lifecycle.delete",
    "app_deleted": "application.lifecycle.delete",
    "app_inactive": "application.lifecycle.deactivate",
}
"""Kind of a cause → how the type of its line begins: something greater ended, or was shut."""


@dataclass(frozen=True)
class Run:
    """A run that was applied. `begun`, `ended`: the act after which it began, and after which it ended.

    `to_the_end`: it left nothing to further slices of a read of everything.
    """

    number: int
    begun: int
    ended: int
    full: bool
    to_the_end: bool = True


def differing(so: Facts, known: Facts, kinds: Iterable[str] | None = None) -> Iterator[str]:
    """Every fact of which something else is known."""
    for fact in sorted(so.keys() | known.keys()):
        if kinds is not None and fact[0] not in kinds:
            continue
        truth, found = so.get(fact, MISSING), known.get(fact, MISSING)
        if truth != found:
            yield f"{fact}: is {_in_words(truth)}, known is {_in_words(found)}"


def _in_words(value: object) -> str:
    return "not there" if value is MISSING else repr(value)


class Feed:
    """The feed beside the journal. `runs`: those that were applied, in their order."""

    def __init__(self, journal: Journal, runs: Sequence[Run], entries: Iterable[FeedRow]) -> None:
        self._journal = journal
        self._runs = {run.number: run for run in runs}
        self._before = dict(_windows(runs))
        self._told: Mapping[Fact, list[FeedRow]] = defaultdict(list)
        for each in entries:
            if each.fact[0] in FED:
                self._told[each.fact].append(each)
        self.changes = sum(map(len, self._told.values()))

    def wrong(self) -> Iterator[str]:
        """Each sentence is one mismatch."""
        turns = {fact: found for fact, found in self._journal.turns.items() if fact[0] in FED - {"rule"}}
        for fact in sorted(turns.keys() | self._told.keys()):
            yield from self._of(fact, turns.get(fact, []), self._told.get(fact, []))

    def _of(self, fact: Fact, turns: list[Turn], entries: list[FeedRow]) -> Iterator[str]:
        held = False
        for each in entries:
            if each.held == held:
                yield f"{fact}: row {each.number} of run {each.run} tells again that it {_verb(held)}"
            held = each.held
            # Of a value that another took the place of, the cause is that of the other.
            if each.held or fact[0] != "attribute":
                yield from self._cause(fact, turns, each)
        if fact[0] not in SELDOM:
            yield from self._seen_in_time(fact, turns, entries)

    def _seen_in_time(self, fact: Fact, turns: list[Turn], entries: list[FeedRow]) -> Iterator[str]:
        """After a run that lies wholly between two turns the feed says what was so between them."""
        numbers = [each.run for each in entries]
        for place, turn in enumerate(turns):
            until = turns[place + 1].act if place + 1 < len(turns) else self._journal.acts + 1
            between = (run for run in self._runs.values() if run.begun >= turn.act and run.ended < until)
            for run in [run for run in between if run.to_the_end][:1]:
                last = bisect_right(numbers, run.number)
                held = last > 0 and entries[last - 1].held
                if held != turn.held:
                    words = self._journal.words[turn.act]
                    yield f"{fact}: act {turn.act} ({words}) is not told by run {run.number}"

    def _cause(self, fact: Fact, turns: list[Turn], entry: FeedRow) -> Iterator[str]:
        run = self._runs.get(entry.run)
        if run is None:
            yield f"{fact}: row {entry.number} tells of run {entry.run}, which was not applied"
            return
        acts = [turn.act for turn in turns if turn.held == entry.held and turn.act <= run.ended]
        if not acts:
            yield f"{fact}: row {entry.number} of run {entry.run}: it never {_verb(entry.held)}"
            return
        if acts[-1] == 0:
            return  # Before the first read nobody knows why.
        event = entry.cause.get("event")
        did = f"{fact}: {_verb(entry.held)} by act {acts[-1]} ({self._journal.words[acts[-1]]})"
        if event is None:
            # What was seen before its line is judged by the rules themselves: the same rule must come out.
            if self._wrote(fact, acts[-1]) and not self._names_rule(fact, entry, acts[-1]):
                yield (
                    f"{did}, told cause is {entry.cause}; {self._saw(run)};"
                    f" {self._fills(fact, entry, acts[-1])}; {self._turned(fact)}"
                )
        elif not self._is_honest(fact, entry, run, acts):
            by = self._journal.lines.get(event)
            yield (
                f"{did}, told cause is {entry.cause}, the line of act {by} ({self._journal.words[by or 0]});"
                f" {self._saw(run)}; {self._turned(fact)}"
            )

    def _saw(self, run: Run) -> str:
        return f"run {run.number} saw acts {self._before[run.number]} {run.begun} {run.ended}"

    def _fills(self, fact: Fact, entry: FeedRow, act: int) -> str:
        """The rules that filled the group then, and when the one of the cause did last."""
        then = [rule for rule, groups in self._journal.rules[act].items() if fact[2] in groups]
        rule = entry.cause.get("rule")
        ever = [
            number for number, rules in enumerate(self._journal.rules) if fact[2] in rules.get(rule or "", ())
        ]
        return f"filled by {then}, by {rule} up to act {ever[-1] if ever else 'none'}"

    def _turned(self, fact: Fact) -> str:
        turns = self._journal.turns.get(fact, ())
        return ", ".join(
            f"{'+' if each.held else '-'}{each.act} ({self._journal.words[each.act]})" for each in turns
        )

    def _is_honest(self, fact: Fact, entry: FeedRow, run: Run, acts: list[int]) -> bool:
        """The line is that of the act itself, or one that the read cannot tell from it."""
        by = self._journal.lines.get(entry.cause["event"], 0)
        if by in _since(acts, run):
            return True
        in_window = self._before[run.number] < by <= run.ended
        return in_window and (
            self._of_another_level(fact, acts[-1], by) or self._with_more(fact, entry, acts[-1], by)
        )

    def _of_another_level(self, fact: Fact, act: int, by: int) -> bool:
        """A later line about the same two: no line says of which level it is, and the newest is told."""
        return fact[0] in LEVELLED and act < by and any(True for _ in self._own_lines(fact, by))

    def _with_more(self, fact: Fact, entry: FeedRow, act: int, by: int) -> bool:
        """The fact ended by itself, and what it hung on ended, or was shut, in the same window.

        A read finds both gone. That the account, the group or the app ended then says why the fact did,
        unless somebody's own line, or a rule's, says better.
        """
        type_ = GREATER.get(str(entry.cause.get("kind")))
        return (
            type_ is not None
            and not entry.held
            and any(line.type.startswith(type_) and line.about & {*fact[1:3]} for line in self._written(by))
            and not any(
                # That something was changed may mean any level of it, or none.
                line.names_somebody and not line.type.endswith(".update")
                for line in self._own_lines(fact, act)
            )
        )

    def _names_rule(self, fact: Fact, entry: FeedRow, act: int) -> bool:
        rule = entry.cause.get("rule")
        return rule is not None and fact[2] in self._journal.rules[act].get(rule, ())

    def _wrote(self, fact: Fact, act: int) -> bool:
        """The act wrote the line that such a fact begins or ends with."""
        return any(True for _ in self._own_lines(fact, act))

    def _own_lines(self, fact: Fact, act: int) -> Iterator[Line]:
        kinds = LINES.get(fact[0], ())
        # The level of an assignment, and the value of an attribute, stand in no line.
        about = {*fact[1:3]}
        return (line for line in self._written(act) if line.type.startswith(kinds) and about <= line.about)

    def _written(self, act: int) -> Sequence[Line]:
        return self._journal.written.get(act, ())


def _windows(runs: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """Run → the act since which it may tell what has happened: after that a read began that left nothing.

    A read of everything in slices leaves the single lists for later, and what had changed in them, too.
    """
    since = 0
    for run in runs:
        yield run.number, since
        since = run.begun if run.to_the_end else since


def _since(acts: list[int], run: Run) -> set[int]:
    """The last of the acts, and of those during the run each."""
    return {
        acts[-1],
        *(act for act in acts if act > run.begun),
        *(act for act in acts[-2:] if acts[-1] > run.begun),
    }


def _verb(held: bool) -> str:
    return "began" if held else "ended"
