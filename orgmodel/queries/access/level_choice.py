"""Which of somebody's routes to one thing decide its level, and why, by the rule of that thing."""

from collections.abc import Sequence

from orgmodel.facts import UNRANKED
from orgmodel.why.level_rules import counting, together
from orgmodel.why.precedence import Rank, all_count, highest_because, level_because

from .routes import Route, rivals
from .target import Target


def deciding(routes: Sequence[Route]) -> list[Route]:
    """The routes whose level counts: of a thing with priorities the one that wins, else all that count."""
    if len(routes) == 1:
        return list(routes)
    combine = routes[0].end.place.combine
    if combine == "priority":
        return [winning(routes)]
    return [routes[at] for at in counting([route.given for route in routes], combine)]


def level_of(routes: Sequence[Route]) -> str:
    """The level that somebody has by these routes; several that count at once stand with commas between."""
    return together(route.given for route in deciding(routes))


def level_first(own: Sequence[Route], level: str) -> list[Route]:
    """Somebody's routes to a thing, those that give the level before the others."""
    return sorted(own, key=lambda route: route.end.level not in level.split(", "))


def winning(routes: Sequence[Route]) -> Route:
    """The route that stands for the level that counts.

    With priorities: a direct assignment, else the edge of the best (lowest) one; where that leaves it open,
    the app's own list decides, and where it is silent too, the route that came first. Without: the highest
    level, of equal ones the shortest route, then the oldest.
    """
    if len(routes) == 1:
        return routes[0]
    if routes[0].end.place.combine != "priority":
        return min(
            deciding(routes),
            key=lambda route: (-(route.end.rank or 0), len(route.hops), route.since, route.key),
        )
    undecided = {id(route) for route in rivals(routes)}

    def rank(route: Route) -> tuple[object, ...]:
        named = id(route) in undecided and route.listed == route.end.level
        return len(route.hops) > 1, not named, route.end.priority, route.since, route.key

    return min(routes, key=rank)


def level_reason(app: Target, routes: Sequence[Route]) -> str:
    """Why the level that counts does, where the routes give several."""
    first = winning(routes)
    if app.combine == "max":
        return highest_because(app.name, level_of(routes), [route.end.level for route in routes])
    if app.combine == "union":
        return all_count(app.name, level_of(routes), [route.end.level for route in routes])
    others = sorted(routes, key=lambda route: (route.end.priority, route.since, route.key))
    ranks = [_rank(route) for route in (first, *others)]
    listed = first in rivals(routes) and first.listed == first.end.level
    return level_because(app.name, ranks, first.end.level, listed=listed)


def _rank(route: Route) -> Rank:
    ranked = len(route.hops) > 1 and route.end.priority != UNRANKED
    group = route.hops[-2].place.name if len(route.hops) > 1 else ""
    return Rank(group, route.end.level, route.end.priority if ranked else None)
