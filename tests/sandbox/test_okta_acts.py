"""Whatever is done to the pretend tenant can be learnt from its log and from the stamps of its records."""

from collections.abc import Callable
from datetime import datetime

from sandbox.okta.tenant import Tenant

from .nordwind import TOMAS, kinds, small

NADIA = "nadia.brandt@nordwind.example"


def stamps(tenant: Tenant) -> dict[str, tuple[datetime, ...]]:
    """Of every record, by what people call it."""
    return {
        **{user.profile["login"]: (user.updated,) for user in tenant.users.values()},
        **{group.name: (group.updated, group.membership) for group in tenant.groups.values()},
        **{app.label: (app.updated,) for app in tenant.apps.values()},
        **{rule.name: (rule.updated,) for rule in tenant.rules.values()},
    }


def acts(tenant: Tenant) -> dict[str, tuple[Callable[[], object], set[str], set[str]]]:
    """What may be done: how, the lines of the log that it writes, and whose stamps it moves."""
    nadia, figma = tenant.user(NADIA), tenant.app("Figma")
    radish, cucumber = tenant.group("team-radish"), tenant.group("team-cucumber")
    rule, push = tenant.rule("Radish team"), tenant.add_push(figma, radish)
    app, seat, member = "application.lifecycle.", "application.user_membership.", "group.user_membership."
    opening, user, mapping = "group.application_assignment.", "user.lifecycle.", "application.provision."
    return {
        "label": (lambda: tenant.edit_app(figma, label="Figma"), {f"{app}update"}, {"Figma"}),
        "off": (lambda: tenant.switch_app(figma, on=False), {f"{app}deactivate"}, {"Figma"}),
        "on": (lambda: tenant.switch_app(figma, on=True), {f"{app}activate"}, {"Figma"}),
        "push": (lambda: tenant.remove_push(figma, push), {f"{mapping}group_push.removed"}, set()),
        "level": (lambda: tenant.edit_seat(figma, nadia, TOMAS, role="Admin"), {f"{seat}update"}, set()),
        "import": (
            lambda: tenant.edit_seat(figma, nadia, role="Owner"),
            {f"{mapping}user.import_profile"},
            set(),
        ),
        "delivery": (
            lambda: tenant.deliver(figma, nadia, failed=True),
            {f"{mapping}user.push"},
            set(),
        ),
        "order": (lambda: tenant.assign_group(figma, radish, 0), {f"{opening}update"}, set()),
        "login": (
            lambda: tenant.set_profile(nadia, {"login": "nb@nordwind.example"}),
            {"user.account.update_profile", f"{seat}change_username"},
            {"nb@nordwind.example"},
        ),
        "suspended": (lambda: tenant.suspend(nadia), {f"{user}suspend"}, {"nb@nordwind.example"}),
        "back": (lambda: tenant.unsuspend(nadia), {f"{user}unsuspend"}, {"nb@nordwind.example"}),
        "owner": (lambda: tenant.add_owner(radish, nadia), {"resource.owner.update"}, set()),
        "name": (lambda: tenant.edit_rule(rule, name="Radish team"), set(), {"Radish team"}),
        "profile": (
            lambda: tenant.edit_group(radish, active=False),
            {"group.profile.update"},
            {"team-radish"},
        ),
        "by hand": (
            lambda: tenant.add_member(cucumber, nadia, TOMAS),
            {f"{member}add"},
            {"team-cucumber"},
        ),
        "one way less": (lambda: tenant.unassign_group(figma, cucumber), {f"{opening}remove"}, set()),
        "no way left": (
            lambda: tenant.unassign_group(figma, radish),
            {f"{opening}remove", f"{seat}remove"},
            set(),
        ),
        "directly": (lambda: tenant.assign_user(figma, nadia), {f"{seat}add"}, set()),
        "deleted": (lambda: tenant.delete_app(figma), {f"{app}delete"}, set()),
        "gone": (lambda: tenant.delete(nadia), {f"{user}delete.completed"}, {"Everyone"}),
    }


def test_every_act_stands_in_the_log_and_moves_the_stamps_of_what_it_changes() -> None:
    tenant = small()
    for name, (act, lines, moved) in acts(tenant).items():
        before, known = stamps(tenant), len(tenant.log.events)
        act()
        after = stamps(tenant)
        assert set(kinds(tenant)[known:]) == lines, name
        assert {each for each in after if after[each] != before.get(each)} == moved, name


def test_of_what_is_deleted_nothing_remains() -> None:
    tenant = small()
    nadia, figma = tenant.user(NADIA), tenant.app("Figma")
    radish, cucumber = tenant.group("team-radish"), tenant.group("team-cucumber")
    tenant.add_owner(radish, nadia)
    tenant.add_owner(radish, cucumber)
    tenant.add_push(figma, cucumber)
    tenant.delete_group(cucumber)
    assert (radish.owners, figma.pushes) == ([("USER", nadia.id)], [])
    tenant.delete_app(figma)
    assert (nadia.apps, tenant.apps) == (set(), {})
    tenant.add_member(tenant.add_group("guild"), nadia, TOMAS)
    tenant.delete(nadia)
    assert radish.owners == []
