"""Which apps a read of everything asks for group pushes, and when those that announce none are searched."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from orgmodel.marks import Covered
from orgmodel.reports import Part

from . import shapes
from .owner_age import MARGIN
from .parts import Batch, Parts, may_push
from .push_search import PushSearch, last_search
from .workers import Job

ANNOUNCED = "announced"
"""The note of an app's pushes: the app says that it takes some."""


@dataclass(frozen=True)
class _App:
    announces: bool
    """It announces that groups may be pushed to it."""
    may: bool
    """It does not, and yet may have some."""
    updated: datetime | None
    """When it was last changed itself."""


class Pushes:
    """`cursor`: of the last search among the apps that announce nothing. `whole`: when the last read of
    everything that came to its end began; `in_slices`: whoever wants all at once asks all that announce some.
    """

    def __init__(
        self,
        parts: Parts,
        cursor: str,
        now: datetime,
        *,
        whole: datetime | None = None,
        in_slices: bool = False,
    ) -> None:
        self._parts, self._searched, self._now = parts, last_search(cursor), now
        self._whole, self._in_slices = whole, in_slices
        self._apps: dict[str, _App] = {}
        self._counted: int | None = 0
        """Push mappings as groups count them; None where one does not say."""
        self._left_out = False
        """Some apps were not asked this time."""

    def count(self, page: Iterable[shapes.Group]) -> None:
        """Add what these groups say of their pushes."""
        for row in page:
            stats = row.embedded.stats if row.embedded else None
            number = stats.groupPushMappingsCount if stats else None
            self._counted = None if number is None or self._counted is None else self._counted + number

    def note(self, row: shapes.App) -> None:
        """What an app says of itself."""
        features = row.features
        announces = "GROUP_PUSH" in (features or ())
        self._apps[row.id] = _App(announces, features is None or may_push(features), row.lastUpdated)

    @property
    def apps(self) -> tuple[str, ...]:
        """All that were noted."""
        return tuple(self._apps)

    def asks(self, app: str, named: Collection[str]) -> bool:
        """Whether to ask an app that says that it takes pushes. `named`: those that the log tells of."""
        known, last = self._apps[app], self._searched
        if not known.announces:
            return False
        changed = last is None or known.updated is None or known.updated >= last.at - MARGIN
        again = changed or (last is not None and last.hidden) or self._is_due()
        if not self._in_slices or again or app in named:
            return True
        self._left_out = True
        return False

    def silent_apps(self) -> Iterator[Job[Batch]]:
        """Apps that announce no pushes, the likeliest first, until all are found that the groups count."""
        silent = self._silent()
        if self._counted is None or not self._parts.all_pushes_read():
            silent = [native for native in silent if self._apps[native].may]
        if silent and not self._found_all() and not self._is_due():
            self._left_out = True
            return
        for native in sorted(silent, key=lambda app: (app not in self._known, not self._apps[app].may)):
            if self._found_all():
                return
            yield partial(self._parts.pushes, native, announced=False)

    def settle(self, partly: Collection[str] = ()) -> Iterator[Covered]:
        """How far the lists of groups and apps were read, once all that is to be asked was.

        `partly`: kinds of which not all were asked for.
        """
        if self._left_out:
            yield from self._parts.settle(partly={"push", *partly})
            # Of an app that is gone nothing is left to ask.
            yield from (Covered("push", app) for app in sorted(self._known) if app not in self._apps)
            return
        yield from self._parts.settle(partly)

    def left(self) -> list[Part]:
        """The silent apps, for the slices that come."""
        due = self._is_due()
        likely = [
            native for native in self._silent() if native in self._known or (due and self._apps[native].may)
        ]
        return [Part("push", app) for app in likely] if self._counted != 0 else []

    def cursor(self, *, in_slices: bool) -> str | None:
        """When the search is due again; None: as before."""
        if self._left_out or (in_slices and not self._is_due()):
            return None
        found = self._parts.pushing | (self._known if in_slices else set())
        return PushSearch(self._now, self._counted, tuple(sorted(found))).cursor

    @property
    def _known(self) -> set[str]:
        return {*self._searched.apps} if self._searched else set()

    def _silent(self) -> list[str]:
        return [native for native, app in self._apps.items() if not app.announces]

    def _found_all(self) -> bool:
        """The apps that were asked gave every push mapping that the groups count."""
        return self._counted is not None and self._parts.pushed >= self._counted

    def _is_due(self) -> bool:
        last = self._searched
        if last is None or last.is_due(self._counted, self._now):
            return True
        # A read that was begun anew before it had come to its end may have left out some.
        return self._in_slices and (self._whole is None or last.at > self._whole)
