"""Group rules and the attributes they read."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from orgmodel.queries.moments import Moment, now
from orgmodel.queries.rules.attributes import AttributePage, ValueRow, attribute_page
from orgmodel.queries.rules.listing import RulePage, RuleRow, Someone, list_rules, rule_name, rule_page
from portal.between_dates import two_dates
from portal.listings import Listing, choice
from portal.old_addresses import at_home
from portal.requests import answer, employee, list_options, moment, viewer_of
from portal.templatetags.addresses import person_address, rule_address
from portal.templatetags.sightline import plural

COLUMNS = ("Name", "Native id", "Status", "Expression", "In words", "Groups")
FITTING = ("Person", "Matches", "In the groups")
VALUES = ("Value", "People", "Rules that ask for exactly this")
STATES = (("", "Any state"), *((state, state) for state in ("active", "inactive", "invalid")))
SHOWN = 100
"""People of a rule that the page names."""
NEAR = 20


def rule_cells(row: RuleRow) -> tuple[str, ...]:
    """A rule for CSV."""
    groups = ", ".join(group.name for group in row.targets)
    return (row.name, row.native_id, row.status, row.expression, row.words, groups)


def rules_listed(rows: Iterable[RuleRow]) -> Listing[RuleRow]:
    """Rules as a table."""
    return Listing(
        COLUMNS,
        rows,
        rule_cells,
        key=lambda r: r.key,
        page=rule_address,
        json=lambda r: r.as_json(),
    )


def people_listed(found: RulePage) -> Listing[tuple[Someone, str, str]]:
    """Whom a rule matches or still keeps, as a table."""
    late = {each.pk for each in found.late}
    fitting = [(each, "yes", "no" if each.pk in late else "yes") for each in found.fitting]
    return Listing(
        FITTING,
        [*fitting, *((each, "no", "yes") for each in found.astray)],
        lambda row: (row[0].name, *row[1:]),
        key=lambda row: row[0].key,
        page=lambda row: person_address(row[0].key),
    )


def values_listed(found: AttributePage) -> Listing[ValueRow]:
    """The values of an attribute as a table."""
    return Listing(
        VALUES,
        found.values,
        lambda each: (each.value, each.people, ", ".join(rule.name for rule in each.rules)),
        key=lambda each: each.value,
    )


def rules_then(request: HttpRequest, at: Moment) -> Listing[RuleRow]:
    """The rules of a moment."""
    return rules_listed(list_rules(list_options(request), at, viewer_of(request)).rows)


def rule_then(request: HttpRequest, at: Moment, key: str) -> Listing[tuple[Someone, str, str]]:
    """The people of a rule at a moment."""
    found = rule_page(key, at, viewer_of(request), warned=False)
    at_home(found.row, key)
    return people_listed(found)


def values_then(request: HttpRequest, at: Moment, key: str) -> Listing[ValueRow]:
    """The values of an attribute at a moment."""
    return values_listed(attribute_page(key, at, viewer_of(request)))


@employee
@two_dates(lambda _: "among the rules", rules_then, feed="kind=rule")
def rule_list(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """All rules, in words."""
    criteria = list_options(request, form)
    page = list_rules(criteria, moment(request), viewer_of(request))
    choices = [choice("status", "State", STATES, criteria.status.lower())]
    context = {"page": page, "query": criteria.text, "count": plural(page.total, "rule"), "choices": choices}
    return answer(request, "rules/rules.html", context, listing=rules_listed(page.rows), form=form)


@employee
@two_dates(
    lambda request, key: f"for the rule “{rule_name(key, now(), viewer_of(request))}”",
    rule_then,
    feed="kind=rule",
)
def rule_detail(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """One rule: in words and as written, whom it takes, whom it nearly takes, what it opens."""
    found = rule_page(key, moment(request), viewer_of(request))
    at_home(found.row, key)
    context = {
        "rule": found,
        "crumbs": [{"label": "Rules", "url": reverse("rules")}],
        "meta": _facts(found),
        "shown": found.fitting[:SHOWN],
        "near": found.near[:NEAR],
        "more": max(len(found.near) - NEAR, 0),
    }
    return answer(
        request, "rules/rule.html", context, data=found.as_json, listing=people_listed(found), form=form
    )


@employee
@two_dates(lambda _, key: f"in the values of {key}", values_then)
def attribute_detail(request: HttpRequest, key: str, form: str = "") -> HttpResponseBase:
    """One attribute: its values, what each leads to, and for whom it is empty."""
    found = attribute_page(key, moment(request), viewer_of(request))
    context = {
        "attribute": found,
        "crumbs": [{"label": "Rules", "url": reverse("rules")}],
        "meta": _coverage(found),
    }
    return answer(
        request, "rules/attribute.html", context, data=found.as_json, listing=values_listed(found), form=form
    )


def _facts(found: RulePage) -> list[dict[str, Any]]:
    if found.mistake:
        return [{"value": found.row.status.lower()}]
    return [
        {"value": found.row.status.lower()},
        {"value": f"matches {plural(len(found.fitting), 'person,people')}"},
        *({"value": f"{number} not known"} for _, number in found.unknown[:1]),
    ]


def _coverage(found: AttributePage) -> list[dict[str, Any]]:
    return [
        {"value": f"{found.filled} of {plural(found.of, 'person,people')} have a value"},
        {"value": plural(found.different, "different value")},
        {"value": f"read by {plural(len(found.rules), 'rule')}"},
    ]
