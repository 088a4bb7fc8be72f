"""How profiles spell a unit, which a move there must write: learnt from people first, then from rules."""

import pytest

from orgmodel.facts import AccountFact, Fact, UnitFact
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, group, moment, rule, unit

from .test_whole_move import (
    OKTA,
    RECORDS,
    UNITS,
    ask_what_if,
    found,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("product", "people"), [("Ghent", ""), ("product", "Ghent"), ("Ghent", "Oslo"), ("product", "people")]
)
def test_an_attribute_that_rules_merely_ask_for_names_no_unit(
    transactional_db: None, product: str, people: str
) -> None:
    """Sites are Ghent and Oslo; what a site is called, or what one rule asks for, makes it no area."""
    okta: list[Fact] = [
        each._replace(attributes={**each.attributes, "site": "Ghent" if each.native_id < "n" else "Oslo"})
        if isinstance(each, AccountFact)
        else each
        for each in OKTA
        if getattr(each, "native_id", "") not in {"0prare1", "0prare2"}
    ]
    okta.append(rule("0prsite1", "Product by site", f'user.site == "{product}"', "00gare1"))
    if people:
        okta.append(rule("0prsite2", "People by site", f'user.site == "{people}"', "00gare2"))
    found(RECORDS, UNITS, okta)
    assert ask_what_if("Leek").follows == {"department": "People", "managerId": "105"}


def test_a_renamed_unit_is_written_as_its_people_still_have_it(transactional_db: None) -> None:
    """No rule tells the value any more, and HR renamed the unit, but profiles still hold the former name."""
    found(RECORDS, UNITS)
    renamed = [each for each in UNITS if not (isinstance(each, UnitFact) and each.name == "Leek")] + [
        unit("team", "recLEE", "Fennel", "fennel", parent="are2", lead="milan")
    ]
    without_rule = [each for each in OKTA if each[0] != "0prlee"]
    for source in (FactsReader(renamed, "control"), FactsReader(without_rule)):
        outcome = read_and_apply(source, RECORDS, "okta", now=moment(1))
        assert outcome.outcome == "applied", outcome.reason
    for move in ("Fennel", "recLEE", "leek"):
        assert ask_what_if(move).set == {"team": "leek"}
    assert ask_what_if("", team="leek").set == {"team": "leek"}
    assert ask_what_if("", team="Fennel").set == {"team": "leek"}


def test_a_rule_that_brings_another_teams_people_does_not_spell_the_team(transactional_db: None) -> None:
    okra = unit("team", "recOKR", "Okra", "okra", parent="are2")
    found(
        RECORDS,
        [*UNITS, okra],
        [
            *OKTA,
            group("00gokr", "team-okra", "AUTO team Okra", airtableId="recOKR", parentId="are2"),
            rule("0prokr", "Okra team", 'user.site == "Oslo"', "00gokr"),
            rule("0prboth", "Leek helps Okra", 'user.team == "leek"', "00gokr"),
        ],
    )
    assert ask_what_if("Okra").set == {"team": "okra"}
