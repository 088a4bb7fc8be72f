"""Saves rehearsals: the plan as submitted, and what it would do each time somebody runs it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import transaction

from orgmodel.conventions import Conventions
from orgmodel.models import Forecast, Foreseen, Rehearsal
from orgmodel.queries.access.holdings import Access
from orgmodel.queries.people import NotFound
from orgmodel.queries.rehearsal import rehearse
from orgmodel.queries.rehearsal.org_charts import between_charts
from orgmodel.queries.rehearsal.plan_rows import BadProposal
from orgmodel.queries.rehearsal.proposal import read_proposal
from orgmodel.queries.rehearsal.whatif import WhatIf
from orgmodel.queries.unit_names import NamesOfUnits

LONGEST_NAME = 200
AT_ONCE = 1000


@dataclass(frozen=True)
class Plan:
    """What somebody hands in. `chart`: the org chart as it is, where `changes` is the one as it is to be."""

    name: str
    changes: str
    chart: str = ""
    due: date | None = None
    maker: int | None = None
    """Id of a person."""


def read(plan: Plan, conventions: Conventions) -> rehearse.Rehearsal:
    """What the plan would do as things stand; nothing is kept. Raises BadProposal."""
    if plan.chart:
        proposal = between_charts(_lines(plan.chart), _lines(plan.changes), conventions)
    else:
        proposal = read_proposal(_lines(plan.changes), conventions)
    return rehearse.rehearse(proposal, conventions.unit_kinds, NamesOfUnits(conventions))


def keep(plan: Plan, conventions: Conventions, now: datetime) -> UUID:
    """Rehearse and keep; the key under which it is found. Raises BadProposal, and then keeps nothing."""
    if not (name := plan.name.strip()[:LONGEST_NAME]):
        raise BadProposal(["The rehearsal needs a name."], "the name is missing")
    found = read(plan, conventions)
    with transaction.atomic():
        kept = Rehearsal.objects.create(
            name=name, due=plan.due, made=now, maker_id=plan.maker, changes=plan.changes, chart=plan.chart
        )
        _foresee(kept, found, now)
    return kept.key


def rehearse_again(key: UUID, conventions: Conventions, now: datetime) -> None:
    """What the plan would do now stands beside what it would have done. Raises NotFound and BadProposal."""
    kept = _found(key)
    found = read(Plan(kept.name, kept.changes, kept.chart), conventions)
    with transaction.atomic():
        _foresee(kept, found, now)


def forget(key: UUID) -> None:
    """Remove the plan and all that was foreseen. Raises NotFound."""
    _found(key).delete()


def _lines(text: str) -> StringIO:
    """Lines as CSV has them: what ends a line inside quotes belongs to the cell."""
    return StringIO(text, newline="")


def _found(key: UUID) -> Rehearsal:
    kept = Rehearsal.objects.filter(key=key).first()
    if kept is None:
        raise NotFound("rehearsal", str(key))
    return kept


def _foresee(kept: Rehearsal, found: rehearse.Rehearsal, now: datetime) -> None:
    answer = {name: value for name, value in found.as_json().items() if name != "per_person"}
    forecast = Forecast.objects.create(
        rehearsal=kept, at=now, people=found.people, changed=found.changed, answer=answer
    )
    Foreseen.objects.bulk_create((_person(forecast, each) for each in found.per_person), batch_size=AT_ONCE)


def _person(forecast: Forecast, each: WhatIf) -> Foreseen:
    return Foreseen(
        forecast=forecast,
        person_id=each.person.pk,
        values=dict(each.values),
        # An app at another level is kept on both sides: as it would be and as it is.
        gains=[*map(_app, each.gains), *(_app(change.now) for change in each.level_changed)],
        loses=[*map(_app, each.loses), *_levels_before(each)],
        keeps=len(each.keeps),
        comes=list(each.comes),
        goes=list(each.goes),
        unknown=[uncertain.as_json() for uncertain in each.unknown],
    )


def _levels_before(each: WhatIf) -> Iterator[dict[str, Any]]:
    for change in each.level_changed:
        yield {**_app(change.now), "level": change.before, "group": "", "through": "", "rules": []}


def _app(held: Access) -> dict[str, Any]:
    steps = held.paths[0].steps if held.paths else ()
    group = next((step for step in steps if step.kind == "group"), None)
    return {
        "id": held.app.pk,
        "app": held.app.name,
        "native_id": held.app.native_id,
        "source": held.app.source,
        "level": held.level,
        "cause": held.because,
        "group": group.native_id if group else "",
        "through": group.name if group else "",
        "rules": [step.native_id for step in steps if step.kind == "rule"],
    }
