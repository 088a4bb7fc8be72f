"""The formula of a full read, against numbers counted by hand."""

from datetime import UTC, datetime

from benchmarks.calls import Counts, formula
from benchmarks.tenant import count
from sandbox.okta.state import Actor
from sandbox.okta.tenant import Tenant

TOMAS = Actor("00uTomasOkafor000001", "Tomas Okafor")


def test_a_tiny_tenant() -> None:
    tenant = Tenant(lambda: datetime(2026, 3, 1, tzinfo=UTC))
    nadia = tenant.add_user("nadia.brandt@nordwind.example", team="radish")
    radish = tenant.add_group("team-radish", "AUTO team Radish")
    tenant.add_group("team-fennel", "AUTO team Fennel")
    tenant.add_rule("Radish team", 'user.team == "radish"', radish)
    tenant.add_owner(radish, nadia)
    figma, wiki = tenant.add_app("Figma", features=("GROUP_PUSH",)), tenant.add_app("Wiki")
    tenant.assign_group(figma, radish)
    tenant.assign_user(wiki, nadia, TOMAS)
    assert count(tenant) == Counts(
        users=1,
        rules=1,
        members=(1, 0),  # Radish, Fennel; not Everyone
        owners=(0, 1, 0),
        opened=(0, 1, 0),
        app_groups=(1, 0),
        app_users=(1, 1),
        pushes=(0,),  # of Figma, which alone can push
    )
    assert formula(count(tenant)) == {
        "GET /api/v1/users": 1,
        "GET /api/v1/groups": 1,
        "GET /api/v1/groups/{id}/users": 1,
        "GET /api/v1/groups/{id}/owners": 3,
        "GET /api/v1/groups/rules": 1,
        "GET /api/v1/apps": 1,
        "GET /api/v1/apps/{id}/groups": 2,
        "GET /api/v1/apps/{id}/users": 2,
        "GET /api/v1/apps/{id}/group-push/mappings": 1,
        "GET /api/v1/meta/schemas/group/default": 1,
        "GET /api/v1/meta/schemas/user/default": 1,
        "GET /api/v1/meta/types/user": 1,
    }


def test_a_page_more_is_a_call_more() -> None:
    found = formula(
        Counts(
            users=401,
            rules=200,
            members=(1000, 1001, 0),
            owners=(0, 0, 1001),
            opened=(1, 2, 200),
            app_groups=(200, 201),
            app_users=(500, 501),
            pushes=(1000, 1001),
        )
    )
    assert found["GET /api/v1/users"] == 3
    assert found["GET /api/v1/groups/rules"] == 1
    assert found["GET /api/v1/groups/{id}/users"] == 1 + 2
    assert found["GET /api/v1/groups/{id}/owners"] == 1 + 1 + 2
    assert found["GET /api/v1/apps/{id}/groups"] == 1 + 2
    assert found["GET /api/v1/apps/{id}/users"] == 1 + 2
    assert found["GET /api/v1/apps/{id}/group-push/mappings"] == 1 + 2
    assert found["GET /api/v1/groups"] == found["GET /api/v1/apps"] == 1


def test_the_apps_that_groups_open_are_learnt_in_the_cheaper_way() -> None:
    few = Counts(1, 0, (), (0,) * 9, opened=(2, 0, 1), app_groups=(1, 2, *[0] * 8), app_users=(), pushes=())
    found = formula(few)
    assert found["GET /api/v1/groups/{id}/apps"] == found["GET /api/v1/apps/{id}/groups"] == 2
    many = Counts(1, 0, (), (0,) * 9, opened=(1,) * 9, app_groups=(1, 8, *[0] * 8), app_users=(), pushes=())
    found = formula(many)
    assert ("GET /api/v1/groups/{id}/apps" in found, found["GET /api/v1/apps/{id}/groups"]) == (False, 10)
