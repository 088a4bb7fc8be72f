"""What a leaver has lost and what people must still do: one answer for message and page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from orgmodel.models import Person
from orgmodel.queries.access.holdings import Access, access
from orgmodel.queries.access.target import Target
from orgmodel.queries.visibility import Viewer
from orgmodel.sources.registry import label
from orgmodel.sources.roles import DIRECTORIES, IS_HR

from .diff import Diff


@dataclass(frozen=True)
class Leaving:
    """`accounts`: states of the accounts that are not closed; to deactivate one ends all it opens.

    `removed`: apps that are gone, account and all. `by_hand`: apps that keep the account when Okta's ends.
    """

    accounts: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()
    """Accounts in systems behind Okta that are not closed: what people call the system, and the state."""
    removed: tuple[Access, ...] = ()
    by_hand: tuple[Access, ...] = ()

    @property
    def done(self) -> bool:
        """Nothing is left to do."""
        return not (self.accounts or self.elsewhere or self.by_hand)


def leaving(changed: Diff, viewer: Viewer) -> Leaving:
    """What is left of somebody's access after what changed; one query, six while an account is open."""
    who = changed.person.pk
    open_ = _open_accounts(who)
    accounts = tuple(state for source, state in open_ if source in DIRECTORIES)
    held = access(who, changed.until, viewer).apps if accounts else ()
    had = {each.app.pk: each for each in (*changed.lost, *held)}
    return Leaving(
        accounts,
        tuple((label(source), state) for source, state in open_ if source not in DIRECTORIES),
        tuple(each for each in changed.lost if not keeps_account(each.app)),
        tuple(
            sorted(
                (each for each in had.values() if keeps_account(each.app)),
                key=lambda each: (each.app.name.casefold(), each.app.native_id),
            )
        ),
    )


def last_day(person: int, today: date) -> date | None:
    """The last day at work; None where the record names none, or one that is not over. One query."""
    ended = Person.objects.filter(pk=person, end_date__lte=today).values_list("end_date", flat=True).first()
    return ended - timedelta(days=1) if ended else None


def first_day(person: int) -> date | None:
    """The first day at work; None where the record names none. One query."""
    return Person.objects.filter(pk=person).values_list("start_date", flat=True).first()


def keeps_account(app: Target) -> bool:
    """Whether the account inside an app outlives the one in Okta; behind a bookmark there is none."""
    return "PUSH_USER_DEACTIVATION" not in app.features and not app.features.endswith("BOOKMARK")


def _open_accounts(who: int) -> list[tuple[str, str]]:
    """Source and state of every account that gives access."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT source, state FROM orgmodel_account WHERE person_id = %s AND NOT source {IS_HR}"
            " AND ended IS NULL AND state <> 'ended' ORDER BY id",
            [who],
        )
        return list(cursor.fetchall())
