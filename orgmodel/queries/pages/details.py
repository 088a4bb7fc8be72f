"""What single pages need beyond access: chains, links, rules of a group, ways to an app, integration."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from orgmodel.queries.access.target import Target
from orgmodel.queries.moments import Moment
from orgmodel.queries.page_ref import PageRef
from orgmodel.queries.people import PersonRef, UnitRef, people_where
from orgmodel.queries.rows import json_value
from orgmodel.queries.rules.rule_evaluation import NAMED, RuleText, tree_of
from orgmodel.queries.together import Lasting, Question, ask, rows, together
from orgmodel.queries.unit_names import MERGED
from orgmodel.queries.visibility import Viewer
from orgmodel.queries.why.asking import Responsible, asking_given, named, named_sql, opener_sql
from orgmodel.rules.words import in_words
from orgmodel.why.days import day

from .openings import Opening, openings_in, openings_sql

SOURCE = "PROFILE_MASTERING"
"""Okta's feature of an app that people and their attributes come from."""
DIRECTORIES = {"active_directory", "ldap_interface", "ldap_sun_one"}
"""Catalogue names of directories, which give people and groups to Okta and have no sign-on mode."""
SIGNS_IN = ("SAML_2_0", "SAML_1_1", "OPENID_CONNECT", "WS_FEDERATION", "SECURE_PASSWORD_STORE")
PROVISIONS = {"PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "SCIM_PROVISIONING"}


@dataclass(frozen=True)
class Pushed:
    """A group is pushed to an app."""

    app: Target
    status: str
    error: str


@dataclass(frozen=True)
class Named:
    """A person as far as a link needs it."""

    key: str
    name: str


@dataclass(frozen=True)
class Merged:
    """The unit that another was merged into; `day`: None where that was before Sightline began."""

    name: str
    page: PageRef
    day: date | None


@dataclass(frozen=True)
class Integration:
    """How well an app is connected, in words."""

    how: str
    removal: str


def integration(app: Target) -> Integration:
    """What Okta can do in the app, told by its features."""
    known = app.features
    if SOURCE in known or app.type in DIRECTORIES:
        return Integration(
            "People and their attributes come from it into Okta: it is a source, not a place to sign in to.",
            "Okta does not close accounts in it.",
        )
    if any(feature in known for feature in PROVISIONS):
        removal = (
            "Okta closes the account when access ends."
            if "PUSH_USER_DEACTIVATION" in known
            else "Okta creates accounts, but someone must close them manually."
        )
        return Integration("Okta creates and updates accounts in it.", removal)
    if known.endswith(SIGNS_IN):
        return Integration(
            "Okta only signs people in.",
            "The account inside stays when access ends; someone must close it manually.",
        )
    if known.endswith("BOOKMARK"):
        return Integration("It is only a link.", "Okta knows of no account in it.")
    if known.endswith(("BROWSER_PLUGIN", "BASIC_AUTH", "AUTO_LOGIN")):
        return Integration(
            "It is a link with a shared or own password.", "Someone must close the account manually."
        )
    return Integration(
        "How Okta is connected with it is not known.", "Whether an account is left in it is not known."
    )


def openings(target: Target, moment: Moment, viewer: Viewer) -> tuple[Opening, ...]:
    """The apps a group opens, or the groups that open an app."""
    return beside(target, moment, viewer).openings


def rules_of_groups(groups: Sequence[str], moment: Moment, viewer: Viewer) -> tuple[RuleText, ...]:
    """The rules that aim at any of these groups (native ids)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT r.native_id, v.name, v.status, v.expression, r.key FROM orgmodel_ruleversion v
            JOIN orgmodel_rule r ON r.id = v.rule_id
            WHERE {moment.holds("v")} AND v.targets ?| %(natives)s ORDER BY v.name""",
            {"natives": list(groups), "at": moment.at},
        )
        return tuple(
            replace(RuleText(*row[:4]), key=row[4]).redacted(viewer.secrets) for row in cursor.fetchall()
        )


@dataclass(frozen=True)
class Beside:
    """What is shown next to the people of a group or an app: the ways through it, and whose the groups are.

    Of a group also the rules that feed it, each with whom it takes, where it is pushed, and its unit.
    """

    openings: tuple[Opening, ...] = ()
    named: tuple[Responsible, ...] = ()
    rules: tuple[tuple[RuleText, str], ...] = ()
    pushes: tuple[Pushed, ...] = ()
    unit: UnitRef | None = None
    given: bool = False
    """The viewer has been given it today, whatever the moment."""


def beside(target: Target, moment: Moment, viewer: Viewer) -> Beside:
    """What is shown next to a group or an app; one query."""
    parts = [openings_sql(target.kind, moment)]
    groups = "ARRAY[%(target)s]::bigint[]" if target.kind == "group" else opener_sql(moment)
    parts.append(named_sql(groups))
    if target.kind == "group":
        parts.append(_OF_GROUP.format(push=moment.holds("m"), link=moment.holds("l"), rule=moment.holds("v")))
    parameters: dict[str, Any] = {
        "target": target.pk,
        "at": moment.at,
        "hidden": sorted(viewer.hidden),
        "who": viewer.person,
    }
    stated, given = together(
        rows(Lasting(" UNION ALL ".join(parts)), parameters), asking_given(viewer.person, target, viewer)
    )
    found = [(kind, json_value(values)) for kind, values in stated]
    rules = [
        (replace(RuleText(*values[:4]), key=values[4]).redacted(viewer.secrets), values[5])
        for _, values in _of(found, "rule")
    ]
    rules.sort(key=lambda rule: rule[0].name.casefold())
    return Beside(
        openings_in(values for _, values in _of(found, "opens")),
        tuple(named(values) for _, values in _of(found, "named")),
        tuple((rule, _words(rule, names, viewer)) for rule, names in rules),
        tuple(Pushed(Target(*app), status, error) for _, (app, status, error) in _of(found, "push")),
        next((UnitRef(*values) for _, values in _of(found, "unit")), None),
        bool(given),
    )


def _of(rows: Sequence[tuple[str, Any]], kind: str) -> list[tuple[str, Any]]:
    return [row for row in rows if row[0] == kind]


_OF_GROUP = f"""
    SELECT 'push', jsonb_build_array(
        jsonb_build_array(r.id, r.kind, r.name, r.native_id, r.key), m.status, m.error)
    FROM orgmodel_pushmapping m JOIN orgmodel_resource r ON r.id = m.app_id
    WHERE m.group_id = %(target)s AND {{push}} AND NOT r.id = ANY(%(hidden)s)
    UNION ALL
    SELECT 'unit', jsonb_build_array(u.id, u.native_id, u.kind, u.name, u.slug, u.address)
    FROM orgmodel_unitlink l JOIN orgmodel_orgunit u ON u.id = l.unit_id
    WHERE l.group_id = %(target)s AND {{link}}
    UNION ALL
    SELECT 'rule', jsonb_build_array(r.native_id, v.name, v.status, v.expression, r.key, {NAMED})
    FROM orgmodel_ruleversion v JOIN orgmodel_rule r ON r.id = v.rule_id
    WHERE {{rule}} AND v.targets ?| ARRAY(
        SELECT q.native_id FROM orgmodel_resource q WHERE q.id = %(target)s)"""


def _words(rule: RuleText, names: dict[str, str] | None, viewer: Viewer) -> str:
    node = tree_of(rule.expression)
    return in_words(node, names or {}, viewer.spoken) if node else ""


@dataclass(frozen=True)
class UnitFacts:
    """A unit's lead, state and sub-units."""

    name: str
    """What the unit was called at the moment."""
    lead: Named | None
    active: bool
    units: tuple[UnitRef, ...]
    merged: Merged | None = None

    @property
    def retired(self) -> str:
        """What became of a unit that is no more."""
        open_to = "Nobody should be in it, and its group should open no apps."
        if self.merged is None:
            return open_to
        on = f" on {day(self.merged.day)}" if self.merged.day else ""
        return f"It was merged into {self.merged.name}{on}. {open_to}"


def unit_facts(unit: UnitRef, moment: Moment) -> UnitFacts:
    """Name, lead, state and sub-units of a unit; one query."""
    sql = f"""
        SELECT p.key, p.name, coalesce({moment.of_unit("u", "active")}::boolean, u.active),
               {moment.of_unit("u", "name")}, (
            SELECT json_agg(json_build_array(b.id, b.native_id, b.kind, b.name, b.slug, b.address)
                            ORDER BY b.kind, lower(b.name))
            FROM orgmodel_orgunit b
            WHERE {moment.of_unit("b", "parent")} = u.id::text AND {moment.holds("b")}),
               m.name, m.address, m.day
        FROM orgmodel_orgunit u {MERGED}
        LEFT JOIN orgmodel_person p ON p.id = {moment.of_unit("u", "lead")}::bigint
         AND {moment.label("p", "person", "status")} <> 'ended'
        WHERE u.id = %(unit)s"""
    [(key, name, active, called, units, *merged)] = ask(
        rows(Lasting(sql), {"unit": unit.pk, "at": moment.at})
    )
    below = tuple(UnitRef(*each) for each in json_value(units) or ())
    heir = Merged(merged[0], PageRef("unit", merged[1]), merged[2]) if merged[0] and not active else None
    return UnitFacts(called or unit.name, Named(key, name) if key else None, active, below, heir)


def reports_of(person: int, moment: Moment) -> tuple[PersonRef, ...]:
    """Who reports to a person."""
    found = people_where(
        "p.id IN (SELECT r.person_id FROM orgmodel_managerline r"
        f" WHERE r.manager_id = %(person)s AND {moment.holds('r')})",
        {"person": person},
        moment,
    )
    present = [ref for ref in found.values() if ref.usable]
    return tuple(sorted(present, key=lambda ref: ref.name.casefold()))


def asking_chain(person: int, moment: Moment) -> Question[tuple[Named, ...]]:
    """The managers above, nearest first, as a question; a cycle ends the walk."""
    sql = f"""
        WITH RECURSIVE above (id, depth, seen) AS (
            SELECT %(person)s::bigint, 0, ARRAY[%(person)s::bigint]
            UNION ALL SELECT l.manager_id, a.depth + 1, a.seen || l.manager_id
            FROM above a JOIN orgmodel_managerline l ON l.person_id = a.id AND {moment.holds("l")}
            WHERE NOT l.manager_id = ANY(a.seen)
        )
        SELECT p.key, p.name FROM above a JOIN orgmodel_person p ON p.id = a.id
        WHERE a.depth > 0 ORDER BY a.depth"""
    found = yield Lasting(sql), {"person": person, "at": moment.at}
    return tuple(Named(*row) for row in found)
