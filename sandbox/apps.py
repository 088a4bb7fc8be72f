"""The apps of Nordwind and the groups that open them, with levels and priorities."""

from .names import DEPARTMENT_APPS, EVERYONE_APPS, LEAD_APPS, ROLE_APPS
from .okta.tenant import Tenant

SCIM = ("PUSH_NEW_USERS", "PUSH_PROFILE_UPDATES", "PUSH_USER_DEACTIVATION")
WAYS = (
    # label, group, priority, role: what stands beside the apps of departments and roles.
    ("Figma", "dept-engineering", 6, "Viewer"),
    ("Figma", "team-cucumber", 1, "Editor"),
    ("GitHub", "app-github-maintainers", 1, "Maintainer"),
    ("Snowflake (EU)", "app-snowflake-analyst", 2, "Analyst"),
    ("Datadog", "area-platform", 3, "Editor"),
    ("Tableau", "tableau-viewers", 7, "Viewer"),
    ("AWS", "aws-admins", 0, "Admin"),
    ("PagerDuty", "team-cucumber", 3, "Responder"),
    ("Cucumber dashboards", "team-cucumber", 2, "Viewer"),
    ("Radish staging", "team-radish", 2, "Admin"),
    ("Radish on-call", "radish-oncall", 2, ""),
    ("Fennel sandbox", "team-fennel", 2, "Developer"),
    ("Parsnip wiki", "team-parsnip", 2, "Editor"),
)
SMALL = ("Cucumber dashboards", "Radish staging", "Radish on-call", "Fennel sandbox", "Parsnip wiki")


def found_apps(tenant: Tenant) -> None:
    """Apps for everybody, for departments, roles, leads and single teams: 45 in all with the mess."""
    for name in EVERYONE_APPS:
        mastering = ("PROFILE_MASTERING",) if name == "HiBob" else ()
        app = tenant.add_app(name, features=(*SCIM, *mastering))
        tenant.assign_group(app, tenant.group("BR-ALL-EMPLOYEES"))
    for department, names in DEPARTMENT_APPS.items():
        group = tenant.group(f"dept-{department.lower()}")
        for number, name in enumerate(names):
            app = tenant.add_app(name, features=() if number % 3 else (*SCIM, "GROUP_PUSH"))
            tenant.assign_group(app, group, 5, role="Viewer" if number % 2 else "Member")
    for special, name in ROLE_APPS.items():
        role = tenant.group(f"ROLE-{special.upper().replace(' ', '-')}")
        tenant.assign_group(tenant.add_app(name), role)
    for name in LEAD_APPS:
        tenant.assign_group(tenant.add_app(name), tenant.group("ROLE-LEADS"))
    for name in SMALL:
        tenant.add_app(name)
    for label, name, priority, level in WAYS:
        app, group = tenant.app(label), tenant.group(name)
        if level:
            tenant.assign_group(app, group, priority, role=level)
        else:
            tenant.assign_group(app, group, priority)
