"""Teams: the org tree and one unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from orgmodel.queries.access.team import Team, TeamApp
from orgmodel.queries.coming import Coming, coming_to
from orgmodel.queries.history.by_day import FEED_KINDS, Day, Filter, by_day, history
from orgmodel.queries.moments import Moment
from orgmodel.queries.page_ref import PageRef
from orgmodel.queries.pages.details import UnitFacts, rules_of_groups, unit_facts
from orgmodel.queries.pages.tree import Node, tree
from orgmodel.queries.people import UnitRef
from orgmodel.queries.visibility import Viewer
from portal.between_dates import Span, knows_two_dates, span_of, two_dates
from portal.listings import Listing
from portal.requests import answer, ask, employee, machine, moment, viewer_of
from portal.templatetags.addresses import address, level_shown, person_address
from portal.templatetags.sightline import plural

UNITS = ("Unit", "Address", "Kind", "People", "Apps")
COLUMNS = ("App", "Native id", "Level", "Where from", "Through", "Held by", "Of")


def tree_then(request: HttpRequest, at: Moment) -> Listing[Node]:
    """The units of a moment."""
    return listed(tree(at, viewer_of(request), text=request.GET.get("q", "").strip()))


def listed(units: tuple[Node, ...]) -> Listing[Node]:
    """The tree, flat, as a table."""
    return Listing(
        UNITS,
        flat(units),
        lambda n: (n.name, n.address, n.kind, n.people, n.apps),
        key=lambda n: n.address,
        page=lambda n: address(PageRef("unit", n.address)),
        json=node,
    )


@employee
@two_dates(lambda _: "among the teams", tree_then, feed="kind=unit")
def team_tree(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """The tree, or the units that fit a filter."""
    text = request.GET.get("q", "").strip()
    units = tree(moment(request), viewer_of(request), text=text)
    context = {"units": units, "query": text, "count": plural(len(flat(units)), "unit")}
    return answer(request, "teams/teams.html", context, listing=listed(units), form=form)


@knows_two_dates
@employee
def team_page(request: HttpRequest, slug: str, form: str = "") -> HttpResponseBase:
    """What a unit has and where it comes from."""
    if span := span_of(request):
        return redirect(between(slug, span, machine(request, form)))
    at, viewer = moment(request), viewer_of(request)
    found: Team = ask(request, "team", unit=slug)
    facts = unit_facts(found.unit, at)
    context = about(found, facts) | {
        "sections": sections(found, facts.name),
        "rules": rules_of_groups([group.native_id for group, _ in found.groups], at, viewer),
        "days": lately(found.unit, at, viewer),
        "coming": coming_about(found, viewer),
    }
    table = (COLUMNS, rows(found))
    return answer(request, "teams/team.html", context, data=found.as_json, table=table, form=form)


def coming_about(found: Team, viewer: Viewer) -> tuple[Coming, ...]:
    """What is planned for the people of a unit, and who is to join it."""
    members = [member.pk for member in found.members]
    return coming_to(found.unit.pk, members, found.moment, viewer, settings.SIGHTLINE.conventions)


def lately(unit: UnitRef, at: Moment, viewer: Viewer) -> tuple[Day, ...]:
    """What changed about a unit."""
    feed_filter = Filter(unit=unit.pk, kinds=FEED_KINDS, until=None if at.live else at.at)
    return by_day(history(feed_filter, viewer, most=20))


def between(slug: str, span: Span, form: str) -> str:
    """The unit at two dates: side by side, with its people and the reason of each difference."""
    parameters = {"a": slug, "at": span.since.at.isoformat()}
    until = {} if span.until.live else {"until": span.until.at.isoformat()}
    return f"{reverse(f'compare.{form}' if form else 'compare')}?{urlencode(parameters | until)}"


def about(found: Team, facts: UnitFacts) -> dict[str, Any]:
    """What a unit is called, led by and made of."""
    return {
        "team": found,
        "facts": facts,
        "heir_url": address(facts.merged.page) if facts.merged else "",
        "groups": found.groups,
        "individual": [row for card in once(found, "individual") for row in card.levels],
        "apart": f"does not come with the {found.unit.kind.replace('_', ' ')}",
        "everyone": once(found, "everyone"),
        "nearly": any(row.nearly for row in found.of_source("everyone")),
        "crumbs": crumbs(found),
        "question": f"What {'does' if found.moment.live else 'did'} {facts.name} have?",
        "meta": facts_about(found, facts),
        "compare_url": f"{reverse('compare')}?{urlencode({'b': found.unit.address})}",
    }


def rows(found: Team) -> Iterator[tuple[object, ...]]:
    """The apps of a unit for CSV."""
    for row in found.apps:
        through = " ".join(group.name for group in row.through)
        yield (row.app.name, row.app.native_id, row.level, row.source, through, row.held_by, row.of)


def node(n: Node) -> dict[str, Any]:
    """A unit of the tree for JSON."""
    page = address(PageRef("unit", n.address))
    found = {"name": n.name, "kind": n.kind, "people": n.people, "apps": n.apps, "url": page}
    return found | ({"formerly": n.formerly} if n.formerly else {})


@dataclass(frozen=True)
class Card:
    """An app of a unit, once, at the level most have. `others`: the same app at other levels."""

    row: TeamApp
    others: tuple[TeamApp, ...] = ()

    @property
    def levels(self) -> list[tuple[TeamApp, str]]:
        """Each level that somebody has, and its words: where there are several, having none is one, too."""
        held = [each for each in (self.row, *self.others) if each.held_by]
        unnamed = "no level" if len(held) > 1 else ""
        return [(each, level_shown(each.level) or unnamed) for each in held]

    @property
    def words(self) -> str:
        """How many have it, where not all do, and who has it at another level."""
        row, parts = self.row, []
        if row.held_by + sum(each.held_by for each in self.others) < row.of or self.others:
            parts.append(f"{row.held_by} of {row.of}")
        parts += [f"{each.held_by} as {level_words(each.level)}" for each in self.others if each.held_by]
        return ", ".join(parts)


def sections(found: Team, name: str) -> list[dict[str, Any]]:
    """The apps by where they come from; of those above, by the unit. `name`: its name then."""
    shown = [section(f"Comes with {name}", "everyone in it has these", once(found, "unit"))]
    above = {row.from_unit for row in found.of_source("ancestor") if row.from_unit}
    for unit in sorted(above, key=lambda each: each.name):
        cards = [card for card in once(found, "ancestor") if card.row.from_unit == unit]
        shown.append(section(f"From {unit.name}", f"the {unit.kind.replace('_', ' ')} above", cards))
    return [each for each in shown if each["cards"]]


def section(title: str, hint: str, cards: list[Card]) -> dict[str, Any]:
    """Cards under one heading; where somebody lacks one of them, or none are there, no word of everyone."""
    whole = all(0 < card.row.of == card.row.held_by for card in cards)
    return {"title": title, "hint": hint if whole or "everyone" not in hint else "", "cards": cards}


def level_words(level: str) -> str:
    """A level in a sentence."""
    return level_shown(level) or "plain members"


def once(found: Team, source: str) -> list[Card]:
    """The apps of this source, each once: at whichever level it comes first."""
    first: dict[int, list[TeamApp]] = {}
    for row in found.apps:
        first.setdefault(row.app.pk, []).append(row)
    return [Card(rows[0], tuple(rows[1:])) for rows in first.values() if rows[0].source == source]


def facts_about(found: Team, facts: UnitFacts) -> list[dict[str, str]]:
    """Short facts under the heading."""
    size = len(found.members)
    lead = (
        [{"label": "Led by", "value": facts.lead.name, "url": person_address(facts.lead.key)}]
        if facts.lead
        else []
    )
    with_it = plural(len(once(found, "unit")), "app comes with it,apps come with it")
    kind = found.unit.kind.replace("_", " ").capitalize()
    return [{"value": f"{kind} of {size}"}, *lead, {"value": with_it}]


def crumbs(found: Team) -> list[dict[str, str]]:
    """The way from the tree to the unit."""
    above = [{"label": unit.name, "url": address(unit)} for unit in reversed(found.ancestors)]
    return [{"label": "Teams", "url": reverse("teams")}, *above]


def flat(units: tuple[Node, ...]) -> list[Node]:
    """The tree as a list."""
    return [node for unit in units for node in (unit, *flat(unit.units))]
