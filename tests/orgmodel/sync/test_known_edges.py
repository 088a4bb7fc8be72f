"""Which apps a group opened, as far as is known when it is gone."""

from collections.abc import Sequence

import pytest

from orgmodel.conventions import Conventions
from orgmodel.facts import Fact
from orgmodel.sync.known_edges import opened_by
from orgmodel.sync.runs import read_and_apply

from .world import FactsReader, account, app, group, moment, opens

pytestmark = pytest.mark.django_db


def applied(facts: Sequence[Fact], minute: int) -> None:
    outcome = read_and_apply(FactsReader(facts), Conventions(), "okta", now=moment(minute))
    assert (outcome.outcome, outcome.reason) == ("applied", "")


def test_only_what_stands_now_and_only_of_these_groups() -> None:
    things: list[Fact] = [account("00uada"), group("00ga"), group("00gb")]
    things += [app("0oax"), app("0oay"), app("0oaz")]
    applied([*things, opens("00ga", "0oax"), opens("00ga", "0oay"), opens("00gb", "0oaz")], 0)
    applied([*things, opens("00ga", "0oax"), opens("00gb", "0oay"), opens("00gb", "0oaz")], 1)
    assert opened_by("okta", ["00ga"]) == ("0oax",)
    assert opened_by("okta", ["00gb", "00ga", "00uperson"]) == ("0oax", "0oay", "0oaz")
    assert opened_by("hris", ["00ga"]) == opened_by("okta", []) == ()
