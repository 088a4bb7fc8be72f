"""The forms of one finding: the decision that is posted, and what the page says of one that is refused."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from orgmodel.queries.people import Ambiguous, NotFound, find_person
from orgmodel.sync import decisions
from portal.form_errors import FieldError
from portal.templatetags.sightline import day_in_words

FIELDS = frozenset({"until", "reason", "owner"})


def decided(fingerprint: str, posted: QueryDict, person: int) -> str:
    """Take the decision; what to say of it. Raises Refused and NotFound."""
    do, by = posted.get("do", ""), decisions.Decider(person, timezone.now(), posted.get("reason", ""))
    if do == "owner":
        name = posted.get("owner", "").strip()
        decisions.assign(fingerprint, find_person(name) if name else None, by)
        return "Owner saved." if name else "It has no owner now."
    if do == "open":
        decisions.reopen(fingerprint, by)
        return "It is open again."
    decide = {"acknowledged": decisions.acknowledge, "accepted": decisions.accept}.get(do)
    if decide is None:
        raise decisions.Refused("Choose what to do with the finding.")
    until = _last_second(posted.get("until", ""))
    decide(fingerprint, until, by)
    return f"{do.capitalize()} until {day_in_words(until)}; then it is open again."


def refusal(error: decisions.Refused | NotFound, posted: QueryDict) -> dict[str, Any]:
    """Why nothing was changed, at its field; what was typed; and whom an ambiguous name may mean."""
    about = error.about if isinstance(error, decisions.Refused) else "owner"
    several = error if isinstance(error, Ambiguous) else None
    sentence = f"{several.sentence} Choose one below." if several else str(error)
    typed = {"typed": posted, "errors": [FieldError(about if about in FIELDS else "", sentence)]}
    if posted.get("do") != "owner":
        # The other form has no such field: there the day that is proposed stays.
        typed["until"] = posted.get("until", "")
    return typed | {"candidates": several.candidates if several else (), "sent": [("do", "owner")]}


def _last_second(text: str) -> datetime:
    """The end of a day of the form. Raises Refused."""
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
    except ValueError as error:
        raise decisions.Refused("Give a date such as 2026-12-31.", "until") from error
