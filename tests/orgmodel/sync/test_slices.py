"""A read of everything that goes on in slices: each covers what it read, and nothing is begun anew."""

from collections.abc import Iterator

import pytest

from orgmodel.configuration import Configuration
from orgmodel.models import (
    Change,
    Edge,
    Finding,
    Grant,
    Owner,
    PartLeft,
    PushMapping,
    Resource,
    Run,
    Seat,
    SourceCursor,
)
from orgmodel.sync.configured import sync
from orgmodel.sync.runs import SyncOutcome
from sandbox.okta.server import OktaServer
from tests.configurations import okta_at
from tests.sandbox.nordwind import TOMAS, small

pytestmark = pytest.mark.django_db
NADIA = "nadia.brandt@nordwind.example"
LISTS = {"edge", "seat", "grant", "owner"}


@pytest.fixture
def okta() -> Iterator[OktaServer]:
    """Two teams, two squads and three apps, two of them given to somebody directly."""
    tenant = small()
    nadia = tenant.user(NADIA)
    for number in range(2):
        squad = tenant.add_group(f"squad-{number}")
        tenant.add_member(squad, nadia, TOMAS)
        app = tenant.add_app(f"App {number}")
        tenant.assign_group(app, squad)
        tenant.assign_user(app, nadia, TOMAS)
    with OktaServer(tenant) as server:
        yield server


def one_slice(okta: OktaServer) -> SyncOutcome:
    """One run without a second to spare: the least that a slice reads, one list of groups and one of apps."""
    configuration = Configuration(sources=okta_at(okta))
    (outcome,) = sync(configuration, ["okta"], seconds=0)
    return outcome


def to_the_end(okta: OktaServer, most: int = 30) -> int:
    """Slices until nothing is left; how many it took."""
    for number in range(most):
        one_slice(okta)
        if not PartLeft.objects.exists():
            return number + 1
    raise AssertionError(f"still {PartLeft.objects.count()} parts left after {most} slices")


def facts() -> dict[str, int]:
    return {model.__name__: model.objects.filter(ended=None).count() for model in (Grant, Seat, Resource)}


def test_slices_come_to_what_one_read_comes_to(okta: OktaServer) -> None:
    slices = to_the_end(okta)
    assert slices > 4
    sliced = facts()
    (whole,) = sync(Configuration(sources=okta_at(okta)), ["okta"], full=True)
    assert (whole.outcome, whole.mode) == ("unchanged", "full")
    assert facts() == sliced
    assert (sliced["Seat"], sliced["Resource"]) == (3, 5 + 3)


def test_what_was_read_is_not_asked_for_again(okta: OktaServer) -> None:
    to_the_end(okta)
    requests = {path: number for path, number in okta.calls.items() if path.count("/") > 4}
    once = {path for path, number in requests.items() if number == 1}
    assert {path for path in requests if "{" not in path} <= once, requests


def test_the_first_read_tells_nothing_of_what_it_has_not_seen(okta: OktaServer) -> None:
    assert one_slice(okta).mode == "full"
    left = {(part.kind, part.owner) for part in PartLeft.objects.all()}
    assert {kind for kind, _ in left} == LISTS
    unread = {(kind, row.native_id) for row in Resource.objects.all() for kind in row.unread}
    assert unread == left
    assert not Finding.objects.exists()
    to_the_end(okta)
    assert not Resource.objects.exclude(unread=[]).exists()
    assert Change.objects.exists()
    assert not Change.objects.filter(baseline=False).exists(), "what was found did not just happen"
    okta.tenant.set_profile(okta.tenant.user(NADIA), {"team": "cucumber"})
    one_slice(okta)
    assert Change.objects.filter(baseline=False, kind="grant").count() == 2


def test_between_slices_what_changes_is_read_at_once(okta: OktaServer) -> None:
    one_slice(okta)
    tenant = okta.tenant
    squad = tenant.add_group("squad-new")
    tenant.add_member(squad, tenant.user(NADIA), TOMAS)
    outcome = one_slice(okta)
    assert outcome.mode == "incremental"
    assert Grant.objects.filter(entitlement__resource__name="squad-new", ended=None).count() == 1
    assert PartLeft.objects.exists()
    to_the_end(okta)


def test_a_group_that_is_gone_is_not_waited_for(okta: OktaServer) -> None:
    one_slice(okta)
    last = PartLeft.objects.filter(kind="grant").order_by("-pk").first()
    assert last is not None
    okta.tenant.delete_group(next(each for each in okta.tenant.groups.values() if each.id == last.owner))
    to_the_end(okta)
    assert Run.objects.filter(problems__contains=[{"record": last.owner}]).count() == 0


def test_a_list_that_cannot_be_read_ends_its_wait_and_stays_unknown(okta: OktaServer) -> None:
    hidden = next(each for each in okta.tenant.groups.values() if each.name == "squad-1")
    okta.faults.forbid(f"/groups/{hidden.id}/users")
    to_the_end(okta)
    assert Resource.objects.get(native_id=hidden.id).unread == ["grant"]
    problems = Run.objects.latest("pk").problems
    assert [(each["kind"], each["record"]) for each in problems] == [("grant", hidden.id)]
    one_slice(okta)
    assert Run.objects.latest("pk").problems == problems, "nobody looked again, so it is still said"
    okta.faults.clear()
    okta.tenant.add_member(hidden, okta.tenant.add_user("lena@nordwind.example", team="radish"), TOMAS)
    one_slice(okta)
    assert Run.objects.latest("pk").problems == []
    assert Resource.objects.get(native_id=hidden.id).unread == []


def test_what_a_whole_read_could_not_see_is_said_until_one_sees_it(okta: OktaServer) -> None:
    okta.faults.forbid("/owners")
    (whole,) = sync(Configuration(sources=okta_at(okta)), ["okta"])
    assert whole.not_visible.keys() == {"owner"}
    assert one_slice(okta).not_visible == whole.not_visible
    okta.faults.clear()
    (seen,) = sync(Configuration(sources=okta_at(okta)), ["okta"], full=True)
    assert seen.not_visible == {}


def test_a_read_on_the_server_goes_on_to_the_end(okta: OktaServer) -> None:
    one_slice(okta)
    (outcome,) = sync(Configuration(sources=okta_at(okta)), ["okta"])
    assert (outcome.mode, PartLeft.objects.count()) == ("incremental", 0)


def test_a_slice_that_was_cut_off_costs_only_itself(okta: OktaServer) -> None:
    one_slice(okta)
    one_slice(okta)
    left = PartLeft.objects.count()
    okta.faults.fail("/api/v1/groups", 500, 99)
    assert one_slice(okta).outcome == "failed"
    assert PartLeft.objects.count() == left
    okta.faults.clear()
    one_slice(okta)
    assert PartLeft.objects.count() == left - 2


def test_what_hung_on_a_group_or_app_that_is_gone_ends_with_the_first_slice(okta: OktaServer) -> None:
    """Its lists are asked for by no slice, since no list of groups or apps names it any more."""
    tenant = okta.tenant
    squad, app = tenant.group("squad-1"), tenant.app("App 1")
    tenant.add_owner(squad, tenant.user(NADIA))
    app.features.append("GROUP_PUSH")
    tenant.add_push(app, squad)
    to_the_end(okta)
    assert hanging(squad.id, app.id) == {"Grant": 1, "Owner": 1, "Edge": 1, "Seat": 1, "PushMapping": 1}
    tenant.delete_group(squad)
    tenant.delete_app(app)
    SourceCursor.objects.filter(stream__in=["whole", "log"]).delete()
    assert one_slice(okta).mode == "full"
    assert hanging(squad.id, app.id) == {"Grant": 0, "Owner": 0, "Edge": 0, "Seat": 0, "PushMapping": 0}


def hanging(group: str, app: str) -> dict[str, int]:
    return {
        "Grant": Grant.objects.filter(entitlement__resource__native_id=group, ended=None).count(),
        "Owner": Owner.objects.filter(group__native_id=group, ended=None).count(),
        "Edge": Edge.objects.filter(target__resource__native_id=app, ended=None).count(),
        "Seat": Seat.objects.filter(app__native_id=app, ended=None).count(),
        "PushMapping": PushMapping.objects.filter(app__native_id=app, ended=None).count(),
    }
