"""Group rules and the attributes they read."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from orgmodel.queries.moments import now
from orgmodel.queries.rules.attributes import AttributePage, attribute_page
from orgmodel.queries.rules.listing import RulePage, list_rules, rule_name, rule_page
from portal.between_dates import two_dates
from portal.old_addresses import at_home
from portal.requests import answer, employee, listing, moment, viewer_of
from portal.templatetags.sightline import plural

COLUMNS = ("Name", "Native id", "Status", "Expression", "In words", "Groups")
FITTING = ("Person", "Matches", "In the groups")
VALUES = ("Value", "People", "Rules that look for it")
STATES = ("", "active", "inactive", "invalid")
SHOWN = 100
"""People of a rule that the page names."""
NEAR = 20


@employee
@two_dates(lambda _: "among the rules", links="/rules/", feed="kind=rule")
def rule_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """All rules, in words."""
    criteria = listing(request, form)
    page = list_rules(criteria, moment(request), viewer_of(request))
    rows = (
        (r.name, r.native_id, r.status, r.expression, r.words, ", ".join(g.name for g in r.targets))
        for r in page.rows
    )
    options = [
        {"value": s, "label": s or "Any state", "chosen": s == criteria.status.lower()} for s in STATES
    ]
    choices = [{"name": "status", "label": "State", "options": options}]
    context = {"page": page, "query": criteria.text, "count": plural(page.total, "rule"), "choices": choices}
    data = [row.as_json() for row in page.rows]
    return answer(request, "rules/rules.html", context, data=lambda: data, table=(COLUMNS, rows), form=form)


@employee
@two_dates(
    lambda request, key: f"for the rule “{rule_name(key, now(), viewer_of(request))}”", feed="kind=rule"
)
def rule_detail(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """One rule: in words and as written, whom it takes, whom it nearly takes, what it opens."""
    found = rule_page(key, moment(request), viewer_of(request))
    at_home(found.row, key)
    context = {
        "rule": found,
        "crumbs": [{"label": "Rules", "url": "/rules/"}],
        "meta": _facts(found),
        "shown": found.fitting[:SHOWN],
        "near": found.near[:NEAR],
        "more": max(len(found.near) - NEAR, 0),
    }
    return answer(
        request, "rules/rule.html", context, data=found.as_json, table=(FITTING, _people(found)), form=form
    )


@employee
@two_dates(lambda _, key: f"in the values of {key}")
def attribute_detail(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """One attribute: its values, what each leads to, and for whom it is empty."""
    found = attribute_page(key, moment(request), viewer_of(request))
    context = {
        "attribute": found,
        "crumbs": [{"label": "Rules", "url": "/rules/"}],
        "meta": _coverage(found),
    }
    rows = ((each.value, each.people, ", ".join(r.name for r in each.rules)) for each in found.values)
    return answer(
        request, "rules/attribute.html", context, data=found.as_json, table=(VALUES, rows), form=form
    )


def _facts(found: RulePage) -> list[dict[str, Any]]:
    if found.mistake:
        return [{"value": found.row.status.lower()}]
    return [
        {"value": found.row.status.lower()},
        {"value": f"matches {plural(len(found.fitting), 'person,people')}"},
        *({"value": f"{number} not known"} for _, number in found.unknown[:1]),
    ]


def _people(found: RulePage) -> Iterator[tuple[object, ...]]:
    late = {each.pk for each in found.late}
    for each in found.fitting:
        yield (each.name, "yes", "no" if each.pk in late else "yes")
    for each in found.astray:
        yield (each.name, "no", "yes")


def _coverage(found: AttributePage) -> list[dict[str, Any]]:
    return [
        {"value": f"{found.filled} of {plural(found.of, 'person,people')} have a value"},
        {"value": plural(found.different, "different value")},
        {"value": f"read by {plural(len(found.rules), 'rule')}"},
    ]
