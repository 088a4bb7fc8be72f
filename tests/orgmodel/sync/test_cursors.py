"""Where a stream stands is written with the data that led there: never ahead of it."""

from typing import Any

import pytest

from orgmodel.conventions import Conventions
from orgmodel.models import Run
from orgmodel.reports import Report
from orgmodel.sources import registry
from orgmodel.sync.cursors import cursors
from orgmodel.sync.decisions import Decider
from orgmodel.sync.run_decisions import release
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sources.doors import DOORS

from .twelve import OKTA
from .world import FactsReader, moment

pytestmark = pytest.mark.django_db


def read(day: float, reached: dict[str, str], source: str = "okta", **options: Any) -> str:
    """One sync whose streams came so far; its outcome."""
    facts, preview = options.pop("facts", OKTA), options.pop("preview", False)
    reader = FactsReader(facts, source, report=Report(cursors=reached), **options)
    return read_and_apply(reader, Conventions(), "okta", now=moment(day), preview=preview).outcome


def test_it_moves_with_every_read_that_counts() -> None:
    assert (read(0, {"log": "1"}), cursors("okta")) == ("applied", {"log": "1"})
    assert (read(1, {"log": "2"}), cursors("okta")) == ("unchanged", {"log": "2"})
    assert (read(2, {}), cursors("okta")) == ("unchanged", {"log": "2"})
    assert (read(3, {"log": ""}), cursors("okta")) == ("unchanged", {"log": ""})


def test_it_stays_where_nothing_was_applied() -> None:
    read(0, {"log": "1"})
    assert read(1, {"log": "2"}, breaks_after=2) == "failed"
    assert read(2, {"log": "3"}, facts=[]) == "quarantined"
    assert read(3, {"log": "4"}, preview=True) == "unchanged"
    assert cursors("okta") == {"log": "1"}
    release(Run.objects.get(outcome="quarantined"), Decider(None, moment(3.5), "True."))
    assert (read(4, {"log": "5"}, facts=[]), cursors("okta")) == ("applied", {"log": "5"})


def test_streams_and_sources_are_apart() -> None:
    read(0, {"log": "1", "changes": "a"})
    with registry.add(DOORS):
        read(0.1, {"log": "x"}, "doors")
    read(1, {"changes": "b"})
    assert (cursors("okta"), cursors("doors")) == ({"log": "1", "changes": "b"}, {"log": "x"})
