"""Who should hear what about a case: one notice per reader, composed from the current facts.

The planner and the last look before sending compose with the same functions, so that they can be compared.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db import connection

from orgmodel.configuration import Configuration
from orgmodel.conventions import Visibility
from orgmodel.models import Person
from orgmodel.queries.access.holdings import Access, access
from orgmodel.queries.history.diff import Diff, diff
from orgmodel.queries.history.leaving import last_day, leaving
from orgmodel.queries.history.outstanding import Books
from orgmodel.queries.moments import Moment
from orgmodel.queries.together import together
from orgmodel.queries.visibility import OPERATOR, Viewer, viewer_for

from . import compose
from .hours import quiet_until, zone_of
from .messages.layout import day
from .messages.stories import ManagerChangeStory, Story
from .move_context import (
    Episode,
    Manager,
    Managers,
    case_of,
    managers_of,
    moved_along,
    returned,
    units_around,
    units_of,
)
from .naming import asking_naming, asking_where_seen
from .outbox import KEPT_FOR, Draft


@dataclass(frozen=True)
class Composer:
    """The settings and the moment that stories are composed with."""

    configuration: Configuration
    now: datetime
    books: Books = field(default_factory=dict)

    @cached_property
    def stamp(self) -> str:
        """What the visibility settings are, so that a change of them is seen."""
        return visibility_stamp(self.configuration.conventions.visibility)

    @property
    def until(self) -> Moment:
        return Moment(self.now, live=True)

    def seen_by(self, reader: Person | None, episode: Episode) -> Diff:
        """What changed in a case as this reader may see it in the portal; None: everything."""
        viewer = self.viewer(reader) if reader else OPERATOR
        return diff(episode.move.person_id, episode.since, self.until, viewer, self.books)

    def has(self, episode: Episode, reader: Person) -> tuple[Access, ...]:
        """What the person of the case has now, as this reader may see it."""
        return access(episode.move.person_id, self.until, self.viewer(reader)).apps

    def viewer(self, reader: Person) -> Viewer:
        return viewer_for(reader.pk, self.configuration.conventions.visibility)

    def case(self, episode: Episode, reader: Person) -> compose.Case:
        names, source = together(
            asking_naming(episode.move.person_id, episode.since, self.configuration),
            asking_where_seen(episode.moves, self.configuration),
        )
        found = case_of(episode, self.seen_by(reader, episode), self.configuration.base_url, names)
        own = units_around(reader, episode) if reader.pk != episode.move.person_id else None
        if found.seen:
            source = f"{source}{', ' if source else ''}seen on {day(found.seen, self.now.year)}"
        return replace(found, source=source, year=self.now.year, own=own)

    def due(self, to: Person) -> datetime:
        """When a message to this person may go at the earliest: after their quiet hours."""
        notify = self.configuration.conventions.notify
        return quiet_until(self.now, notify.quiet_hours, self.zone(to)) or self.now

    def zone(self, to: Person) -> ZoneInfo:
        return zone_of((to.time_zone,), self.configuration.conventions.notify.time_zone)


Composing = Callable[[Composer, Episode, Person], Story | None]


@dataclass(frozen=True)
class Notice:
    """One reader of a case, and what makes the story: None when there is nothing to tell them now."""

    kind: str
    reader: Person
    story: Composing
    instead: str = ""
    """The name of the manager or lead who has left, where the reader hears in their place."""

    def compose(self, composer: Composer, episode: Episode) -> Story | None:
        story = self.story(composer, episode, self.reader)
        if not self.instead or story is None:
            return story
        # Nobody reports to somebody because another has left.
        return None if isinstance(story, ManagerChangeStory) else replace(story, instead=self.instead)


def visibility_stamp(visibility: Visibility) -> str:
    """Equal for equal settings; tells nothing of the names in them."""
    return hashlib.sha256(repr(visibility).encode()).hexdigest()[:16]


def newest_change() -> int:
    """Ask before composing: whatever is seen later has a higher number and is looked at again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM orgmodel_change")
        return int(cursor.fetchone()[0])


def drafts_of(
    composer: Composer, episode: Episode, changed: Diff, facts_to: int, kind: str = ""
) -> list[Draft]:
    """The messages that a case comes to; all, or those of one kind."""
    found = (each for each in notices_of(composer, episode, changed) if kind in {"", each.kind})
    made = ((notice, notice.compose(composer, episode)) for notice in found)
    return [_draft(composer, episode, notice, story, facts_to) for notice, story in made if story]


def _draft(composer: Composer, episode: Episode, notice: Notice, story: Story, facts_to: int) -> Draft:
    move = episode.move
    return Draft(
        kind=notice.kind,
        to=notice.reader.email,
        recipient_id=notice.reader.pk,
        story=story,
        dedupe_key=f"{notice.kind}:{notice.reader.pk}:{move.pk}:{move.revision}",
        not_before=composer.due(notice.reader),
        deadline=composer.now + KEPT_FOR,
        move_id=move.pk,
        revision=move.revision,
        facts_to=facts_to,
        visibility=composer.stamp,
        tells_from=episode.tells_from,
    )


def undone(episode: Episode, changed: Diff) -> bool:
    """What opened the case is no longer so: there is nothing to tell anybody."""
    kind = _kind(episode, changed)
    if kind in {"leaver", "joiner"}:
        return False
    if kind == "back":  # Whose account was never closed is not back.
        return not (changed.gained or changed.pending or returned(episode))
    if kind == "lost":
        return not _taken(changed)
    return not kind or (not changed.attributes and not changed.differs)


def notices_of(composer: Composer, episode: Episode, changed: Diff) -> Iterator[Notice]:
    """Who hears of a case. `changed`: all of it, whoever may see it."""
    if undone(episode, changed):
        return iter(())
    kinds = {
        "mover": _of_mover,
        "manager": _of_manager_change,
        "joiner": _of_joiner,
        "back": _of_joiner,
        "leaver": _of_leaver,
        "lost": _of_loss,
    }
    managers = managers_of(episode, composer.configuration.conventions.ask.contact)
    return kinds[_kind(episode, changed)](episode, changed, managers)


def _kind(episode: Episode, changed: Diff) -> str:
    """Moves that together lead nowhere are none; what they took away is lost."""
    nowhere = len(episode.moves) > 1 and episode.kind in {"mover", "manager"}
    return "lost" if nowhere and not changed.attributes and not any(units_of(episode)) else episode.kind


def _taken(changed: Diff) -> bool:
    """Access ended, or is held at a lower level."""
    return bool(changed.lost) or any(each.direction == "lowered" for each in changed.level_changed)


def _of_mover(episode: Episode, changed: Diff, managers: Managers) -> Iterator[Notice]:
    if not changed.differs:
        yield from _of_manager_change(episode, changed, managers)
        return
    yield Notice("mover", episode.move.person, _mover)
    if managers.left and not moved_along(episode, managers.left.person):
        yield _to("old_manager", managers.left, _old_manager)
    if managers.joined:
        yield _to("new_manager", managers.joined, _new_manager)


def _to(kind: str, reader: Manager, story: Composing) -> Notice:
    return Notice(kind, reader.person, story, reader.instead)


def _of_manager_change(episode: Episode, changed: Diff, managers: Managers) -> Iterator[Notice]:
    if managers.joined:
        yield _to("new_manager", managers.joined, _manager_change)
    if _taken(changed):
        yield Notice("lost", episode.move.person, _lost)


def _of_joiner(episode: Episode, _changed: Diff, managers: Managers) -> Iterator[Notice]:
    yield Notice("joiner", episode.move.person, _joiner)
    if managers.now:
        yield _to("joiner_manager", managers.now, _joiner_manager)


def _of_leaver(_episode: Episode, _changed: Diff, managers: Managers) -> Iterator[Notice]:
    if manager := managers.now or managers.before:
        yield _to("leaver_manager", manager, _leaver_manager)


def _of_loss(episode: Episode, _changed: Diff, _managers: Managers) -> Iterator[Notice]:
    yield Notice("lost", episode.move.person, _lost)


def _mover(composer: Composer, episode: Episode, reader: Person) -> Story | None:
    case = composer.case(episode, reader)
    return compose.mover(case) if case.diff.differs else None


def _lost(composer: Composer, episode: Episode, reader: Person) -> Story | None:
    case = composer.case(episode, reader)
    story = compose.lost(case)
    return story if story.lost or story.lowered else None


# Whether a manager hears of a move hangs on what they may see of it: a message that only a secret explains
# would tell that there is one.
def _old_manager(composer: Composer, episode: Episode, reader: Person) -> Story | None:
    case = composer.case(episode, reader)
    return compose.old_manager(case) if case.diff.differs else None


def _new_manager(composer: Composer, episode: Episode, reader: Person) -> Story | None:
    case = composer.case(episode, reader)
    if case.diff.differs and case.now:
        return compose.new_manager(case, composer.has(episode, reader))
    return _manager_change(composer, episode, reader)


def _manager_change(composer: Composer, episode: Episode, reader: Person) -> Story:
    return compose.manager_change(composer.case(episode, reader), composer.has(episode, reader))


def _joiner(composer: Composer, episode: Episode, reader: Person) -> Story:
    story = compose.joiner(composer.case(episode, reader), composer.has(episode, reader))
    return replace(story, back=episode.kind == "back")


def _joiner_manager(composer: Composer, episode: Episode, reader: Person) -> Story:
    started = None if episode.kind == "back" else episode.move.person.start_date
    story = compose.joiner_manager(composer.case(episode, reader), composer.has(episode, reader), started)
    return replace(story, back=episode.kind == "back")


def _leaver_manager(composer: Composer, episode: Episode, reader: Person) -> Story:
    case = composer.case(episode, reader)
    left = leaving(case.diff, composer.viewer(reader))
    today = composer.now.astimezone(composer.configuration.conventions.notify.time_zone).date()
    return compose.leaver_manager(case, left, last_day(episode.move.person_id, today))
