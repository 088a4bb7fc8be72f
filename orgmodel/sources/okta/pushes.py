"""Which apps a read of everything asks for group pushes, and when those that announce none are searched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from orgmodel.marks import Covered
from orgmodel.reports import Part

from . import shapes
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


class Pushes:
    """`cursor`: of the last search among the apps that announce nothing."""

    def __init__(self, parts: Parts, cursor: str, now: datetime) -> None:
        self._parts, self._searched, self._now = parts, last_search(cursor), now
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
        self._apps[row.id] = _App("GROUP_PUSH" in (features or ()), features is None or may_push(features))

    @property
    def apps(self) -> tuple[str, ...]:
        """All that were noted."""
        return tuple(self._apps)

    def announces(self, app: str) -> bool:
        """The app says that it takes pushes."""
        return self._apps[app].announces

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

    def settle(self) -> Iterator[Covered]:
        """How far the lists of groups and apps were read, once all that is to be asked was."""
        if self._left_out:
            yield from self._parts.settle(partly={"push"})
            # Of an app that is gone nothing is left to ask.
            yield from (Covered("push", app) for app in sorted(self._known) if app not in self._apps)
            return
        yield from self._parts.settle()

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
        return self._searched is None or self._searched.is_due(self._counted, self._now)
