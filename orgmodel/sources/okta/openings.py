"""Which apps are opened by groups at all, where that takes fewer calls to learn than to ask every app.

Each group counts its apps. Where few groups open few apps, these groups are asked which apps they open, and
only those apps for the priority and the level of each assignment: the lists of groups tell of neither.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from orgmodel.sources.http import LANES

from . import shapes
from .answers import Failing, Gone, NotVisible, Refused
from .client import OktaClient
from .paging import Pages
from .workers import Workers

MOST_GROUPS = 50
"""So many groups are asked at most, before anything else is."""
GROUP_APPS = "/api/v1/groups/{}/apps"
PARAMS = {"limit": "200"}


class Openings:
    """Notes groups and apps as they are listed."""

    def __init__(self, client: OktaClient, pages: Pages) -> None:
        self._client, self._pages = client, pages
        self._counted: dict[str, int] | None = {}
        """Group → how many apps it opens, where it opens any; None where one does not say."""
        self._apps: dict[str, bool] = {}
        """App → whether it is in use."""

    def note_groups(self, page: Sequence[shapes.Group]) -> None:
        for row in page:
            stats = row.embedded.stats if row.embedded else None
            number = stats.appsCount if stats else None
            if number is None or self._counted is None:
                self._counted = None
            elif number:
                self._counted[row.id] = number

    def note_apps(self, page: Sequence[shapes.App]) -> None:
        self._apps.update({row.id: row.status == "ACTIVE" for row in page})

    def none_of(self) -> set[str]:
        """The apps that no group opens; empty where asking every app is no dearer. Raises SourceFailed."""
        counted = self._counted
        if counted is None or not self._is_cheaper(counted):
            return set()
        found: list[tuple[str, str]] = []
        jobs = (partial(self._apps_of, group) for group in sorted(counted))
        for pairs in Workers([jobs], LANES, self._client.close).results():
            found.extend(pairs)
        if Counter(group for group, _ in found) != counted:
            return set()
        # Whether apps that are not in use are counted, and listed here, is not known.
        return {app for app, used in self._apps.items() if used} - {app for _, app in found}

    def _is_cheaper(self, counted: Mapping[str, int]) -> bool:
        """At the worst each group opens apps of its own, all of which are asked as well.

        Where none opens any, nothing shows that they count at all.
        """
        dearest = len(counted) + sum(counted.values())
        return 0 < len(counted) <= MOST_GROUPS and dearest < sum(self._apps.values())

    def _apps_of(self, group: str) -> Iterator[list[tuple[str, str]]]:
        try:
            for page in self._pages.rows(GROUP_APPS.format(group), PARAMS, shapes.App, "edge"):
                yield [(group, row.id) for row in page]
        except (NotVisible, Gone, Refused, Failing):
            return  # It then lists fewer than it counts.
