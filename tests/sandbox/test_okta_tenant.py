"""How the pretend tenant behaves: profile → rules → groups → apps, with the log beside it."""

import pickle

from sandbox.okta.state import make_id
from sandbox.okta.tenant import Tenant

from .nordwind import TERRAFORM, TOMAS, WORKFLOWS, bare, kinds, last, small

NADIA = "nadia.brandt@nordwind.example"


def test_ids_have_okta_s_shape_and_are_the_same_every_time() -> None:
    assert len(make_id("00u", 1)) == 20
    assert make_id("00u", 1).startswith("00u")
    assert [user.id for user in small().users.values()] == [user.id for user in small().users.values()]
    assert make_id("00u", 1) != make_id("00u", 2)


def test_a_change_of_team_moves_groups_and_apps_with_their_events() -> None:
    tenant = small()
    nadia, figma = tenant.user(NADIA), tenant.app("Figma")
    assert figma.seats[nadia.id].profile == {"role": "Viewer"}
    before, moved = len(tenant.log.events), tenant.group("team-radish").membership
    tenant.set_profile(nadia, {"team": "cucumber", "title": "Engineer"})
    assert kinds(tenant)[before:] == [
        "user.account.update_profile",
        "group.user_membership.add",
        "group.user_membership.remove",
    ]
    assert nadia.id in tenant.group("team-cucumber").members
    assert nadia.id not in tenant.group("team-radish").members
    assert tenant.group("team-radish").membership > moved
    assert (figma.seats[nadia.id].scope, figma.seats[nadia.id].profile) == ("GROUP", {"role": "Editor"})
    assert last(tenant, "user.account.update_profile")["debugContext"]["debugData"] == {
        "changedAttributes": "team,title"
    }
    added = last(tenant, "group.user_membership.add")
    rule = tenant.rule("Cucumber team").id
    assert added["debugContext"]["debugData"] == {"triggeredByGroupRuleId": rule}
    assert (added["actor"]["type"], added["actor"]["alternateId"]) == ("SystemPrincipal", "system@okta.com")
    assert added["transaction"]["type"] == "JOB"
    assert [target["type"] for target in added["target"]] == ["User", "UserGroup"]


def test_the_same_values_again_are_no_change() -> None:
    tenant = small()
    before, updated = len(tenant.log.events), tenant.user(NADIA).updated
    tenant.set_profile(tenant.user(NADIA), {"team": "radish"})
    assert (len(tenant.log.events), tenant.user(NADIA).updated) == (before, updated)


def test_losing_the_only_way_ends_the_app() -> None:
    tenant = small()
    tenant.set_profile(tenant.user(NADIA), {"team": None})
    assert tenant.app("Figma").seats == {}
    gone = last(tenant, "application.user_membership.remove")
    assert [target["type"] for target in gone["target"]] == ["AppUser", "User", "AppInstance"]


def test_the_lowest_priority_number_gives_the_profile_and_a_direct_assignment_wins() -> None:
    tenant = small()
    nadia, figma = tenant.user(NADIA), tenant.app("Figma")
    tenant.add_member(tenant.group("team-cucumber"), nadia, TOMAS)
    assert figma.seats[nadia.id].profile == {"role": "Editor"}
    tenant.assign_user(figma, nadia, TOMAS, role="Admin")
    assert (figma.seats[nadia.id].scope, figma.seats[nadia.id].profile) == ("USER", {"role": "Admin"})
    tenant.unassign_user(figma, nadia, TOMAS)
    assert (figma.seats[nadia.id].scope, figma.seats[nadia.id].profile) == ("GROUP", {"role": "Editor"})


def test_deactivating_takes_apps_and_leaves_groups() -> None:
    tenant = small()
    nadia = tenant.user(NADIA)
    tenant.deactivate(nadia, TOMAS)
    assert nadia.status == "DEPROVISIONED"
    assert tenant.app("Figma").seats == {}
    assert nadia.id in tenant.group("team-radish").members
    tenant.set_profile(nadia, {"team": "cucumber"})
    assert nadia.id not in tenant.group("team-cucumber").members
    tenant.activate(nadia, TOMAS)
    assert nadia.id in tenant.group("team-cucumber").members
    assert tenant.app("Figma").seats[nadia.id].profile == {"role": "Editor"}


def test_taking_out_a_member_by_rule_excludes_them_from_the_rule() -> None:
    tenant = small()
    nadia, radish = tenant.user(NADIA), tenant.group("team-radish")
    tenant.remove_member(radish, nadia, TOMAS)
    rule = tenant.rule("Radish team")
    assert rule.excluded == [nadia.id]
    assert kinds(tenant)[-3:] == [
        "group.user_membership.rule.add_exclusion",
        "group.user_membership.remove",
        "application.user_membership.remove",
    ]
    tenant.set_profile(nadia, {"title": "Engineer"})
    assert nadia.id not in radish.members


def test_a_hand_made_member_who_fits_later_belongs_to_the_rule() -> None:
    tenant = small()
    nadia, cucumber = tenant.user(NADIA), tenant.group("team-cucumber")
    tenant.add_member(cucumber, nadia, TOMAS)
    tenant.set_profile(nadia, {"team": "cucumber"})
    assert (nadia.hand, list(nadia.ruled)) == (set(), [cucumber.id])
    tenant.set_profile(nadia, {"team": "radish"})
    assert nadia.id not in cucumber.members


def test_a_rule_switched_off_leaves_its_members() -> None:
    tenant = small()
    rule = tenant.rule("Radish team")
    tenant.edit_rule(rule, status="INACTIVE")
    assert kinds(tenant)[-1] == "group.user_membership.rule.deactivated"
    tenant.set_profile(tenant.user(NADIA), {"team": "cucumber"})
    assert tenant.user(NADIA).id in tenant.group("team-radish").members


def test_a_deleted_rule_leaves_its_members_as_added_by_hand_or_takes_them_out() -> None:
    for remove in (False, True):
        tenant = small()
        nadia, radish = tenant.user(NADIA), tenant.group("team-radish")
        tenant.delete_rule(tenant.rule("Radish team"), remove_users=remove)
        assert (nadia.id in radish.members) is not remove
        assert (radish.id in nadia.hand) is not remove
        assert radish.id not in nadia.ruled
        tenant.set_profile(nadia, {"team": "leek"})
        assert (nadia.id in radish.members) is not remove


def test_rules_on_groups_follow_each_other() -> None:
    tenant = small()
    guild = tenant.add_group("guild")
    tenant.add_rule("Guild", 'isMemberOfGroupName("team-cucumber")', guild)
    assert guild.members == {}
    tenant.set_profile(tenant.user(NADIA), {"team": "cucumber"})
    assert list(guild.members) == [tenant.user(NADIA).id]
    tenant.set_profile(tenant.user(NADIA), {"team": "radish"})
    assert guild.members == {}


def test_a_rule_that_cannot_be_read_becomes_invalid() -> None:
    tenant = small()
    rule = tenant.add_rule("Odd", 'user.team matches "c.*"', tenant.add_group("odd"))
    assert rule.status == "INVALID"
    assert kinds(tenant)[-1] == "group.user_membership.rule.invalidate"
    tenant.edit_rule(rule, expression='user.team == "radish"', status="ACTIVE")
    assert (rule.status, len(tenant.group("odd").members)) == ("ACTIVE", 1)


def test_odd_values_of_one_user_do_not_spoil_a_rule() -> None:
    tenant = small()
    seniors = tenant.add_group("seniors")
    rule = tenant.add_rule("Seniors", "user.level >= 4", seniors)
    tenant.set_profile(tenant.user(NADIA), {"level": "high"})
    assert (rule.status, seniors.members) == ("ACTIVE", {})
    tenant.set_profile(tenant.user(NADIA), {"level": 5})
    assert list(seniors.members) == [tenant.user(NADIA).id]


def test_a_rule_that_names_a_deleted_group_becomes_invalid() -> None:
    tenant = small()
    radish, guild = tenant.group("team-radish"), tenant.add_group("guild")
    rule = tenant.add_rule("Guild", f'isMemberOfAnyGroup("{radish.id}")', guild)
    tenant.delete_group(radish)
    assert rule.status == "INVALID"


def test_deleting_a_group_ends_its_apps_and_spoils_its_rule() -> None:
    tenant = small()
    tenant.delete_group(tenant.group("team-radish"))
    assert tenant.app("Figma").seats == {}
    assert [rule.status for rule in tenant.rules.values()] == ["ACTIVE", "INVALID"]
    assert "group.lifecycle.delete" in kinds(tenant)


def test_the_log_tells_people_tokens_and_apps_apart() -> None:
    tenant = bare()
    group, user = tenant.add_group("aws-admins"), tenant.add_user(NADIA)
    seen = []
    for actor in (TOMAS, TERRAFORM, WORKFLOWS):
        tenant.add_member(group, user, actor)
        event = last(tenant, "group.user_membership.add")
        seen.append((event["actor"]["type"], event["transaction"]["type"], event["transaction"]["detail"]))
        tenant.remove_member(group, user, actor)
    assert seen == [
        ("User", "WEB", {}),
        ("User", "WEB", {"requestApiTokenId": "00Ttoken00000000001"}),
        ("PublicClientApp", "WEB", {}),
    ]


def test_a_deleted_user_is_nowhere() -> None:
    tenant = small()
    tenant.delete(tenant.user(NADIA))
    assert tenant.users == {}
    assert [list(group.members) for group in tenant.groups.values()] == [[], [], []]
    assert tenant.app("Figma").seats == {}


def test_a_tenant_can_be_kept_in_a_file() -> None:
    tenant = small()
    again: Tenant = pickle.loads(pickle.dumps(tenant))
    again.now = again.log.now = tenant.now
    again.set_profile(again.user(NADIA), {"team": "cucumber"})
    assert list(again.group("team-cucumber").members) == [again.user(NADIA).id]
    assert again.add_user("lena.osei@nordwind.example").id not in tenant.users
