"""A company, and plans for it that are kept."""

from typing import Any
from uuid import UUID

from orgmodel.conventions import Conventions, UnitKind
from orgmodel.facts import Fact
from orgmodel.sync.rehearsals import Plan, keep
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, member, moment, unit
from tests.snapshots import once

from .rule_company import FACTS

KINDS = (UnitKind("team", "team", "team-<slug>"),)
CONVENTIONS = Conventions(unit_kinds=KINDS)
UNITS = [unit("team", "recCUC", "Cucumber", "cucumber"), unit("team", "recRAD", "Radish", "radish")]
OLA: list[Fact] = [account("ola", "Ola Nord", team="radish"), member("ola", "00grad", "0prrad")]
COMPANY: list[Fact] = [*FACTS, *OLA]
PLAN = "person,team\nnadia,cucumber\nola,cucumber\n"


def found(facts: list[Fact]) -> None:
    """The units, and these facts of Okta, as of the first day."""
    once(_synced, facts)


def _synced(facts: list[Fact]) -> None:
    for source in (FactsReader(UNITS, "control"), FactsReader(facts)):
        assert read_and_apply(source, CONVENTIONS, "okta", now=moment(0)).outcome == "applied"


def kept(changes: str = PLAN, **more: Any) -> UUID:
    return keep(Plan("Summer", changes, **more), CONVENTIONS, moment(1))
