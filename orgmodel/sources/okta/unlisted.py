"""People whom the list of users left out although groups and apps of the same read name them.

A list that shifts while it is paged, or an index that lags, may miss somebody: that is no leaver. Whoever
is missing is asked for directly, and what was known of those who cannot be found stays.
"""

from collections.abc import Iterator, Sequence

from orgmodel.reports import Problem, Report

from . import shapes
from .answers import Failing, Gone, NotVisible, Refused
from .paging import Pages

MOST_ASKED = 100
MOST_MISSING = 1_000
"""A list that misses more is narrowed by the admin role of the token, and not by chance."""
USERS = "/api/v1/users"


def ask_for_unlisted(pages: Pages, report: Report, missing: Sequence[str]) -> Iterator[shapes.User]:
    """The users with these ids, as far as Okta knows them; a problem for each, or one for very many."""
    if len(missing) > MOST_MISSING:
        reason = (
            f"the list of people leaves out {len(missing):,} whom groups or apps name: check the admin role"
        )
        report.problems.append(Problem(USERS, "", reason))
        return
    for place, native in enumerate(missing):
        found = _query(pages, native) if place < MOST_ASKED else []
        yield from found
        # A record that was found is as good as listed; of any other what is known must stay.
        kind = "" if found else "account"
        stays = "was asked for by itself" if found else "what was known stays"
        reason = f"the list of people was not whole: groups or apps name this one; {stays}"
        report.problems.append(Problem(USERS, native, reason, kind))


def _query(pages: Pages, native: str) -> list[shapes.User]:
    try:
        found = pages.one(f"{USERS}/{native}", shapes.User)
    except (NotVisible, Gone, Refused, Failing):
        return []
    return [row for row in found if row.id == native]
