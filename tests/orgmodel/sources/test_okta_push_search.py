"""Apps that announce no group push are asked daily or when something changed; what was not asked stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import PushFact
from orgmodel.marks import Covered
from orgmodel.models import PushMapping
from orgmodel.sources.okta.auth import Credentials
from orgmodel.sources.okta.client import OktaConnection
from orgmodel.sources.okta.push_search import EVERY, STREAM
from orgmodel.sources.okta.reader import OktaReader
from orgmodel.sync.cursors import cursors
from orgmodel.sync.runs import SyncOutcome, read_and_apply
from sandbox.okta.server import OktaServer
from sandbox.okta.tenant import Tenant

from .organisation import Organisation, app, of, small_organisation
from .test_okta_parts import counting

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PUSHES = "/apps/{}/group-push/mappings"


def calls_of(org: Organisation) -> dict[str, int]:
    """App → how often it was asked for its pushes; the counter begins anew."""
    found = {
        path.split("/")[4]: number
        for path, number in org.calls.items()
        if path.endswith("/group-push/mappings") and number
    }
    org.requests.clear()
    return found


def silent(number: int) -> Organisation:
    """Figma announces pushes and has one; of `number` apps that announce none, the last has one."""
    org = small_organisation()
    org.lists["/apps"] = [app("0oafig", "GROUP_PUSH"), *(app(f"0oas{each:03}") for each in range(number))]
    last = f"0oas{number - 1:03}"
    org.lists[PUSHES.format(last)] = [org.lists[PUSHES.format("0oafig")][0] | {"id": "gPmSilent"}]
    counting(org, 2)
    return org


def read(org: Organisation, cursor: str, now: datetime) -> tuple[list[Any], str]:
    facts, reader = org.read(pushes_cursor=cursor, now=now)
    return facts, reader.report.cursors.get(STREAM, cursor)


def covered(facts: list[Any]) -> set[str]:
    """The owners of pushes that were seen; empty text: all of them."""
    return {fact.owner for fact in of(facts, Covered) if fact.kind == "push"}


def test_an_ordinary_read_asks_no_app_that_announces_nothing() -> None:
    org = silent(40)
    facts, cursor = read(org, "", NOW)
    assert [fact.native_id for fact in of(facts, PushFact)] == ["gPm1", "gPmSilent"]
    assert (covered(facts), len(calls_of(org))) == ({""}, 41)
    facts, cursor = read(org, cursor, NOW + timedelta(hours=1))
    assert (covered(facts), calls_of(org)) == ({"0oafig"}, {"0oafig": 1})
    assert [fact.native_id for fact in of(facts, PushFact)] == ["gPm1"]
    facts, cursor = read(org, cursor, NOW + EVERY)
    assert (covered(facts), {"0oafig", "0oas039"} - {*calls_of(org)}) == ({""}, set())


def test_the_app_that_had_some_is_asked_first() -> None:
    org = silent(40)
    _, cursor = read(org, "", NOW)
    calls_of(org)
    read(org, cursor, NOW + EVERY)
    # Those that are on their way while it answers are a few.
    assert len(calls_of(org)) < 20


@pytest.mark.parametrize("count", [1, 3, None])
def test_what_the_groups_count_anew_is_searched_for_at_once(count: Any) -> None:
    org = silent(3)
    _, cursor = read(org, "", NOW)
    counting(org, count)
    calls_of(org)
    facts, _ = read(org, cursor, NOW + timedelta(minutes=5))
    assert covered(facts) == {""}


def test_an_app_that_is_gone_takes_its_pushes_along_and_a_strange_cursor_is_none() -> None:
    org = silent(3)
    _, cursor = read(org, "", NOW)
    org.lists["/apps"] = [each for each in org.lists["/apps"] if each["id"] != "0oas002"]
    facts, _ = read(org, cursor, NOW + timedelta(minutes=5))
    assert covered(facts) == {"0oafig", "0oas002"}
    facts, _ = read(org, "{", NOW + timedelta(minutes=5))
    assert covered(facts) == {""}


@pytest.mark.django_db
def test_what_was_not_asked_for_does_not_end() -> None:
    tenant = Tenant(lambda: datetime.now(UTC))
    group = tenant.add_group("team-radish", "AUTO team Radish")
    quiet, loud = tenant.add_app("Quiet"), tenant.add_app("Loud", features=("GROUP_PUSH",))
    push = tenant.add_push(quiet, group)
    tenant.add_push(loud, group)
    tenant.add_user("nadia@nordwind.example", team="radish")
    with OktaServer(tenant) as okta:
        first, second = sync(okta), sync(okta)
        assert (first.outcome, second.outcome) == ("applied", "unchanged")
        assert first.calls - second.calls == 1
        assert PushMapping.objects.filter(ended=None).count() == 2
        tenant.remove_push(quiet, push)
        assert sync(okta).outcome == "applied"
        assert [each.app.name for each in PushMapping.objects.filter(ended=None)] == ["Loud"]


def sync(okta: OktaServer) -> SyncOutcome:
    reader = OktaReader(
        OktaConnection(okta.url, Credentials(okta.token), 1.0),
        pushes_cursor=cursors("okta").get(STREAM, ""),
        sleep=lambda seconds: None,
    )
    return read_and_apply(reader, Conventions(shrink_share=1.0), "okta")
