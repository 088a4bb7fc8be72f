"""My access: what do I have, what changed lately, what does my team have that I do not."""

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.access import AccessOfPerson, access, access_by
from orgmodel.queries.history import Filter, by_day, history
from orgmodel.queries.people import person
from orgmodel.queries.team import Team, TeamApp, team
from portal.spans import knows_two_dates, span_of
from portal.templatetags.sightline import plural
from portal.viewing import answer, employee, moment, self_of, viewer_of
from portal.views.changed import changed_for
from portal.views.people import ACCESS_COLUMNS, access_rows


@knows_two_dates
@employee
def me(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """The first page of everybody."""
    if span := span_of(request):
        return changed_for(request, self_of(request), span, form)
    at, viewer, own = moment(request), viewer_of(request), self_of(request)
    who = person(own, at)
    ours = team(who.units[0], at, viewer) if who.units else None
    mine = (
        access_by(who, ours.routes, at, viewer) if ours and who in ours.members else access(own, at, viewer)
    )
    days = by_day(history(Filter(person=own, until=None if at.live else at.at), viewer, most=12))
    context = {"mine": mine, "meta": meta(mine), "team": ours, "missing": missing(mine, ours), "days": days}
    table = (ACCESS_COLUMNS, access_rows(mine))
    return answer(request, "me/me.html", context, data=mine.as_json, table=table, form=form)


def missing(mine: AccessOfPerson, ours: Team | None) -> list[TeamApp]:
    """What others in the team have and this person does not."""
    have = {each.app.pk for each in mine.apps}
    return [row for row in (ours.apps if ours else ()) if row.app.pk not in have and row.held_by]


def meta(mine: AccessOfPerson) -> list[dict[str, str]]:
    """Short facts under the heading."""
    by_hand = sum(each.explained is False for each in mine.apps)
    facts = [plural(len(mine.apps), "app"), plural(len(mine.groups), "group")]
    return [{"value": fact} for fact in facts] + ([{"value": f"{by_hand} kept by hand"}] if by_hand else [])
