"""What admins decide about whose an account is. The row is kept; the next sync applies it."""

from django.db import transaction

from orgmodel.models import Account, AccountDecision, Person
from orgmodel.queries.people import NotFound
from orgmodel.sources.roles import DIRECTORIES, HR

from .decisions import Decider, Refused

Act = AccountDecision.Act
WHY = "Say why: the reason is kept with your name, and the history of both people says it."


def link(account: int, person: int, by: Decider, *, with_others: bool = False) -> None:
    """The account is this person's (id). Raises NotFound and Refused.

    `with_others`: so are all other accounts of whoever has it now; the two are then one person.
    """
    with transaction.atomic():
        found, newest = _locked(account, by)
        whose = Person.objects.filter(pk=person, merged_into=None).first()
        if whose is None:
            raise NotFound("person", str(person))
        if newest and (newest.act, newest.person_id) == (Act.LINK, person):
            raise Refused(f"This account is linked to {whose.name} already.")
        linked = [found]
        if with_others and found.person_id not in {None, person}:
            linked = list(Account.objects.select_for_update().filter(person=found.person_id).order_by("pk"))
        AccountDecision.objects.bulk_create([_row(each, Act.LINK, person, by) for each in linked])


def unlink(account: int, by: Decider) -> None:
    """The account is not of the person who has it. Raises NotFound and Refused."""
    with transaction.atomic():
        found, newest = _locked(account, by)
        if newest and newest.act == Act.UNLINK:
            raise Refused("This account is kept apart already.")
        if found.person_id is None:
            raise Refused("This account belongs to no one: there is nothing to take it away from.")
        others = Account.objects.filter(person=found.person_id, source__in=[*HR, *DIRECTORIES])
        if not others.exclude(pk=account).exists():
            raise Refused(
                "It is the account by which Sightline knows this person. Link it to another person instead."
            )
        _row(found, Act.UNLINK, found.person_id, by).save()


def undo(account: int, by: Decider) -> None:
    """What was decided no longer counts, and the evidence decides again. Raises NotFound and Refused."""
    with transaction.atomic():
        found, newest = _locked(account, by)
        if newest is None or newest.act == Act.UNDO:
            raise Refused("Nobody has decided anything about this account that still counts.")
        _row(found, Act.UNDO, found.person_id, by).save()


def _row(account: Account, act: Act, person: int | None, by: Decider) -> AccountDecision:
    return AccountDecision(
        account=account, act=act, person_id=person, at=by.at, actor_id=by.person, reason=by.reason.strip()
    )


def _locked(account: int, by: Decider) -> tuple[Account, AccountDecision | None]:
    """The account, locked, with the newest decision about it."""
    if not by.reason.strip():
        raise Refused(WHY, "reason")
    found = Account.objects.select_for_update().filter(pk=account).first()
    if found is None:
        raise NotFound("account", str(account))
    return found, AccountDecision.objects.filter(account=found).order_by("-pk").first()
