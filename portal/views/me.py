"""My access: what do I have, what changed lately, what does my team have that I do not."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.access.caveats import asking_beside
from orgmodel.queries.access.holdings import AccessOfPerson, access, access_by
from orgmodel.queries.access.team import Team, team
from orgmodel.queries.access.team_gaps import gaps, lacking
from orgmodel.queries.coming import asking_coming
from orgmodel.queries.history.lately import lately
from orgmodel.queries.moments import Moment
from orgmodel.queries.people import PersonRef, asking_person
from orgmodel.queries.together import together
from orgmodel.queries.visibility import Viewer
from portal.between_dates import knows_two_dates, span_of
from portal.requests import answer, employee, moment, self_of, viewer_of
from portal.templatetags.addresses import address, person_address
from portal.templatetags.sightline import plural
from portal.views.changed import changed_for
from portal.views.origins import grouped
from portal.views.people import ACCESS_COLUMNS, access_rows


@knows_two_dates
@employee
def me(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """The first page of everybody."""
    if span := span_of(request):
        return changed_for(request, self_of(request), span, form)
    at, viewer, own = moment(request), viewer_of(request), self_of(request)
    conventions = settings.SIGHTLINE.conventions
    who, coming, notes = together(
        asking_person(own, at), asking_coming(own, at, viewer, conventions), asking_beside(own, at, viewer)
    )
    ours = team(who.units[0], at, viewer) if who.units else None
    mine = replace(access_of(who, ours, at, viewer), coming=coming)
    news = lately(own, {each.app.pk: each.app.name for each in mine.apps}, at, viewer)
    beside = {"meta": meta(mine), "team": ours, "lately": news, "caveats": notes.sentences}
    context = apps(mine, ours, at, viewer) | beside
    table = (ACCESS_COLUMNS, access_rows(mine))
    return answer(request, "me/me.html", context, data=mine.as_json, table=table, form=form)


def access_of(who: PersonRef, ours: Team | None, at: Moment, viewer: Viewer) -> AccessOfPerson:
    """What the reader has: of what their team has, where they are in it."""
    if ours and who in ours.members:
        return access_by(who, ours.routes, at, viewer)
    return access(who.pk, at, viewer)


def apps(mine: AccessOfPerson, ours: Team | None, at: Moment, viewer: Viewer) -> dict[str, Any]:
    """The reader's apps by where they come from, and what others in their team have besides."""
    missing = lacking(mine, ours) if ours else ()
    units, why_not = gaps(missing, mine, at, viewer)
    free = [row.app for row in ours.apps if row.app.for_all] if ours else []
    return grouped(mine, units, own=True) | {
        "free": free,
        "mine": mine,
        "missing": [gap for gap in why_not if gap.held is None],
        "lower": [gap for gap in why_not if gap.held is not None],
    }


def meta(mine: AccessOfPerson) -> list[dict[str, str]]:
    """Short facts under the heading: how much, and where the reader belongs."""
    who = mine.person
    units = [
        {"label": unit.kind.replace("_", " ").capitalize(), "value": unit.name, "url": address(unit)}
        for unit in who.units
    ]
    manager = {"label": "Reports to", "value": who.manager_name, "url": person_address(who.manager_key)}
    facts = [{"value": plural(len(mine.apps), "app")}, *units, manager]
    return [fact for fact in facts if fact["value"]]
