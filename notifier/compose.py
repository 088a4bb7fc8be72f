"""Turns what changed into stories, one function per row of the notice table. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from orgmodel.queries.access.holdings import Access
from orgmodel.queries.access.levels import LevelChange
from orgmodel.queries.history.diff import Diff
from orgmodel.queries.history.leaving import Leaving
from orgmodel.why.levels import Direction
from orgmodel.why.voice import NOBODY, YOU, Voice

from .messages.stories import (
    Item,
    Items,
    JoinerManagerStory,
    JoinerStory,
    LeaverManagerStory,
    LostStory,
    ManagerChangeStory,
    MoverStory,
    NewManagerStory,
    OldManagerStory,
)
from .naming import Naming
from .reasons import Because, Teller


@dataclass(frozen=True)
class Case:
    """One settled move as everybody's stories need it."""

    diff: Diff
    when: date
    was: str
    """The unit left, by name; empty when there was none."""
    now: str
    """The unit joined."""
    link: str
    former_groups: frozenset[str] = frozenset()
    """Native ids of the groups that stand for the unit left."""
    source: str = ""
    """Where what opened the case was seen, in words: HR, Okta profile, edited in Okta by Tomas Lind."""
    seen: date | None = None
    """When it was seen, where that was a good while after the day on which it happened."""
    names: Naming = field(default_factory=Naming)
    year: int = 0
    """The year in which it is told."""
    own: frozenset[str] | None = None
    """By name: the units that the reader leads or is in, lately too; None where that was not asked."""

    def is_own(self, unit: str) -> bool:
        """The reader may be told of it as theirs: a manager need not be of the unit of a report."""
        return not unit or self.own is None or unit in self.own

    @property
    def name(self) -> str:
        return self.diff.person.name

    @property
    def unit_kind(self) -> str:
        return self.names.kind_of(self.now or self.was)

    @property
    def merged_into(self) -> str:
        """The unit joined, where the one left had been merged into it."""
        return self.names.heir(self.was, self.now, self.seen or self.when)

    def teller(self, voice: Voice) -> Teller:
        return Teller(voice, self.names, self.year)


def mover(case: Case) -> MoverStory:
    """To the person: everything, each app once."""
    diff, tell = case.diff, case.teller(YOU)
    kept = {each.app.pk for each in diff.kept_unexplained}
    return MoverStory(
        link=case.link,
        person_name=case.name,
        headline_from=case.was,
        headline_to=case.now,
        when=case.when,
        year=case.year,
        source=case.source,
        unit_kind=case.unit_kind,
        merged_into=case.merged_into,
        gained=items_of(diff.gained, tell.came),
        raised=_levels(tell, diff.level_changed, "raised"),
        lowered=_levels(tell, diff.level_changed, "lowered"),
        relevelled=_levels(tell, diff.level_changed, "other"),
        lost=items_of(gone(diff), lambda each: tell.went(each, each.cause)),
        still=items_of((each for each in diff.still_through if each.app.pk not in kept), tell.held),
        kept=items_of(diff.kept_unexplained, tell.kept),
        pending=items_of(diff.pending, tell.waits),
    )


def old_manager(case: Case) -> OldManagerStory:
    """To the old manager: only what ended with their team, and what the person still keeps of it."""
    tell, diff = case.teller(NOBODY), case.diff
    return OldManagerStory(
        link=case.link,
        person_name=case.name,
        headline_from=case.was,
        when=case.when,
        year=case.year,
        source=case.source,
        unit_kind=case.names.kind_of(case.was),
        merged_into=case.merged_into,
        yours=case.is_own(case.was),
        ended=items_of(each for each in gone(diff) if of_former_team(case, each)),
        lowered=_levels(
            tell, (each for each in diff.level_changed if of_former_team(case, each.was)), "lowered"
        ),
        keeps=items_of(diff.kept_unexplained, tell.kept),
    )


def new_manager(case: Case, has: Iterable[Access]) -> NewManagerStory:
    """To the new manager: what the person has now, and what they still carry."""
    tell, diff = case.teller(NOBODY), case.diff
    covered = {each.app.pk for each in (*diff.kept_unexplained, *diff.pending)}
    return NewManagerStory(
        link=case.link,
        person_name=case.name,
        headline_from=case.was,
        headline_to=case.now,
        when=case.when,
        year=case.year,
        source=case.source,
        unit_kind=case.unit_kind,
        merged_into=case.merged_into,
        yours=case.is_own(case.now),
        has=items_of((each for each in has if each.app.pk not in covered), tell.held),
        carries=items_of(diff.kept_unexplained, tell.kept),
        pending=items_of(diff.pending, tell.waits),
    )


def manager_change(case: Case, has: Iterable[Access]) -> ManagerChangeStory:
    """To a new manager when nothing else changed."""
    return ManagerChangeStory(
        link=case.link,
        person_name=case.name,
        when=case.when,
        year=case.year,
        source=case.source,
        has=_there(case, has, NOBODY),
    )


def joiner(case: Case, has: Iterable[Access]) -> JoinerStory:
    """To somebody on the first day."""
    return JoinerStory(
        link=case.link,
        person_name=case.name,
        team=case.now,
        when=case.when,
        year=case.year,
        has=_there(case, has, YOU),
        pending=items_of(case.diff.pending, case.teller(YOU).waits),
    )


def joiner_manager(case: Case, has: Iterable[Access], first_day: date | None = None) -> JoinerManagerStory:
    """To the joiner's manager: what is there and what is still pending. `first_day`: as the record has it."""
    return JoinerManagerStory(
        link=case.link,
        person_name=case.name,
        team=case.now,
        when=case.when,
        year=case.year,
        unit_kind=case.unit_kind,
        yours=case.is_own(case.now),
        has=_there(case, has, NOBODY),
        missing=items_of(case.diff.pending, case.teller(NOBODY).waits),
        first_day=first_day if first_day and first_day < case.when else None,
    )


def leaver_manager(case: Case, left: Leaving, last_day: date | None = None) -> LeaverManagerStory:
    """To the leaver's manager: what was removed, and what people must still do."""
    return LeaverManagerStory(
        link=case.link,
        person_name=case.name,
        when=case.when,
        year=case.year,
        source=case.source,
        removed=items_of(left.removed),
        accounts=left.accounts,
        elsewhere=left.elsewhere,
        remains=items_of(left.by_hand),
        last_day=last_day,
    )


def lost(case: Case) -> LostStory:
    """To somebody who lost access, or a level of it, without a move; with what came in its place."""
    diff, tell = case.diff, case.teller(YOU)
    days = sorted(_days_of_loss(diff)) or [case.when]
    return LostStory(
        link=case.link,
        person_name=case.name,
        when=days[0],
        until=days[-1] if days[-1] != days[0] else None,
        year=case.year,
        lost=items_of(gone(diff), lambda each: tell.went(each, each.cause)),
        lowered=_levels(tell, diff.level_changed, "lowered"),
        relevelled=_levels(tell, diff.level_changed, "other"),
        gained=items_of(diff.gained, tell.came),
        raised=_levels(tell, diff.level_changed, "raised"),
        still=items_of(diff.still_through, tell.held),
        pending=items_of(diff.pending, tell.waits),
    )


def _days_of_loss(diff: Diff) -> Iterator[date]:
    """The days on which Sightline saw what is told of as lost, lowered or at another level."""
    for cause in (each.cause for each in gone(diff)):
        if cause.seen:
            yield cause.seen.date()
    for change in diff.level_changed:
        if change.direction != "raised":
            yield (change.now.cause.seen or max(change.now.since, diff.since.at)).date()


def gone(diff: Diff) -> list[Access]:
    """What is really gone: an app that is to come again, at whatever level, is pending."""
    awaited = {each.app.pk for each in diff.pending}
    return [each for each in diff.lost if each.app.pk not in awaited]


def of_former_team(case: Case, each: Access) -> bool:
    """The app came through a group of the unit left; where no group stands for it, every loss counts."""
    if not case.former_groups:
        return True
    groups = {step.native_id for path in each.paths for step in path.steps if step.kind == "group"}
    return bool(groups & case.former_groups)


def _there(case: Case, has: Iterable[Access], voice: Voice) -> Items:
    """What somebody has, without what is still to be delivered."""
    pending = {each.app.pk for each in case.diff.pending}
    return items_of((each for each in has if each.app.pk not in pending), case.teller(voice).held)


def _levels(tell: Teller, changes: Iterable[LevelChange], way: Direction) -> Items:
    """Apps at another level, of those that went this way."""
    found = [(tell.changed(each), each) for each in changes if each.direction == way]
    return tuple(
        Item(each.app.name, each.now.level, why.words, each.app.native_id, each.before, why.proof)
        for why, each in sorted(found, key=lambda pair: (pair[0].rank, pair[0].words))
    )


def items_of(held: Iterable[Access], reason: Callable[[Access], Because] | None = None) -> Items:
    """Apps by name, those with the most particular reason first, each with its reason where one is asked."""
    found = [(reason(each) if reason else Because(0, ""), each) for each in held]
    return tuple(
        Item(each.app.name, each.level, why.words, each.app.native_id, proof=why.proof)
        for why, each in sorted(found, key=lambda pair: (pair[0].rank, pair[0].words))
    )
